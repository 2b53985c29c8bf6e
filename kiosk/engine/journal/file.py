"""Opens kiosk.db: one writer, the strictest durability; a damaged file is set aside, never overwritten."""

import os
import sqlite3
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from kiosk.domain.errors import Refusal
from kiosk.engine.ages import Up
from kiosk.engine.journal import outbox
from kiosk.engine.journal.database import BUSY_MS, Database
from kiosk.engine.journal.journal import Journal
from kiosk.engine.journal.lock import Lock
from kiosk.engine.journal.salvage import salvage
from kiosk.engine.journal.schema import migrate

NAME = "kiosk.db"

_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",  # a power cut right after a commit loses nothing
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",  # a wiped payload leaves no bytes in free pages
    "PRAGMA cell_size_check = ON",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cache_size = -512",  # KiB; the usual 2 MiB fill up over weeks, and what is asked for is in a few pages
)
_DAMAGE = ("SQLITE_CORRUPT", "SQLITE_NOTADB")


def open_journal(
    state: Path, now: Callable[[], datetime], up: Callable[[], Up] | None = None, *, settled: bool = True
) -> Journal:
    """Open the journal of a state folder for writing, making it where there is none. `up` gives the machine's seconds.

    Not `settled`, on the trial of a new system, the file is left such that the system before can work with it.

    Refusal: another process writes it, it cannot be opened, it is from a newer version, or it was damaged - then it
    has been set aside under the name given, and the next start begins a fresh one.
    """
    path = state / NAME
    try:
        lock = Lock(path)
    except OSError as error:
        raise Refusal(_closed(path, (error.strerror or str(error)).lower())) from error
    try:
        return Journal(path, Database(_open(path, now, settled), now), lock, up)
    except BaseException:
        lock.release()
        raise


def read_journal(state: Path, now: Callable[[], datetime], up: Callable[[], Up] | None = None) -> Journal | None:
    """Open the journal for reading beside whoever writes it; None where there is none. Refusal if it is damaged."""
    path = state / NAME
    if not path.exists() or path.stat().st_size == 0:
        return None
    connection: sqlite3.Connection | None = None
    try:
        connection = _connect(path, "ro")
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'outbox'").fetchone()
    except sqlite3.DatabaseError as error:
        if connection is not None:
            connection.close()
        if _is_damage(error):
            raise Refusal(f"the journal {path} is damaged; start the kiosk, which sets it aside") from error
        raise Refusal(_closed(path, str(error))) from error
    if not tables:
        connection.close()
        return None
    return Journal(path, Database(connection, now), None, up)


def _open(path: Path, now: Callable[[], datetime], settled: bool) -> sqlite3.Connection:
    # Made here, so that it and the files that SQLite puts beside it belong to their owner's eyes alone.
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    except OSError as error:
        raise Refusal(_closed(path, (error.strerror or str(error)).lower())) from error
    connection: sqlite3.Connection | None = None
    try:
        connection = _connect(path, "rw")
        _prepare(connection, path, now(), settled)
        return connection
    except BaseException as error:
        if connection is not None:
            connection.close()
        if isinstance(error, sqlite3.DatabaseError):
            if _is_damage(error):
                raise Refusal(_set_aside(path, now())) from error
            raise Refusal(_closed(path, str(error))) from error
        raise


def _prepare(connection: sqlite3.Connection, path: Path, at: datetime, settled: bool) -> None:
    if _is_cut_short(path):
        raise _Damage("cut short")
    findings = [row[0] for row in connection.execute("PRAGMA quick_check(1)")]
    if findings != ["ok"]:
        raise _Damage(findings[0])
    for pragma in _PRAGMAS:
        connection.execute(pragma)
    fresh = migrate(connection, at, settled=settled)
    connection.execute("BEGIN IMMEDIATE")
    if fresh:
        salvage(connection, path)
    outbox.recover(connection)
    connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    _settle_folder(path.parent)


def _is_cut_short(path: Path) -> bool:
    """Say whether the file lacks bytes that its header promises.

    SQLite takes a missing tail for zeros and its own check may pass. While a write-ahead log is beside it, the file
    may rightly be in the middle of growing.
    """
    log = path.with_name(path.name + "-wal")
    if log.exists() and log.stat().st_size:
        return False
    with path.open("rb") as file:
        header = file.read(32)
        size = file.seek(0, os.SEEK_END)
    if len(header) < 32:
        return size > 0
    page = int.from_bytes(header[16:18], "big")
    return size < (65536 if page == 1 else page) * int.from_bytes(header[28:32], "big")


class _Damage(sqlite3.DatabaseError):
    """The file opens, and its own check finds it damaged."""


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.resolve().as_uri()}?mode={mode}",
        uri=True,
        timeout=BUSY_MS / 1000,
        isolation_level=None,
        check_same_thread=False,
    )
    connection.row_factory = sqlite3.Row
    return connection


def _is_damage(error: sqlite3.Error) -> bool:
    return isinstance(error, _Damage) or getattr(error, "sqlite_errorname", "").startswith(_DAMAGE)


def _set_aside(path: Path, at: datetime) -> str:
    """Move the file and its companions away under a name that is free, and say so."""
    name = f"{path.name}.damaged-{at:%Y%m%dT%H%M%S}"
    number = 1
    while any(path.parent.glob(f"{name}*")):
        number += 1
        name = f"{path.name}.damaged-{at:%Y%m%dT%H%M%S}-{number}"
    for companion in ("-wal", "-shm", ""):
        source = path.with_name(path.name + companion)
        if source.exists():
            source.rename(path.with_name(name + companion))
    _settle_folder(path.parent)
    return (
        f"the journal {path} is damaged and was set aside as {name}; start again for a fresh one, "
        "keep that file and call the centre: what had not been sent is only in it"
    )


def _settle_folder(folder: Path) -> None:
    """Make names in a folder durable, not only the bytes of its files."""
    file = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def _closed(path: Path, why: str) -> str:
    return f"the journal {path} cannot be opened ({why}); make the folder yours, or give another with --state"


__all__ = ["NAME", "open_journal", "read_journal"]
