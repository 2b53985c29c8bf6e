"""What is asked at the kiosk and what it decides: all that the law hangs on, nothing that only a register knows."""

from datetime import date

import pytest

from kiosk.domain.catalogue import Catalogue
from kiosk.domain.rules import asking
from kiosk.domain.rules.facts import LONG_TERM

ON = date(2026, 11, 22)


def names(catalogue: Catalogue, code: str) -> list[str]:
    return [question.name for question in asking.questions(catalogue, catalogue.services[code])]


def decide(catalogue: Catalogue, code: str, **answers: str) -> tuple[str, list[str]]:
    known = asking.facts(catalogue, answers)
    verdict = asking.opinion(catalogue, catalogue.services[code], ON, known).verdict
    return verdict.decision, [reason.code for reason in verdict.reasons]


def test_each_service_asks_what_its_rules_need_and_a_citizen_can_know(catalogue: Catalogue) -> None:
    assert names(catalogue, "A4") == []
    assert names(catalogue, "A3") == ["applicant"]
    assert names(catalogue, "B3") == ["applicant", "vehicle_status"]
    assert names(catalogue, "C2") == ["licence_status"]
    assert names(catalogue, "C1") == ["licence_expires_on", "licence_status", "medical_certificate_on"]
    for service in catalogue.services.values():
        assert set(service.asks) <= set(catalogue.rules.facts), service.code
        assert len(names(catalogue, service.code)) <= 8, service.code


def test_who_applies_is_asked_only_where_there_is_a_choice(catalogue: Catalogue) -> None:
    (who,) = (q for q in asking.questions(catalogue, catalogue.services["B3"]) if q.name == "applicant")
    assert [(choice.value, choice.counter) for choice in who.choices] == [
        ("self", False),
        ("agent", True),
        ("company", True),
    ]
    for code in ("A1", "A2", "A4", "C1", "C5"):
        assert "applicant" not in names(catalogue, code)


def test_no_question_has_more_answers_than_large_type_holds(catalogue: Catalogue) -> None:
    fields = [*catalogue.questions.values(), *(f for s in catalogue.services.values() for f in s.fields)]
    assert all(len(field.choices) <= 4 for field in fields)
    for field in fields:
        for choice in field.choices:
            assert not choice.counter or all(choice.why.values()), (field.name, choice.value)


def test_answers_become_facts(catalogue: Catalogue) -> None:
    known = asking.facts(
        catalogue,
        {
            "licence_expires_on": "20270131",
            "vehicle_tax_paid": "false",
            "seats": "9",
            "vehicle_type": "minivan",
            "x": "1",
        },
    )
    assert known.day("licence_expires_on") == date(2027, 1, 31)
    assert known.flag("vehicle_tax_paid") is False
    assert known.number("seats") == 9
    assert known.text("vehicle_type") == "minivan"
    assert asking.facts(catalogue, {"licence_expires_on": "long-term"}).day("licence_expires_on") == LONG_TERM
    assert asking.facts(catalogue, {}, "resident_id", "421202195803072045").day("birth_date") == date(1958, 3, 7)
    assert not asking.facts(catalogue, {}, "foreign_permanent_resident", "9" * 18).has("birth_date")


@pytest.mark.parametrize(
    ("code", "answers", "decision", "reasons"),
    [
        ("A3", {}, "ok", []),
        ("A4", {}, "ok", []),
        ("B3", {}, "ok", []),
        ("B3", {"vehicle_status": "L"}, "block", ["vehicle-status-forbids"]),
        ("B5", {"insurance_until": "20270101"}, "warn", ["electronic-sticker"]),
        ("B5", {}, "refer", ["fact-missing", "electronic-sticker"]),
        ("B5", {"insurance_until": "20250101"}, "block", ["insurance-ended", "electronic-sticker"]),
        ("C1", {"licence_expires_on": "20261130"}, "ok", []),
        ("C1", {"licence_expires_on": "20260601"}, "warn", ["renewal-late"]),
        ("C1", {}, "refer", ["fact-missing"]),
        ("C2", {"licence_status": "U"}, "block", ["licence-status-forbids"]),
        ("A1", {"account_exists": "true"}, "block", ["account-exists"]),
    ],
)
def test_what_they_decide(
    catalogue: Catalogue, code: str, answers: dict[str, str], decision: str, reasons: list[str]
) -> None:
    assert decide(catalogue, code, **answers) == (decision, reasons)


def test_a_ticket_is_of_no_use_to_who_is_blocked_or_has_to_go_elsewhere(catalogue: Catalogue) -> None:
    service = catalogue.services["C1"]
    for expires, use in [("20261130", True), ("20251215", False), ("20200101", False), ("20280101", False)]:
        known = asking.facts(catalogue, {"licence_expires_on": expires})
        assert asking.opinion(catalogue, service, ON, known).ticket is use, expires
    assert asking.opinion(catalogue, service, ON, asking.facts(catalogue, {})).ticket
