"""A machine whose core keeps falling: one restart a day at most, whatever the clock and the disk do."""

import os
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.__main__ import main
from kiosk.engine.clock import ZONE
from kiosk.ops.rescue import AGAIN, FILE, Past, decide, read_past

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=ZONE)


def test_the_first_time_restarts_and_the_second_leaves_the_page(tmp_path: Path) -> None:
    assert decide(tmp_path, NOW)
    assert not decide(tmp_path, NOW + timedelta(minutes=3))
    assert not decide(tmp_path, NOW + AGAIN - timedelta(seconds=1))
    assert decide(tmp_path, NOW + AGAIN)
    assert read_past(tmp_path, NOW).count == 2


@given(st.lists(st.integers(1, 3600), max_size=200))
def test_however_often_it_falls_a_day_holds_one_restart(gaps: list[int]) -> None:
    past, now, restarts = Past(), NOW, list[datetime]()
    for gap in gaps:
        now += timedelta(seconds=gap)
        if past.may_restart(now):
            past = past.restarted(now)
            restarts.append(now)
    assert all(later - earlier >= AGAIN for earlier, later in pairwise(restarts))
    assert past.count == len(restarts)


def test_a_clock_that_fell_back_is_no_reason_for_another(tmp_path: Path) -> None:
    assert decide(tmp_path, NOW)
    assert not decide(tmp_path, datetime(1970, 1, 1, tzinfo=ZONE))


@pytest.mark.parametrize("written", [b"", b"{", b'{"restarts": 1, "last": "2026-11-23"}', b"\xff", b"[]", b"{}"])
def test_a_damaged_count_leaves_the_page_and_heals(tmp_path: Path, written: bytes) -> None:
    (tmp_path / FILE).write_bytes(written)
    assert not decide(tmp_path, NOW)
    assert decide(tmp_path, NOW + AGAIN)


def test_a_count_that_cannot_be_kept_is_no_restart(tmp_path: Path) -> None:
    assert not decide(tmp_path / "gone", NOW)


def test_the_command_says_it_by_its_exit_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(os.environ, "KIOSK_CLOCK", "offset:+0s")
    words = ["rescue", "--test-clock", "--state", str(tmp_path / "state")]
    assert [main(words), main(words)] == [0, 1]
    assert "C1" in capsys.readouterr().out.splitlines()[-1]
