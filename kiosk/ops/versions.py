"""Keeps the versions of configuration and catalogue in the state folder, each shelf a file, whole or not there."""

import json
import logging
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from threading import Lock
from typing import Literal

from kiosk.domain.shelf import Shelf, Version
from kiosk.ops.files import make_folder, write_whole

FOLDER = "versions"
Kind = Literal["config", "catalogue"]
KINDS: tuple[Kind, ...] = ("config", "catalogue")

_log = logging.getLogger(__name__)


class Versions:
    """The shelves of one kiosk; changes may come from any thread."""

    def __init__(self, state: Path) -> None:
        self._folder = state / FOLDER
        self._lock = Lock()
        self._shelves = {kind: self._read(kind) for kind in KINDS}

    def __getitem__(self, kind: Kind) -> Shelf:
        return self._shelves[kind]

    @property
    def refused(self) -> tuple[str, ...]:
        """The tags under which this kiosk did not come back healthy."""
        return tuple(tag for kind in KINDS for tag in self._shelves[kind].refused)

    @property
    def waits(self) -> bool:
        """Whether a start would bring anything new."""
        return any(self._shelves[kind].waits for kind in KINDS)

    @property
    def on_trial(self) -> bool:
        """Whether anything in force must still prove itself."""
        return any(self._shelves[kind].on_trial for kind in KINDS)

    def change(self, kind: Kind, how: Callable[[Shelf], Shelf]) -> Shelf:
        """Put a shelf's new content on disk, then into force."""
        with self._lock:
            before = self._shelves[kind]
            after = how(before)
            if after != before:
                make_folder(self._folder)
                write_whole(self._file(kind), json.dumps(asdict(after), ensure_ascii=False).encode())
                self._shelves[kind] = after
            return after

    def forget(self) -> None:
        """Another enrolment: nothing that came under the earlier one counts."""
        for kind in KINDS:
            self.change(kind, lambda _shelf: Shelf())

    def _file(self, kind: Kind) -> Path:
        return self._folder / f"{kind}.json"

    def _read(self, kind: Kind) -> Shelf:
        try:
            stored = json.loads(self._file(kind).read_bytes())
            current, staged = (Version(**stored[name]) if stored[name] else None for name in ("current", "staged"))
            return Shelf(current, staged, int(stored["tries"]), tuple(map(str, stored["refused"])), str(stored["seen"]))
        except FileNotFoundError:
            return Shelf()
        except (OSError, ValueError, TypeError, KeyError) as error:
            _log.error("the stored %s cannot be read (%s); the built-in one is used", kind, type(error).__name__)
            return Shelf()
