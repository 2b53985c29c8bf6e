"""The vehicle's rules at each of their boundary days."""

from datetime import date
from typing import Any

import pytest

from kiosk.domain.catalogue import Catalogue
from kiosk.domain.rules.decide import Verdict, eligible
from kiosk.domain.rules.facts import read_facts

ON = date(2026, 11, 22)
CAR = {
    "vehicle_registered_on": "2024-12-01",
    "vehicle_type": "small-passenger",
    "seats": 5,
    "vehicle_status": "A",
    "insurance_until": "2099-12-31",
}


@pytest.fixture
def decide(catalogue: Catalogue) -> Any:
    def run(code: str, on: date, facts: dict[str, Any], **more: object) -> Verdict:
        read = read_facts({**facts, **more}, catalogue.rules.facts)
        return eligible(catalogue, code, on, read)

    return run


def codes(verdict: Verdict) -> list[str]:
    return [reason.code for reason in verdict.reasons]


@pytest.mark.parametrize(
    ("on", "registered", "seats", "found"),
    [
        # rule set to 2020-11-19: stickers in years 2 and 4, at most 6 seats
        (date(2020, 11, 19), "2018-12-01", 5, []),
        (date(2020, 11, 19), "2016-12-01", 5, []),
        (date(2020, 11, 19), "2014-12-01", 5, ["inspection-on-line"]),
        (date(2020, 11, 19), "2012-12-01", 5, ["inspection-on-line"]),
        (date(2020, 11, 19), "2018-12-01", 7, ["rule-unseen"]),
        (date(2020, 11, 19), "2018-12-01", 10, ["exempt-not-for-seats"]),
        (date(2019, 4, 10), "2017-04-10", 5, []),
        # rule set from 2020-11-20: 7 to 9 seats too, tests in years 6, 8 and 10
        (date(2020, 11, 20), "2018-12-01", 7, []),
        (date(2020, 11, 20), "2018-12-01", 9, []),
        (date(2022, 9, 30), "2014-12-01", 5, ["inspection-on-line"]),
        # rule set from 2022-10-01: stickers in years 2, 4 and 8
        (date(2022, 10, 1), "2014-12-01", 5, []),
        (date(2022, 10, 1), "2018-12-01", 9, []),
        (date(2022, 10, 1), "2018-12-01", 10, ["exempt-not-for-seats"]),
        (date(2022, 10, 1), "2016-12-01", 5, ["inspection-on-line"]),
        (date(2022, 10, 1), "2012-12-01", 5, ["inspection-on-line"]),
        (date(2022, 10, 1), "2011-12-01", 5, ["inspection-on-line"]),
        (date(2022, 10, 1), "2000-03-01", 5, ["inspection-on-line"]),
        (date(2014, 8, 31), "2012-10-01", 5, ["rule-unseen"]),
        (date(2014, 9, 1), "2012-10-01", 5, []),
        (date(2020, 11, 19), "2018-12-01", 6, []),
        (date(2020, 11, 19), "2018-12-01", 9, ["rule-unseen"]),
        (date(2020, 11, 20), "2018-12-01", 10, ["exempt-not-for-seats"]),
        (date(2022, 9, 30), "2018-12-01", 9, []),
    ],
)
def test_years_of_the_sticker(decide: Any, on: date, registered: str, seats: int, found: list[str]) -> None:
    assert codes(decide("B7", on, CAR, vehicle_registered_on=registered, seats=seats)) == found


@pytest.mark.parametrize(
    ("on", "decision", "opens"),
    [
        (date(2026, 8, 31), "block", date(2026, 9, 1)),
        (date(2026, 9, 1), "ok", None),
        (date(2026, 12, 1), "ok", None),
        (date(2026, 12, 2), "block", date(2028, 9, 1)),
    ],
)
def test_window_of_three_months(decide: Any, on: date, decision: str, opens: date | None) -> None:
    verdict = decide("B7", on, CAR)
    assert (verdict.decision, verdict.opens_on) == (decision, opens)


