"""What the last print left hanging at the cutter, kept in the state folder: the next program must not print onto it."""

import logging
import os
from pathlib import Path
from typing import Literal, get_args

Strip = Literal["clean", "torn", "half", "maybe"]
"""What hangs under the cutter: nothing; a piece that whoever loads paper tears off; half a paper that is certainly
not valid; perhaps a paper that somebody holds."""
STRIPS: tuple[Strip, ...] = get_args(Strip)
FILE = "printer.left"

log = logging.getLogger(__name__)


def stored_strip(folder: Path, url: str) -> Strip | None:
    """What was kept of the printer at an address; None if nothing was, or nothing that can be read."""
    try:
        kept = (folder / FILE).read_text("utf-8").strip()
    except (OSError, ValueError):
        return None
    return next((strip for strip in STRIPS if f"{strip} {url}" == kept), None)


def keep_strip(folder: Path, url: str, strip: Strip) -> None:
    """Keep it, on the disk before this returns; a disk that is full or away keeps the older word."""
    if stored_strip(folder, url) == strip:
        return
    fresh = folder / f"{FILE}.new"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with fresh.open("w", encoding="utf-8") as file:
            file.write(f"{strip} {url}\n")
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(folder / FILE)
    except OSError:
        log.warning("printer: what hangs at its cutter could not be written down; make room on the disk")
