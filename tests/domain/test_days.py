"""Reckoning with months, ages and working days."""

from datetime import date

import pytest

from kiosk.domain.rules.days import add_months, age_on, birthday
from kiosk.domain.rules.working_days import WorkingDays


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 2, 29), 24, date(2026, 2, 28)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(2026, 1, 31), 120_000, date.max),
        (date(2026, 1, 31), -120_000, date.min),
    ],
)
def test_months(day: date, months: int, then: date) -> None:
    assert add_months(day, months) == then


def test_ages() -> None:
    assert age_on(date(1956, 11, 22), date(2026, 11, 22)) == 70
    assert age_on(date(1956, 11, 23), date(2026, 11, 22)) == 69
    assert birthday(date(1964, 2, 29), 63) == date(2027, 2, 28)
    assert age_on(date(1964, 2, 29), date(2027, 2, 28)) == 63


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2026, 11, 23), 0, date(2026, 11, 23)),
        (date(2026, 11, 20), 1, date(2026, 11, 23)),  # Friday to Monday
        (date(2026, 9, 30), 1, date(2026, 10, 8)),  # over the National Day week
        (date(2026, 10, 9), 1, date(2026, 10, 10)),  # a Saturday that makes up for a holiday
        (date(2026, 9, 25), 15, date(2026, 10, 22)),
    ],
)
def test_limits_in_working_days(start: date, count: int, end: date) -> None:
    assert WorkingDays().after(start, count) == end
