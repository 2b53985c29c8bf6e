"""The clocks that are injected: the real one, the test clock of $KIOSK_CLOCK and the simulated one of stories."""

import contextlib
import os
import re
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from kiosk.domain.errors import Refusal
from kiosk.engine.ages import Up

ZONE = ZoneInfo("Asia/Shanghai")

_OFFSET = re.compile(r"offset:([+-]?\d{1,10})s")
_MEND = (
    "KIOSK_CLOCK takes offset:+3600s or file:PATH, the file holding one RFC 3339 time like 2026-11-23T09:00:00+08:00"
)


class Clock(Protocol):
    """What time it is, and how much of it has passed. `now` may jump, `monotonic` never goes back."""

    test: bool
    """Whether this is a test clock, which doctor, /healthz and the board must say."""

    def now(self) -> datetime:
        """The time of day, aware, in Asia/Shanghai."""
        ...

    def monotonic(self) -> float:
        """Seconds since some fixed moment."""
        ...


class SystemClock:
    """The machine's own clock."""

    test = False

    def now(self) -> datetime:
        """The time of day, aware, in Asia/Shanghai."""
        return datetime.now(ZONE)

    def monotonic(self) -> float:
        """Seconds since the machine started."""
        return time.monotonic()


class TestClock:
    """The machine's clock moved by an offset, or the time that a file holds, read again at every call."""

    test = True
    __test__ = False  # no test case for pytest, whatever its name says

    def __init__(self, setting: str) -> None:
        offset = _OFFSET.fullmatch(setting)
        self._file: Path | None = None
        self._offset = timedelta()
        if offset:
            self._offset = timedelta(seconds=int(offset[1]))
        elif setting.startswith("file:") and len(setting) > len("file:"):
            self._file = Path(setting.removeprefix("file:"))
        else:
            raise Refusal(f"{setting!r} sets no clock; {_MEND}")
        try:
            self._last = self._read()
        except (OSError, ValueError, OverflowError) as error:
            raise Refusal(f"the test clock cannot be read ({error}); {_MEND}") from error

    def now(self) -> datetime:
        """The time of day, aware, in Asia/Shanghai; the last good one while the file is being rewritten."""
        try:
            self._last = self._read()
        except (OSError, ValueError):
            pass
        return self._last

    def monotonic(self) -> float:
        """Seconds since the machine started: waiting is not what a test clock changes."""
        return time.monotonic()

    def _read(self) -> datetime:
        if self._file is None:
            return datetime.now(ZONE) + self._offset
        return parse_time(self._file.read_text("utf-8").strip())


class SimulatedClock:
    """A clock that stands still until it is told to advance; stories and tests run on it."""

    test = True

    def __init__(self, start: datetime) -> None:
        self._now = start.astimezone(ZONE)
        self._monotonic = 0.0

    def now(self) -> datetime:
        """The simulated time of day, aware, in Asia/Shanghai."""
        return self._now

    def monotonic(self) -> float:
        """Simulated seconds since the start."""
        return self._monotonic

    def advance(self, seconds: float) -> None:
        """Let time pass; it never goes back."""
        if seconds < 0:
            raise ValueError("time does not go back")
        self._now += timedelta(seconds=seconds)
        self._monotonic += seconds


def machine_up(clock: Clock) -> Callable[[], Up] | None:
    """What gives the machine's own seconds; None under a test clock, whose jumps are meant."""
    if clock.test:
        return None
    boot = os.environ.get("KIOSK_BOOT", "")
    if not boot:
        with contextlib.suppress(OSError):
            boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip().replace("-", "")
    return lambda: Up(boot, time.clock_gettime(time.CLOCK_BOOTTIME))


def open_clock(test: bool, environment: Mapping[str, str]) -> Clock:
    """Give the machine's clock, or with --test-clock the one that $KIOSK_CLOCK sets; without the flag it is ignored."""
    if not test:
        return SystemClock()
    setting = environment.get("KIOSK_CLOCK", "")
    if not setting:
        raise Refusal(f"--test-clock needs $KIOSK_CLOCK; {_MEND}")
    return TestClock(setting)


def parse_time(text: str) -> datetime:
    """Read an RFC 3339 time into Asia/Shanghai; raise ValueError for one without an offset from UTC."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} lacks its offset from UTC, like +08:00")
    return moment.astimezone(ZONE)
