"""Moments and the business day."""

from branch.hours import is_open
from branch.moment import business_day, date_of, from_ms, rfc3339, to_ms
from kiosk.engine.clock import parse_time


def test_a_moment_survives_being_stored() -> None:
    moment = parse_time("2026-11-23T09:30:00.125+08:00")
    assert from_ms(to_ms(moment)) == moment
    assert rfc3339(to_ms(moment)) == "2026-11-23T09:30:00.125+08:00"
    assert rfc3339(None) is None


def test_the_day_is_shanghais() -> None:
    assert date_of(to_ms(parse_time("2026-11-22T16:00:00+00:00"))) == "2026-11-23"


def test_the_business_day_never_goes_back() -> None:
    evening = to_ms(parse_time("2026-11-22T23:59:59+08:00"))
    assert business_day(None, evening) == "2026-11-22"
    assert business_day("2026-11-22", evening + 1000) == "2026-11-23"
    assert business_day("2026-11-23", evening) == "2026-11-23"


def test_a_day_from_a_clock_that_was_years_ahead_does_not_last() -> None:
    noon = to_ms(parse_time("2026-11-23T12:00:00+08:00"))
    assert business_day("2031-01-01", noon) == "2026-11-23"
    assert business_day("2026-11-25", noon) == "2026-11-23"


def test_hours_close_the_lobby_only_where_they_are_set() -> None:
    noon, night = (to_ms(parse_time(f"2026-11-23T{t}:00+08:00")) for t in ("12:00", "17:00"))
    assert is_open("", night)
    assert is_open("09:00-17:00", noon)
    assert not is_open("09:00-17:00", night)
