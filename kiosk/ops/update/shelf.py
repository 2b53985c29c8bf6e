"""Keeps where an update stands in the state folder, whole or not there."""

import json
import logging
from dataclasses import asdict
from pathlib import Path
from typing import Any

from kiosk.domain.update import Offer, Result, Update
from kiosk.ops.files import make_folder, write_whole

FOLDER = "update"
FILE = "update.json"
ASKED = "asked"
"""There while somebody has asked for an update by hand; kiosk-update.path starts the updater for it."""

_log = logging.getLogger(__name__)


def read_update(state: Path) -> Update:
    """Where the update of a state folder stands; what cannot be read is no update."""
    try:
        return understood((state / FOLDER / FILE).read_bytes())
    except FileNotFoundError:
        return Update()
    except OSError as error:
        _log.error("the state of the update cannot be read (%s)", type(error).__name__)
        return Update()


def keep_update(state: Path, update: Update) -> None:
    """Keep it; Refusal says what to mend."""
    write_whole(make_folder(state / FOLDER) / FILE, written(update))


def ask_for_update(state: Path) -> None:
    """Have the updater look at once, and take also what was refused before; Refusal says what to mend."""
    write_whole(make_folder(state / FOLDER) / ASKED, b"")


def was_asked(state: Path) -> bool:
    """Whether somebody has asked; it is taken note of by this."""
    asked = state / FOLDER / ASKED
    found = asked.exists()
    asked.unlink(missing_ok=True)
    return found


def written(update: Update) -> bytes:
    """An update as it is kept."""
    return json.dumps(asdict(update), ensure_ascii=False).encode()


def understood(content: bytes | None) -> Update:
    """The update that was kept; a fresh one where nothing can be understood."""
    try:
        told: dict[str, Any] = json.loads(content or b"")
        offer, last = told.pop("offer"), told.pop("last")
        for name in ("healthy", "refused"):
            told[name] = tuple(map(str, told[name]))
        return Update(offer=Offer(**offer) if offer else None, last=Result(**last) if last else None, **told)
    except (ValueError, TypeError, KeyError, AttributeError):
        return Update()
