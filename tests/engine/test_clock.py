"""Clocks: the test clock is asked for by a flag, re-read at every call, and never believed without its zone."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.domain.errors import Refusal
from kiosk.engine.clock import ZONE, SimulatedClock, SystemClock, TestClock, open_clock, parse_time

START = datetime(2026, 11, 23, 9, 0, tzinfo=ZONE)


def test_without_the_flag_the_variable_is_ignored() -> None:
    clock = open_clock(False, {"KIOSK_CLOCK": "offset:+999999s"})
    assert isinstance(clock, SystemClock)
    assert not clock.test
    assert clock.now().tzinfo is ZONE


@pytest.mark.parametrize(("setting", "seconds"), [("offset:+3600s", 3600), ("offset:-60s", -60), ("offset:0s", 0)])
def test_an_offset_moves_the_clock(setting: str, seconds: int) -> None:
    clock = open_clock(True, {"KIOSK_CLOCK": setting})
    before = datetime.now(ZONE)
    moved = clock.now() - timedelta(seconds=seconds)
    assert clock.test
    assert before <= moved <= datetime.now(ZONE)


def test_a_file_is_read_again_at_every_call(tmp_path: Path) -> None:
    file = tmp_path / "clock"
    file.write_text("2026-11-23T09:00:00+08:00\n")
    clock = TestClock(f"file:{file}")
    assert clock.now() == START
    file.write_text("2026-11-23T02:00:00Z")
    assert clock.now() == START + timedelta(hours=1)
    assert clock.now().tzinfo is ZONE
    file.write_text("")
    assert clock.now() == START + timedelta(hours=1), "a file that is being rewritten must not stop a process"
    file.unlink()
    assert clock.now() == START + timedelta(hours=1)


@pytest.mark.parametrize(
    "setting",
    ["", "offset:", "offset:1h", "offset:+99999999999s", "file:", "file:/no/where", "now"],
)
def test_what_sets_no_clock_is_refused_with_the_way_to_mend_it(setting: str) -> None:
    with pytest.raises(Refusal, match=r"offset:\+3600s or file:PATH"):
        open_clock(True, {"KIOSK_CLOCK": setting})


@pytest.mark.parametrize("text", ["2026-11-23T09:00:00", "tomorrow", "\0", "1"])
def test_a_file_without_a_full_time_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "clock").write_text(text)
    with pytest.raises(Refusal, match="RFC 3339"):
        TestClock(f"file:{tmp_path / 'clock'}")


def test_times_are_read_into_shanghai() -> None:
    assert parse_time("2026-11-23T01:00:00Z") == START
    assert parse_time("2026-11-23T01:00:00Z").utcoffset() == timedelta(hours=8)


def test_simulated_time_passes_when_told() -> None:
    clock = SimulatedClock(datetime(2026, 11, 23, 1, 0, tzinfo=UTC))
    assert (clock.now(), clock.monotonic()) == (START, 0)
    clock.advance(61.5)
    assert (clock.now(), clock.monotonic()) == (START + timedelta(seconds=61.5), 61.5)
    with pytest.raises(ValueError, match="back"):
        clock.advance(-1)
