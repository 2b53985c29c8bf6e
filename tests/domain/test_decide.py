"""What holds for every service, every day and all facts."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.domain.catalogue import Catalogue
from kiosk.domain.errors import Refusal
from kiosk.domain.rules.book import DECISIONS
from kiosk.domain.rules.checks import CODES
from kiosk.domain.rules.decide import eligible
from kiosk.domain.rules.facts import CLASSES, Facts, read_facts

ON = date(2026, 11, 22)
days = st.dates(date(1900, 1, 1), date(2150, 12, 31)).map(date.isoformat)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "date": days,
    "date-or-long-term": st.one_of(days, st.just("long-term")),
    "number": st.integers(0, 60),
    "flag": st.booleans(),
    "letters": st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=4),
    "classes": st.lists(st.sampled_from(CLASSES), min_size=1, max_size=3).map("".join),
    "digits": st.sampled_from(["4212", "421202", "4201"]),
}


@given(data=st.data())
@settings(max_examples=300)
def test_every_case_has_a_verdict_that_follows_from_its_reasons(catalogue: Catalogue, data: st.DataObject) -> None:
    specs = catalogue.rules.facts
    names = data.draw(st.sets(st.sampled_from(sorted(specs))))
    facts = {
        name: data.draw(
            st.sampled_from([*specs[name].spellings, "?"]) if specs[name].kind == "choice" else VALUES[specs[name].kind]
        )
        for name in names
    }
    code = data.draw(st.sampled_from(sorted(catalogue.services)))
    on = data.draw(st.dates(date(1990, 1, 1), date(2100, 12, 31)))
    verdict = eligible(catalogue, code, on, read_facts(facts, specs), "4212", own_city_only=data.draw(st.booleans()))
    levels = [DECISIONS.index(reason.level) for reason in verdict.reasons]
    assert DECISIONS.index(verdict.decision) == max(levels, default=0)
    assert levels == sorted(levels, reverse=True)
    assert verdict.opens_on is None or verdict.opens_on > on
    for reason in verdict.reasons:
        assert reason.source
        assert "{" not in reason.words["zh"] + reason.words["en"]


def test_all_reasons_are_given_at_once(catalogue: Catalogue) -> None:
    facts = {"licence_expires_on": "2027-06-30", "licence_status": "BK", "medical_certificate_on": "2025-01-01"}
    verdict = eligible(catalogue, "C1", ON, read_facts(facts, catalogue.rules.facts))
    found = {reason.code for reason in verdict.reasons}
    assert found == {"renewal-too-early", "licence-status-forbids", "medical-certificate-old"}


@pytest.mark.parametrize(
    ("code", "needed"),
    [
        ("A1", []),
        ("A4", []),
        ("B1", ["vehicle_status"]),
        ("B5", ["vehicle_status", "insurance_until"]),
        ("B7", ["vehicle_status", "insurance_until", "vehicle_registered_on", "vehicle_type"]),
        ("C1", ["licence_expires_on", "licence_status"]),
        ("C2", ["licence_status"]),
        ("C3", ["birth_date", "licence_class", "licence_status"]),
    ],
)
def test_a_needed_fact_that_is_missing_is_referred_by_name(catalogue: Catalogue, code: str, needed: list[str]) -> None:
    verdict = eligible(catalogue, code, ON, Facts({}))
    missing = [reason.fact for reason in verdict.reasons if reason.code == "fact-missing"]
    assert missing == needed
    assert verdict.decision == ("refer" if needed or code[0] == "B" else "ok")


def test_only_the_applicants_that_a_branch_takes(catalogue: Catalogue) -> None:
    facts = read_facts({"applicant": "agent", "licence_status": "A"}, catalogue.rules.facts)
    assert [reason.code for reason in eligible(catalogue, "C2", ON, facts).reasons] == ["applicant-not-taken"]
    facts = read_facts({"applicant": "单位", "vehicle_status": "A"}, catalogue.rules.facts)
    assert eligible(catalogue, "B3", ON, facts).decision == "ok"
    facts = read_facts({"applicant": "本人", "vehicle_status": "A"}, catalogue.rules.facts)
    assert eligible(catalogue, "B3", ON, facts).decision == "ok"


def test_a_service_that_is_switched_off_is_referred(catalogue: Catalogue) -> None:
    assert [reason.code for reason in eligible(catalogue, "B8", ON, Facts({})).reasons] == ["service-off"]


def test_a_code_that_is_no_service_is_refused(catalogue: Catalogue) -> None:
    with pytest.raises(Refusal, match="no service 'B33'; did you mean 'B3'"):
        eligible(catalogue, "B33", ON, Facts({}))


def test_every_reason_has_words_and_says_where_to_go(catalogue: Catalogue) -> None:
    assert set(catalogue.rules.answers) == CODES
    places = ("窗口", "车辆管理所", "工作人员", "12123", "医院", "检验机构", "保险公司", "请先缴税", "请选", "再来")
    for code, answer in catalogue.rules.answers.items():
        if answer.level != "warn":
            assert any(place in answer.words["zh"] for place in places), code


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"seats": "five"}, "seats must be a whole number"),
        ({"seats": True}, "seats must be a whole number"),
        ({"birth_date": "1990-02-30"}, "birth_date must be a date"),
        ({"birth_date": "19900101"}, "birth_date must be a date"),
        ({"licence_class": "C9"}, "licence_class must be licence classes"),
        ({"licence_status": "A1"}, "licence_status must be a string of letters"),
        ({"account_exists": "yes"}, "account_exists must be true or false"),
        ({"vehicle_type": 3}, "vehicle_type must be one of its words"),
        ({"issued_city": 4212}, "issued_city must be digits"),
        ([], "one JSON object"),
    ],
)
def test_facts_of_the_wrong_type_are_refused(catalogue: Catalogue, facts: object, said: str) -> None:
    with pytest.raises(Refusal, match=said):
        read_facts(facts, catalogue.rules.facts)


def test_all_wrong_facts_are_named_in_one_line(catalogue: Catalogue) -> None:
    with pytest.raises(Refusal) as caught:
        read_facts({"seats": "x", "birth_date": 3}, catalogue.rules.facts)
    assert str(caught.value).count("must be") == 2
    assert "\n" not in str(caught.value)


def test_unknown_and_empty_facts(catalogue: Catalogue) -> None:
    facts = read_facts({"licence_clas": "C1", "seats": None, "birth_date": ""}, catalogue.rules.facts)
    assert facts.values == {}
    assert facts.ignored == ("'licence_clas' is no fact; did you mean 'licence_class'?",)


@pytest.mark.parametrize(("text", "classes"), [("C1", ("C1",)), ("A1A2D", ("A1", "A2", "D")), ("c1, e", ("C1", "E"))])
def test_classes_may_stand_one_behind_the_other(catalogue: Catalogue, text: str, classes: tuple[str, ...]) -> None:
    assert read_facts({"licence_class": text}, catalogue.rules.facts).classes("licence_class") == classes
