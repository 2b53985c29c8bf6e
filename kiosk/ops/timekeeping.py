"""The machine's time without a network: never before the image was made, never before it was last known."""

from datetime import datetime, timedelta
from pathlib import Path

from kiosk.engine.clock import ZONE, parse_time
from kiosk.ops.files import write_whole

FILE = "clock.txt"
BELIEVED = timedelta(days=15 * 365)
"""A kept time so far beyond the image is a broken clock's (2040), and would stand until a network corrects it."""


def time_to_set(machine: datetime, floor: datetime, kept: datetime | None) -> datetime | None:
    """What the clock is to be set to at a start; None: it is right as far as this machine can know.

    A board without a battery starts in 1970 or at its image; time only ever moves forward here.
    """
    best = floor if kept is None or kept - floor > BELIEVED else max(floor, kept)
    return best if machine < best else None


def time_to_keep(machine: datetime, floor: datetime, kept: datetime | None, *, synced: bool) -> datetime | None:
    """What is to be kept now; None keeps what there is.

    Time from the network is believed whatever it is. Without it a clock that fell back does not undo what was known.
    """
    if synced:
        return machine
    if machine < floor or machine - floor > BELIEVED or (kept is not None and machine < kept):
        return None
    return machine


def read_kept(folder: Path) -> datetime | None:
    """The time that was kept last; None without one that can be read."""
    try:
        return parse_time((folder / FILE).read_text("ascii").strip())
    except (OSError, ValueError):
        return None


def write_kept(folder: Path, moment: datetime) -> None:
    """Keep a time, whole or not at all; Refusal says what to mend."""
    write_whole(folder / FILE, moment.astimezone(ZONE).isoformat(timespec="seconds").encode() + b"\n")


def made_at(file: Path) -> datetime:
    """When the image was made: a read-only file system keeps the moment at which its files were laid down."""
    return datetime.fromtimestamp(file.stat().st_mtime, ZONE)
