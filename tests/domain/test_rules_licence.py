"""The driving licence's rules at each of their boundary days."""

from datetime import date, timedelta
from typing import Any

import pytest

from kiosk.domain.catalogue import Catalogue
from kiosk.domain.rules.decide import Verdict, eligible
from kiosk.domain.rules.facts import read_facts

EXPIRES = date(2026, 11, 30)


@pytest.fixture
def decide(catalogue: Catalogue) -> Any:
    def run(code: str, on: date, *, own: bool = False, **facts: object) -> Verdict:
        return eligible(catalogue, code, on, read_facts(facts, catalogue.rules.facts), "4212", own_city_only=own)

    return run


def codes(verdict: Verdict) -> list[str]:
    return [reason.code for reason in verdict.reasons]


@pytest.mark.parametrize(
    ("on", "decision", "found"),
    [
        (EXPIRES - timedelta(91), "block", ["renewal-too-early"]),
        (EXPIRES - timedelta(90), "ok", []),
        (EXPIRES, "ok", []),
        (EXPIRES + timedelta(1), "warn", ["renewal-late"]),
        (date(2027, 10, 29), "warn", ["renewal-late"]),
        (date(2027, 10, 30), "refer", ["renewal-very-late"]),
        (date(2027, 11, 30), "refer", ["renewal-very-late"]),
        (date(2027, 12, 1), "refer", ["licence-cancelled"]),
        (date(2022, 4, 1), "block", ["renewal-too-early"]),
        (date(2022, 3, 31), "refer", ["rule-unseen"]),
    ],
)
def test_renewal_window(decide: Any, on: date, decision: str, found: list[str]) -> None:
    verdict = decide("C1", on, licence_expires_on=EXPIRES.isoformat(), licence_status="A")
    assert (verdict.decision, codes(verdict)) == (decision, found)


def test_who_is_too_early_is_told_the_day(decide: Any) -> None:
    verdict = decide("C1", date(2026, 1, 1), licence_expires_on="2026-11-30", licence_status="A")
    assert verdict.opens_on == date(2026, 9, 1)
    assert "2026-09-01" in verdict.reasons[0].words["zh"]
    assert decide("C1", verdict.opens_on, licence_expires_on="2026-11-30", licence_status="A").decision == "ok"


def test_a_licence_that_does_not_expire_is_not_renewed(decide: Any) -> None:
    for word in ("long-term", "长期"):
        verdict = decide("C1", EXPIRES, licence_expires_on=word, licence_status="A")
        assert codes(verdict) == ["licence-long-term"]


@pytest.mark.parametrize(
    ("expires", "on", "found"),
    [
        ("2024-02-29", date(2023, 11, 30), ["renewal-too-early"]),
        ("2024-02-29", date(2023, 12, 1), []),
        ("2024-02-29", date(2025, 1, 28), ["renewal-late"]),
        ("2024-02-29", date(2025, 1, 29), ["renewal-very-late"]),
        ("2024-02-29", date(2025, 2, 28), ["renewal-very-late"]),
        ("2024-02-29", date(2025, 3, 1), ["licence-cancelled"]),
        ("2023-03-31", date(2024, 2, 28), ["renewal-late"]),
        ("2023-03-31", date(2024, 2, 29), ["renewal-very-late"]),
    ],
)
def test_renewal_in_leap_years(decide: Any, expires: str, on: date, found: list[str]) -> None:
    assert codes(decide("C1", on, licence_expires_on=expires, licence_status="A")) == found


def test_a_postponed_renewal_is_never_called_cancelled(decide: Any) -> None:
    verdict = decide("C1", date(2028, 6, 1), licence_expires_on="2026-11-30", licence_status="N")
    assert (verdict.decision, codes(verdict)) == ("warn", ["renewal-postponed"])


