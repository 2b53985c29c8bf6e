"""The catalogue of the tree loads, and a broken one names all its mistakes with their lines."""

from pathlib import Path

import pytest

from kiosk.domain.catalogue_file import CatalogueError, check_catalogue, looks_like_catalogue, read_catalogue

FOLDER = Path(__file__).parents[2] / "assets" / "catalogue"
SIXTEEN = ["A1", "A2", "A3", "A4", "B1", "B2", "B3", "B4", "B5", "B6", "B7", "C1", "C2", "C3", "C4", "C5"]

FRAME = """version = "1"
[[category]]
letter = "A"
name = { zh = "甲", en = "First" }
short = { zh = "甲", en = "First" }
icon = "user"
[consent.correct]
text = { zh = "对", en = "Right" }
[notice.direct]
text = { zh = "说明", en = "Notice" }
"""
SERVICE = """[[service]]
code = "A1"
category = "A"
name = { zh = "名", en = "Name" }
short = { zh = "名", en = "Name" }
note = { zh = "注", en = "Note" }
purpose = { zh = "用", en = "Use" }
who = { zh = "谁", en = "Who" }
mode = "both"
min_assurance = "typed"
documents = [{ zh = "证", en = "Card" }]
fee_fen = 1000
payment = { zh = "缴", en = "Pay" }
time_limit = { zh = "日", en = "Day" }
delivery = { zh = "领", en = "Get" }
elsewhere = { zh = "他处", en = "Elsewhere" }
law = "法"
evidence = "named"
consents = ["correct"]
notice = "direct"
"""


@pytest.fixture(scope="module")
def files() -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.toml")}


def messages(text: str, **others: str) -> list[str]:
    return [f"{m.line}: {m.message}" for m in check_catalogue(text, "a.toml", others or None)]


def test_three_categories_and_sixteen_services_are_offered(files: dict[str, str]) -> None:
    catalogue = read_catalogue(files)
    assert [category.icon for category in catalogue.categories] == ["user", "car", "id-card"]
    offered = [s.code for category in catalogue.categories for s in catalogue.within(category.letter)]
    assert offered == SIXTEEN


def test_reserve_services_are_there_and_switched_off(files: dict[str, str]) -> None:
    catalogue = read_catalogue(files)
    reserve = [code for code in catalogue.services if code not in SIXTEEN]
    assert len(reserve) == 14
    assert not any(catalogue.service(code) for code in reserve)


def test_every_shipped_service_says_what_a_guide_page_needs(files: dict[str, str]) -> None:
    for service in read_catalogue(files).services.values():
        for words in (service.name, service.short, service.purpose, service.who, service.payment, service.elsewhere):
            assert all(words.values()), service.code
        assert len(service.short["zh"]) <= 8, service.code
        assert len(service.purpose["zh"]) <= 24, service.code
        assert 1 <= len(service.documents) <= 4, service.code
        assert service.fee_basis or not service.fee_fen, service.code
        only_a_counter_can = [service.hand_in, service.original_seen, service.portrait]
        assert service.mode == "ticket" or not any(only_a_counter_can), service.code


def test_driver_contact_details_can_be_typed_on_a_digit_keypad(files: dict[str, str]) -> None:
    service = read_catalogue(files).service("A4")
    assert service
    assert (service.mode, service.min_assurance, service.offline) == ("both", "typed", "queue")
    assert [(field.name, field.kind, field.required) for field in service.fields] == [
        ("mobile", "mobile", True),
        ("postcode", "postcode", False),
    ]
    assert [(box.id, box.sensitive) for box in service.consents] == [
        ("correct", False),
        ("entrust", False),
        ("sensitive", True),
    ]


def test_a_sound_file_has_no_mistake() -> None:
    assert messages(FRAME + SERVICE) == []


def test_all_mistakes_are_named_at_once_with_their_lines() -> None:
    broken = (FRAME + SERVICE).replace('who = { zh = "谁", en = "Who" }', 'who = { zh = "谁" }')
    broken = broken.replace("fee_fen", "fee_fan").replace('"both"', '"bath"').replace('"correct"]', '"corect"]')
    assert messages(broken) == [
        "18: who has no en text",
        "19: mode cannot be 'bath'; did you mean 'both'?",
        "22: unknown field of a service 'fee_fan'; did you mean 'fee_fen'?",
        "29: there is no consent 'corect'; did you mean 'correct'?",
    ]


def test_the_error_of_a_load_names_the_file_of_each_mistake() -> None:
    with pytest.raises(CatalogueError) as caught:
        read_catalogue({"frame.toml": FRAME.replace('"user"', "3"), "a.toml": SERVICE.replace("1000", '"10"')})
    assert str(caught.value).splitlines() == [
        "a.toml:12: fee_fen must be a whole number from 0 to 1000000000, not '10'",
        "frame.toml:6: icon must be a text, not 3",
    ]


@pytest.mark.parametrize("flag", ["hand_in", "original_seen", "portrait"])
def test_what_needs_a_counter_cannot_be_direct(flag: str) -> None:
    (found,) = messages(FRAME + SERVICE.replace('law = "法"', f'law = "法"\n{flag} = true'))
    assert flag in found
    assert "use mode 'ticket'" in found


