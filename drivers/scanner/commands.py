"""What a scanner is told and what it answers, as data: one small TOML file for each maker."""

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from kiosk.domain.errors import Refusal

_KNOWN = {"name", "source", "note", "start", "stop", "beep", "replies"}


@dataclass(frozen=True)
class Commands:
    """Bytes for the trigger and the beeper; empty where the model has no such command."""

    name: str = "generic"
    start: bytes = b""
    stop: bytes = b""
    beep: bytes = b""
    replies: tuple[re.Pattern[bytes], ...] = field(default=())
    """What it says in answer; taken off wherever a message begins with it."""


NONE = Commands()
"""A scanner that is never told anything: it scans whatever it sees, and the kiosk listens or does not."""


def load(folder: Path, vendor: str) -> Commands:
    """Read `folder/vendor.toml`; Refusal names the known vendors, or the mistake in the file."""
    known = sorted(file.stem for file in folder.glob("*.toml"))
    if vendor not in known:
        raise Refusal(f"scanner.vendor {vendor!r:.40} is unknown; give one of {', '.join(known)}")
    file = folder / f"{vendor}.toml"
    try:
        return parse(file.read_text("utf-8"))
    except (OSError, ValueError, re.error) as error:
        raise Refusal(f"{file} is no command set ({error}); mend it, or install the kiosk package again") from error


def parse(text: str) -> Commands:
    """Read a command set: hexadecimal bytes for start, stop and beep, patterns for replies; ValueError if wrong."""
    table = tomllib.loads(text)
    if strange := sorted(set(table) - _KNOWN):
        raise ValueError(f"unknown key {strange[0]!r}; known are {', '.join(sorted(_KNOWN))}")
    replies = table.get("replies", [])
    if not isinstance(replies, list) or not all(isinstance(reply, str) for reply in replies):
        raise ValueError("replies must be a list of patterns")
    return Commands(
        name=str(table.get("name", "")),
        start=bytes.fromhex(str(table.get("start", ""))),
        stop=bytes.fromhex(str(table.get("stop", ""))),
        beep=bytes.fromhex(str(table.get("beep", ""))),
        replies=tuple(re.compile(reply.encode("ascii"), re.DOTALL) for reply in replies),
    )
