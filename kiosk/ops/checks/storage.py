"""Checks of what lasts: the state folder, room on its disk, and the databases in it."""

import shutil
import sqlite3
import tempfile
from pathlib import Path

from kiosk.ops.doctor import Finding, open_question, unwell, well

SCARCE_BYTES = 200 << 20
"""Below this the journal may soon be refused: a day of tickets and events takes some megabytes, an update far more."""
_SOUND = "ok"
_BUSY_S = 2.0


def state_folder(state: Path) -> Finding:
    """Whether everything that lasts can be written."""
    name = "state-folder"
    there = state
    while not there.exists() and there != there.parent:
        there = there.parent
    remedy = f"make {there} writable for this account, or give another folder with --state"
    if not there.is_dir():
        return unwell(name, f"{there} is no folder", "give another folder with --state", required=True)
    try:
        with tempfile.TemporaryFile(dir=there):
            pass
    except OSError as error:
        why = (error.strerror or "refused").lower()
        return unwell(name, f"{there} cannot be written ({why})", remedy, required=True)
    if there != state:
        return well(name, f"{state} will be made at the first start", required=True)
    if state.stat().st_mode & 0o007:
        return unwell(name, f"{state} can be opened by every account", f"chmod o-rwx {state}")
    return well(name, f"{state} can be written", required=True)


def disk(state: Path) -> Finding:
    """Whether there is room for the coming days."""
    name = "disk"
    there = next(folder for folder in (state, *state.parents) if folder.exists())
    free = shutil.disk_usage(there).free
    room = f"{free / (1 << 30):.1f} GB free" if free >= 1 << 30 else f"{free >> 20} MB free"
    if free < SCARCE_BYTES:
        return unwell(name, room, "remove old logs and pictures; the kiosk stops when the disk is full", required=True)
    return well(name, room, required=True)


def journal(state: Path) -> Finding:
    """Whether the kiosk's journal is whole."""
    remedy = "start the kiosk: it sets the damaged file aside and begins a fresh one; keep the old and call the centre"
    return _database("journal", state / "kiosk.db", remedy, required=True)


def hub_database(state: Path) -> Finding:
    """Whether the branch hub's database is whole, on the machine that is the hub."""
    remedy = "stop the hub and promote a kiosk's copy: kiosk branch promote --from STATE_DIR"
    return _database("hub-database", state / "branch.db", remedy, required=True)


def _database(name: str, file: Path, remedy: str, *, required: bool) -> Finding:
    if not file.exists():
        return open_question(name, f"there is no {file.name} yet", "it is made at the first start")
    try:
        found = _quick_check(file)
    except sqlite3.OperationalError as error:
        found = f"it cannot be read ({getattr(error, 'sqlite_errorname', 'error')})"
        if getattr(error, "sqlite_errorname", "").startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            return open_question(name, f"{file.name} is being written just now", "ask again")
        remedy = f"make {file} readable for this account"
    except sqlite3.DatabaseError:
        found = "damaged"
    if found != _SOUND:
        return unwell(name, f"{file.name}: {found}", remedy, required=required)
    return well(name, f"{file.name} is whole", required=required)


def _quick_check(file: Path) -> str:
    """`ok`, or the first damage. Read only, and beside whoever writes: SQLite shows a whole state to both."""
    if file.stat().st_size == 0:
        return _SOUND
    connection = sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True, timeout=_BUSY_S)
    try:
        if _cut_short(connection, file):
            return "damaged: its end is missing"
        (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        return _SOUND if found == _SOUND else "damaged"
    finally:
        connection.close()


def _cut_short(connection: sqlite3.Connection, file: Path) -> bool:
    """SQLite takes a missing tail for zeros and may find nothing wrong with it; a log beside it may hold that tail."""
    log = file.with_name(file.name + "-wal")
    if log.exists() and log.stat().st_size:
        return False
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    (size,) = connection.execute("PRAGMA page_size").fetchone()
    return file.stat().st_size < int(pages) * int(size)