def test_an_overlay_switches_renames_reprices_and_reorders(files: dict[str, str]) -> None:
    overlay = """overlay = "421202-001"
[service.A4]
min_assurance = "card"
priority = 5
[service.B1]
enabled = false
[service.B3]
fee_fen = 1500
name = { zh = "补行驶证", en = "Vehicle licence" }
"""
    catalogue = read_catalogue({**files, "branch.toml": overlay})
    assert [service.code for service in catalogue.within("A")] == ["A4", "A1", "A2", "A3"]
    assert catalogue.service("B1") is None
    vehicle_licence = catalogue.service("B3")
    assert vehicle_licence
    assert (vehicle_licence.fee_fen, vehicle_licence.name["en"]) == (1500, "Vehicle licence")


def test_an_overlay_cannot_do_what_the_catalogue_could_not(files: dict[str, str]) -> None:
    overlay = 'overlay = "x"\n[service.B2]\nmode = "direct"\n[service.B99]\nenabled = true\n[service.A1]\nfee = 3\n'
    found = [f"{m.line}: {m.message}" for m in check_catalogue(overlay, "x.toml", files)]
    assert [message.split(";")[0] for message in found] == [
        "3: mode 'direct' is not possible: hand_in is true (something is handed in at the counter)",
        "3: mode 'direct' needs min_assurance 'typed' or higher",
        "3: the service has no consents, so it cannot be a direct request",
        "3: the service has no notice on personal data, so it cannot be a direct request",
        "4: there is no service 'B99'",
        "7: unknown field that an overlay may change 'fee'",
    ]


def test_broken_toml_is_one_mistake_with_its_line() -> None:
    assert messages("version = \n") == ["1: this is no TOML: Invalid value"]
    assert messages("[" * 5000)[0].startswith("1: ")


def test_what_is_a_catalogue_and_what_is_not(files: dict[str, str]) -> None:
    assert all(looks_like_catalogue(text) for text in files.values())
    assert looks_like_catalogue('overlay = "421202-001"\n')
    assert not looks_like_catalogue('[branch]\nid = "421202-001"\n')


RULE = """[[rule]]
id = "limit"
check = "medical-annual"
source = "法"
effective_to = 2024-12-31
age = 60
[[rule]]
id = "limit"
check = "medical-annual"
source = "法"
effective_from = 2025-01-01
age = 63
"""


def test_versions_of_a_rule_may_meet_and_not_overlap() -> None:
    assert messages(RULE) == []
    (found,) = messages(RULE.replace("2025-01-01", "2024-12-31"))
    assert found.startswith("11: the dates of rule 'limit' overlap: 2024-12-31 to today and ever to 2024-12-31")


def test_overlapping_rules_of_two_files_refuse_to_load(files: dict[str, str]) -> None:
    second = '[[rule]]\nid = "renewal-window"\ncheck = "renewal-window"\nsource = "法"\neffective_from = 2030-01-01\n'
    second += "days_before = 90\nlate_months = 11\ncancelled_months = 12\n"
    with pytest.raises(CatalogueError) as caught:
        read_catalogue({**files, "zz.toml": second})
    (mistake,) = caught.value.mistakes
    assert (mistake.file, mistake.line) == ("zz.toml", 5)


def test_all_mistakes_of_rules_are_named() -> None:
    broken = RULE.replace("effective_to", "efective_to").replace('"medical-annual"', '"medical-anual"', 1)
    broken = broken.replace("age = 63", 'ages = "63"').replace("2025-01-01", '"2025"')
    broken += '[reason.renewal-to-early]\nlevel = "blok"\ntext = { zh = "早" }\n[fact.seats]\nkind = "choice"\n'
    assert [message.split(";")[0] for message in messages(broken)] == [
        "3: check cannot be 'medical-anual'",
        "7: age is missing",
        "11: effective_from must be a date like 2025-01-01, without quotes, not '2025'",
        "12: unknown value of a rule 'ages'",
        "13: no check gives the reason 'renewal-to-early'",
        "14: level cannot be 'blok'",
        "15: text has no en text",
        "16: name is missing",
        "17: a fact of kind 'choice' has values, each with its other spellings, and only that one",
    ]


def test_a_rule_that_names_what_is_not_there(files: dict[str, str]) -> None:
    rules = files["rules.toml"].replace('fact = "licence_status"', 'fact = "licence_state"', 1)
    assert ["there is no fact" in m.message for m in check_catalogue(rules, "rules.toml", files)] == [True]
    service = files["c-licence.toml"].replace('"renewal-window"', '"renewal-windov"')
    (mistake,) = check_catalogue(service, "c-licence.toml", files)
    assert mistake.message == "there is no rule 'renewal-windov'; did you mean 'renewal-window'?"


def test_what_can_be_done_at_the_kiosk_asks_for_each_consent_by_itself(files: dict[str, str]) -> None:
    services = read_catalogue(files).services.values()
    direct = {service.code: service for service in services if service.mode != "ticket"}
    assert set(direct) == {"A3", "A4", "B3", "B5", "B6"}
    for code, service in direct.items():
        boxes = {box.id: box for box in service.consents}
        assert {"correct", "entrust", "sensitive"} <= set(boxes), code
        assert [box.id for box in service.consents if box.sensitive] == ["sensitive"], code
        assert all(box.required for box in boxes.values()), code
        posts = any(choice.value == "ems" for field in service.fields for choice in field.choices)
        assert ("EMS" in service.notice["zh"]) is posts, code
        assert service.min_assurance == {"A4": "typed", "A3": "code", "B3": "code"}.get(code, "card"), code
        assert "void-old" in boxes or code != "B3"
