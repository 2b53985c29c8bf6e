"""What is done when core falls again and again: one restart of the machine a day, and a page after that."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from kiosk.domain.errors import Refusal
from kiosk.ops.files import write_whole

FILE = "rescue.json"
AGAIN = timedelta(hours=24)
"""A machine that a restart did not mend is not restarted again before this: an endless reboot serves nobody."""


@dataclass(frozen=True)
class Past:
    """Restarts of this machine so far: how many, and when the last was."""

    count: int = 0
    last: datetime | None = None

    def may_restart(self, now: datetime) -> bool:
        """Whether a restart is still untried. A clock that fell back behind the last one is no reason for another."""
        return self.last is None or now - self.last >= AGAIN

    def restarted(self, now: datetime) -> "Past":
        """The same with one restart more."""
        return Past(self.count + 1, now)


def read_past(folder: Path, now: datetime) -> Past:
    """What the folder's file says. One that cannot be understood counts as a restart just now: better a page."""
    try:
        text = (folder / FILE).read_text("utf-8")
    except FileNotFoundError:
        return Past()
    except (OSError, UnicodeDecodeError):
        return Past(1, now)
    try:
        told = json.loads(text)
        last = datetime.fromisoformat(told["last"])
        return Past(int(told["restarts"]), last) if last.tzinfo is not None else Past(1, now)
    except (ValueError, KeyError, TypeError):
        return Past(1, now)


def decide(folder: Path, now: datetime) -> bool:
    """Whether to restart the machine, durable before it is said; False leaves the page."""
    past = read_past(folder, now)
    restart = past.may_restart(now)
    kept = past.restarted(now) if restart else past
    try:
        if kept.last is not None:
            told = {"restarts": kept.count, "last": kept.last.isoformat()}
            write_whole(folder / FILE, json.dumps(told).encode())
    except Refusal:
        # What cannot be counted is not done: it might be done for ever.
        return False
    return restart
