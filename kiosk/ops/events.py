"""The kiosk's own ring of events on disk: small, typed, and never in the way of service."""

import contextlib
import hashlib
import itertools
import json
import logging
import os
import re
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from kiosk.ops.registry import BY_ID, Kind

FOLDER = "events"
NOW, BEFORE = "now.jsonl", "before.jsonl"
AFTER = "after"
"""The field by which each line hangs on the one before it."""
LIMIT = 1_000_000
"""Bytes of a file; there are two."""
_WORD = re.compile(r"[a-z0-9][a-z0-9._+-]{0,39}")

_log = logging.getLogger(__name__)


class EventRing:
    """Appends events, durable when `record` returns true. From any thread; it never raises for a disk.

    `now` gives the time of day, `up` the machine's own seconds, `boot` names its start.
    """

    def __init__(
        self, state: Path, now: Callable[[], datetime], up: Callable[[], float], boot: str, limit: int = LIMIT
    ) -> None:
        self._folder = state / FOLDER
        self._now, self._up, self._boot, self._limit = now, up, boot, limit
        self._lock = threading.Lock()
        self._silent = False
        self._after: str | None = None

    def record(self, event: str, fields: Mapping[str, str | int] | None = None) -> bool:
        """Keep one event; ValueError for one that the registry does not know in this form, which a test would show."""
        given = dict(fields or {})
        _checked(BY_ID.get(event), event, given)
        line: dict[str, str | int] = {
            "at": self._now().isoformat(timespec="seconds"),
            "up": int(self._up()),
            "boot": self._boot,
            "event": event,
        }
        with self._lock:
            try:
                self._append(line | given)
            except OSError as error:
                self._after = None
                if not self._silent:
                    _log.error("events cannot be kept (%s); service goes on", (error.strerror or str(error)).lower())
                self._silent = True
                return False
            self._silent = False
        return True

    def read(self) -> list[dict[str, str | int]]:
        """What is kept, oldest first; a line that a power cut tore is left out."""
        with self._lock:
            return kept_events(self._folder.parent)

    def _append(self, line: Mapping[str, str | int]) -> None:
        self._folder.mkdir(mode=0o700, exist_ok=True)
        if self._after is None:
            self._after = mark(_lines(self._folder)[-1:])
        raw = json.dumps({**line, AFTER: self._after}).encode() + b"\n"
        after = mark([raw[:-1]])
        file = self._folder / NOW
        handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            size = os.fstat(handle).st_size
            if size and os.pread(handle, 1, size - 1) != b"\n":
                # The power went in the middle of a line: it must not swallow this one.
                raw = b"\n" + raw
            os.write(handle, raw)
            os.fsync(handle)
            size += len(raw)
        finally:
            os.close(handle)
        self._after = after
        if size >= self._limit:
            file.replace(self._folder / BEFORE)


def kept_events(state: Path) -> list[dict[str, str | int]]:
    """The events kept in a state folder, oldest first, without their marks; nothing is written."""
    told = (_read(line) for line in _lines(state / FOLDER))
    return [{name: value for name, value in each.items() if name != AFTER} for each in told if each is not None]


def broken(state: Path) -> list[int]:
    """The lines (from 1) that do not follow the one before them: something between was changed, or taken out.

    The first line that is kept follows one that is gone, and a line that a power cut tore follows nothing.
    """
    lines = _lines(state / FOLDER)
    pairs = enumerate(itertools.pairwise(lines), 2)
    wrong = []
    for number, (before, line) in pairs:
        told, earlier = _read(line), _read(before)
        if told is not None and earlier is not None and told.get(AFTER) != mark([before]):
            wrong.append(number)
    return wrong


def mark(lines: list[bytes]) -> str:
    """What the next line says of the one before it; it shows a change, it does not keep a determined hand from one."""
    return hashlib.sha256(lines[-1]).hexdigest()[:16] if lines else ""


def _lines(folder: Path) -> list[bytes]:
    found: list[bytes] = []
    for name in (BEFORE, NOW):
        with contextlib.suppress(OSError):
            found += (folder / name).read_bytes().splitlines()
    return found


def _read(line: bytes) -> dict[str, str | int] | None:
    with contextlib.suppress(ValueError):
        told = json.loads(line)
        if isinstance(told, dict) and told.get("event") in BY_ID:
            return told
    return None


def _checked(kind: Kind | None, event: str, given: Mapping[str, str | int]) -> None:
    if kind is None:
        raise ValueError(f"{event} is no event of kiosk/ops/registry.py")
    if set(given) != {name for name, _ in kind.fields}:
        raise ValueError(f"{event} has other fields than the registry says")
    for name, value in kind.fields:
        found = given[name]
        fits = isinstance(found, str) and _WORD.fullmatch(found) if value == "word" else type(found) is int
        if not fits:
            raise ValueError(f"{event}: {name} is no {value}")