def test_the_printed_end_of_the_inspection_counts_more_than_the_reckoned_one(decide: Any) -> None:
    assert codes(decide("B7", date(2026, 12, 20), CAR, inspection_until="2026-12-31")) == []
    assert codes(decide("B7", date(2027, 1, 1), CAR, inspection_until="2026-12-31")) == ["inspection-overdue"]


@pytest.mark.parametrize(
    ("on", "found"),
    [
        (date(2025, 11, 27), ["sticker-too-early"]),
        (date(2025, 11, 28), []),
        (date(2026, 2, 28), []),
        (date(2026, 3, 1), ["sticker-too-early"]),
        (date(2027, 11, 28), ["sticker-too-early"]),
        (date(2027, 11, 29), []),
        (date(2028, 2, 29), []),
    ],
)
def test_the_window_of_a_car_registered_on_a_leap_day(decide: Any, on: date, found: list[str]) -> None:
    assert codes(decide("B7", on, CAR, vehicle_registered_on="2024-02-29")) == found


def test_a_leap_day_has_its_anniversary(decide: Any) -> None:
    assert codes(decide("B7", date(2026, 2, 28), CAR, vehicle_registered_on="2024-02-29")) == []


@pytest.mark.parametrize(
    ("on", "kind", "found"),
    [
        (ON, "小型轿车", []),
        (ON, "02", []),
        (ON, "Small_Passenger", []),
        (ON, "面包车", ["exempt-not-for-type"]),
        (ON, "truck", ["exempt-not-for-type"]),
        (ON, "摩托车", []),
        (date(2022, 9, 30), "摩托车", ["exempt-not-for-type"]),
        (ON, "spaceship", ["fact-unclear"]),
    ],
)
def test_types_of_vehicle(decide: Any, on: date, kind: str, found: list[str]) -> None:
    registered = f"{on.year - 2}-12-01"
    assert codes(decide("B7", on, CAR, vehicle_type=kind, vehicle_registered_on=registered)) == found


@pytest.mark.parametrize(
    ("fact", "value", "found"),
    [
        ("injury_accident", True, ["exemption-lost"]),
        ("illegal_modification", True, ["exemption-lost"]),
        ("vehicle_use", "营运", ["exempt-not-for-commercial"]),
        ("vehicle_tax_paid", False, ["vehicle-tax-unpaid"]),
        ("vehicle_registered_on", "2026-11-23", ["registered-in-future"]),
        ("vehicle_status", "G", ["vehicle-status-forbids"]),
        ("vehicle_status", "Q", ["vehicle-status-unclear"]),
    ],
)
def test_what_ends_the_exemption(decide: Any, fact: str, value: object, found: list[str]) -> None:
    assert codes(decide("B7", ON, CAR, **{fact: value})) == found


@pytest.mark.parametrize(
    ("until", "begins", "found"),
    [
        ("2026-11-22", "2026-11-22", []),
        ("2026-11-21", None, ["insurance-ended"]),
        ("2027-11-22", "2026-11-23", ["insurance-not-begun"]),
    ],
)
def test_insurance_has_to_cover_the_day(decide: Any, until: str, begins: str | None, found: list[str]) -> None:
    for code in ("B5", "B6"):
        verdict = decide(code, ON, CAR, insurance_until=until, insurance_from=begins)
        assert codes(verdict) == [*found, "electronic-sticker"]


def test_the_electronic_sticker_counts_from_its_day(decide: Any) -> None:
    assert codes(decide("B5", date(2020, 6, 29), CAR)) == []
    assert codes(decide("B5", date(2020, 6, 30), CAR)) == ["electronic-sticker"]


@pytest.mark.parametrize("letter", "BCDEJLMNOP")
@pytest.mark.parametrize("code", ["B1", "B2", "B3", "B4", "B5", "B6", "B7"])
def test_a_post_office_does_not_touch_these_vehicles(decide: Any, code: str, letter: str) -> None:
    assert decide(code, ON, CAR, vehicle_status="A" + letter).decision == "block"


@pytest.mark.parametrize("letters", ["H", "K", "F", "Z", "AK"])
def test_what_is_not_on_the_whitelist_is_looked_at_by_a_person(decide: Any, letters: str) -> None:
    assert decide("B1", ON, CAR, vehicle_status=letters).decision == "refer"