@pytest.mark.parametrize(
    ("on", "born", "classes", "decision", "found"),
    [
        (date(2024, 12, 31), "1964-12-31", "A1", "ok", []),
        (date(2024, 12, 30), "1964-12-31", "A1", "block", ["age-not-reached"]),
        (date(2024, 12, 31), "1964-12-31", "C1", "block", ["age-class-stays"]),
        (date(2024, 12, 31), "1954-12-31", "C6", "ok", []),
        (date(2024, 12, 31), "1955-01-01", "D", "block", ["age-not-reached"]),
        (date(2024, 12, 31), "1964-12-31", "A2D", "ok", []),
        (date(2025, 1, 1), "1964-12-31", "A1", "block", ["age-not-reached"]),
        (date(2027, 12, 30), "1964-12-31", "A1", "block", ["age-not-reached"]),
        (date(2027, 12, 31), "1964-12-31", "A1", "refer", ["rule-unseen"]),
        (date(2025, 1, 1), "1954-12-31", "E", "refer", ["rule-unseen"]),
        (date(2025, 2, 28), "1962-02-28", "B2", "refer", ["rule-unseen"]),
        (date(2023, 2, 28), "1963-03-01", "M", "block", ["age-not-reached"]),
        # sixty on the last day of the old text, and on the first of the new
        (date(2024, 12, 31), "1965-01-01", "A1", "block", ["age-not-reached"]),
        (date(2025, 1, 1), "1965-01-01", "A1", "block", ["age-not-reached"]),
        (date(2025, 1, 1), "1962-01-01", "A1", "refer", ["rule-unseen"]),
        (date(2025, 1, 1), "1962-01-02", "A1", "block", ["age-not-reached"]),
        (date(2024, 12, 31), "1962-01-01", "A1", "ok", []),
        # seventy
        (date(2025, 1, 1), "1955-01-01", "C4", "refer", ["rule-unseen"]),
        (date(2025, 1, 1), "1955-01-02", "C4", "block", ["age-not-reached"]),
        (date(2024, 12, 31), "1955-01-01", "C4", "block", ["age-not-reached"]),
        # born on a leap day
        (date(2024, 2, 28), "1964-02-29", "P", "block", ["age-not-reached"]),
        (date(2024, 2, 29), "1964-02-29", "P", "ok", []),
        (date(2027, 2, 27), "1964-02-29", "P", "block", ["age-not-reached"]),
        (date(2027, 2, 28), "1964-02-29", "P", "refer", ["rule-unseen"]),
        # before the regulation of 2022 nobody has read the text
        (date(2022, 3, 31), "1952-01-01", "A1", "refer", ["rule-unseen"]),
        (date(2022, 4, 1), "1952-01-01", "A1", "ok", []),
    ],
)
def test_exchange_at_statutory_age(
    decide: Any, on: date, born: str, classes: str, decision: str, found: list[str]
) -> None:
    verdict = decide("C3", on, birth_date=born, licence_class=classes, licence_status="A")
    assert (verdict.decision, codes(verdict)) == (decision, found)


def test_the_day_of_the_exchange_is_the_birthday_of_the_rule_in_force(decide: Any) -> None:
    facts = {"birth_date": "1964-12-31", "licence_class": "A1", "licence_status": "A"}
    assert decide("C3", date(2024, 1, 1), **facts).opens_on == date(2024, 12, 31)
    assert decide("C3", date(2025, 1, 1), **facts).opens_on == date(2027, 12, 31)


def test_a_renewal_waits_for_the_exchange_at_statutory_age(decide: Any) -> None:
    facts = {"licence_expires_on": "2024-06-30", "licence_status": "A", "licence_class": "B1"}
    assert codes(decide("C1", date(2024, 6, 1), birth_date="1964-06-02", **facts)) == []
    assert codes(decide("C1", date(2024, 6, 2), birth_date="1964-06-02", **facts)) == ["age-exchange-first"]


