"""`kiosk branch promote`: a kiosk's copy of the log becomes the hub's database, the one before is moved aside."""

import json
import sqlite3
from datetime import datetime
from pathlib import Path

from branch.store.database import Database, move_aside
from branch.store.founding import found, understood
from branch.store.log import Entry
from kiosk.config import Settings
from kiosk.domain.errors import Refusal
from kiosk.engine.log_copy import FILE, read_copy


def promote(source: Path, url: str, settings: Settings, now: datetime) -> dict[str, object]:
    """Make the hub; Refusal while one runs on that database or in that folder, and where there is no copy."""
    entries = _entries(source)
    beside = Database(f"sqlite:///{source / 'branch.db'}")
    beside.refuse_running()
    told = understood(entries)
    aside = move_aside(url, settings.branch.id, now)
    done = found(url, settings.branch.id, entries, told, settings.ranges.ranges(), now)
    return {
        "promoted": True,
        "epoch": done.epoch,
        "tickets": done.tickets,
        "last": done.last,
        "set_aside": str(aside) if aside else None,
    }


def _entries(source: Path) -> list[Entry]:
    file = source / FILE
    if not file.is_file():
        raise Refusal(f"{source} holds no copy of the hub's log ({FILE}); name the state folder of a kiosk")
    try:
        copied = read_copy(file)
        return [
            Entry(e.epoch, e.seq, e.type, e.subject, e.verb, e.actor, e.at_ms, json.loads(e.data))  # type: ignore[arg-type]
            for e in copied
        ]
    except (sqlite3.DatabaseError, ValueError) as error:
        raise Refusal(f"{file} is damaged ({error}); promote another kiosk") from error
