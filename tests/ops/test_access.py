"""The way into the service menu: PIN, one-time code by the RFC's own numbers, and the delay that outlives a restart."""

from base64 import b32encode
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.domain.errors import Refusal
from kiosk.domain.one_time import code
from kiosk.ops import access
from kiosk.ops.access import Access, admit, delay_s, judge, left_s, with_pin, with_secret

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
PIN = "427193"
SECRET = b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(
    ("seconds", "wanted"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (2000000000, "279037"), (20000000000, "353130")],
)
def test_codes_are_those_of_rfc_6238(seconds: int, wanted: str) -> None:
    """Appendix B, SHA-1, the last six of its eight digits."""
    assert code(SECRET, seconds // 30) == wanted


def test_the_right_pin_opens_and_no_other() -> None:
    known = with_pin(Access(), PIN)
    assert judge(known, PIN, NOW)[1].admitted
    assert not judge(known, "427194", NOW)[1].admitted
    assert PIN not in repr(known)


def test_without_any_code_nothing_opens() -> None:
    assert not judge(Access(), "", NOW)[1].admitted
    assert not judge(Access(), "", NOW)[1].known


def test_a_one_time_code_opens_once_and_for_a_minute_and_a_half() -> None:
    known = with_secret(Access(), SECRET)
    typed = code(SECRET, int(NOW.timestamp()) // 30)
    assert judge(known, typed, NOW + timedelta(seconds=30))[1].admitted
    assert not judge(known, typed, NOW + timedelta(seconds=61))[1].admitted
    after, verdict = judge(known, typed, NOW)
    assert verdict.admitted
    assert not judge(after, typed, NOW)[1].admitted


def test_the_delay_grows_to_an_hour() -> None:
    assert [delay_s(n) for n in (0, 2, 3, 4, 5, 10, 500)] == [0, 0, 30, 60, 120, 3600, 3600]


def test_a_lock_out_outlives_a_restart_and_the_right_pin_waits_too(tmp_path: Path) -> None:
    access.write(tmp_path, with_pin(Access(), PIN))
    for _ in range(3):
        admit(tmp_path, "000001", NOW)
    assert admit(tmp_path, PIN, NOW + timedelta(seconds=29)).wait_s == 1
    assert admit(tmp_path, PIN, NOW + timedelta(seconds=30)).admitted
    assert access.read(tmp_path).failures == 0


def test_a_clock_set_back_makes_no_lock_out_longer() -> None:
    locked = Access(pin="x", salt="00", failures=3, last=NOW.isoformat())
    assert left_s(locked, NOW - timedelta(days=9000)) == 30


def test_a_damaged_file_keeps_everybody_out(tmp_path: Path) -> None:
    (tmp_path / access.FILE).write_text('{"pin": 3')
    assert not admit(tmp_path, "", NOW).known


@pytest.mark.parametrize("pin", ["12345", "1234567890123", "abcdef", "111111", ""])
def test_a_weak_pin_is_refused(pin: str) -> None:
    with pytest.raises(Refusal):
        with_pin(Access(), pin)


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(Refusal):
        with_secret(Access(), "JBSWY3DP")