@pytest.mark.parametrize(
    ("on", "born", "reminded"),
    [
        (date(2022, 3, 31), "1962-03-31", True),
        (date(2022, 3, 31), "1962-04-01", False),
        (date(2022, 4, 1), "1962-03-31", False),
        (date(2022, 4, 1), "1952-04-01", True),
        (date(2022, 4, 1), "1952-04-02", False),
        (date(2026, 11, 22), "1956-11-22", True),
        (date(2026, 11, 22), "1956-11-23", False),
    ],
)
def test_yearly_medical_certificate(decide: Any, on: date, born: str, reminded: bool) -> None:
    verdict = decide("C4", on, birth_date=born, licence_status="A")
    assert codes(verdict) == (["medical-annual"] if reminded else [])
    assert verdict.decision == ("warn" if reminded else "ok")


def test_class_c5_is_reminded_of_its_certificate(decide: Any) -> None:
    assert codes(decide("C2", EXPIRES, licence_class="C5", licence_status="A")) == ["medical-for-class"]


@pytest.mark.parametrize(
    ("issued", "found"),
    [
        ("2026-05-22", []),
        ("2026-05-21", ["medical-certificate-old"]),
        ("2026-11-23", ["medical-certificate-future"]),
        ("2026-11-22", []),
        ("2026-05-23", []),
    ],
)
def test_medical_certificates_count_for_six_months(decide: Any, issued: str, found: list[str]) -> None:
    verdict = decide(
        "C1",
        date(2026, 11, 22),
        licence_expires_on="2026-11-30",
        licence_status="A",
        medical_certificate_on=issued,
    )
    assert codes(verdict) == found


@pytest.mark.parametrize(
    ("code", "letters", "decision"),
    [
        ("C1", "A", "ok"),
        ("C1", "M", "ok"),
        ("C1", "H", "block"),
        ("C1", "B", "block"),
        ("C1", "L", "refer"),
        ("C1", "Z", "refer"),
        ("C1", "AS", "refer"),
        ("C1", "SK", "block"),
        ("C2", "H", "ok"),
        ("C2", "K", "block"),
        ("C2", "U", "block"),
        ("C2", "D", "block"),
        ("C4", "B", "block"),
        ("C4", "S", "block"),
        ("C4", "R", "block"),
        ("C4", "HI", "ok"),
        ("C5", "H", "refer"),
    ],
)
def test_licence_status_is_a_whitelist(decide: Any, code: str, letters: str, decision: str) -> None:
    assert decide(code, EXPIRES, licence_expires_on="2026-11-30", licence_status=letters).decision == decision


def test_status_letters_are_named_for_people(decide: Any) -> None:
    (reason,) = decide("C2", EXPIRES, licence_status="KU").reasons
    assert "扣押、扣留" in reason.words["zh"]
    assert "seized, detained" in reason.words["en"]


def test_documents_of_another_city(decide: Any) -> None:
    facts = {"licence_status": "A", "issued_city": "4201"}
    assert codes(decide("C2", EXPIRES, **facts)) == ["issued-elsewhere"]
    assert codes(decide("C2", EXPIRES, own=True, **facts)) == ["other-city"]
    assert codes(decide("C2", EXPIRES, own=True, licence_status="A")) == ["fact-missing"]
    assert codes(decide("C2", EXPIRES, own=True, licence_status="A", issued_city="421202")) == []
    assert codes(decide("A4", EXPIRES, issued_city="4201")) == ["other-city"]


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ("2026-11-30", []),
        ("2026-12-01", ["change-in-future"]),
        ("2026-10-31", []),
        ("2026-10-30", ["reported-late"]),
    ],
)
def test_changes_are_to_be_reported_within_thirty_days(decide: Any, changed: str, found: list[str]) -> None:
    assert codes(decide("A4", EXPIRES, changed_on=changed)) == found
    assert codes(decide("C5", EXPIRES, changed_on=changed, licence_status="A")) == found


def test_a_changed_id_number_needs_its_proof(decide: Any) -> None:
    assert codes(decide("C5", EXPIRES, licence_status="A", id_number_changed=True)) == ["proof-of-id-change"]
