"""The kiosk's copy of the hub's log, in a file of its own: enough to become the hub, and nothing personal in it."""

import sqlite3
from collections.abc import Iterable
from pathlib import Path

from kiosk.domain.errors import Broken
from kiosk.engine.ports import LogEntry

FILE = "hub-log.db"
"""Where the copy lies, in the state folder."""

_BUSY_MS = 5000
_TABLES = """
    CREATE TABLE IF NOT EXISTS source (one INTEGER PRIMARY KEY CHECK (one = 1), log TEXT NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS entry (
        epoch INTEGER NOT NULL, seq INTEGER NOT NULL, type TEXT NOT NULL, subject TEXT NOT NULL, verb TEXT NOT NULL,
        actor TEXT NOT NULL, at_ms INTEGER NOT NULL, data TEXT NOT NULL, PRIMARY KEY (epoch, seq)
    ) STRICT, WITHOUT ROWID;
"""
_COLUMNS = "epoch, seq, type, subject, verb, actor, at_ms, data"

_PRUNE_HALL = """
    DELETE FROM entry WHERE type = 'hall' AND at_ms < ? AND NOT (
        verb = 'suspend' AND NOT EXISTS (
            SELECT 1 FROM entry AS later
            WHERE later.type = 'hall' AND later.subject = entry.subject AND later.verb IN ('suspend', 'take-up')
            AND (later.epoch, later.seq) > (entry.epoch, entry.seq))
        OR EXISTS (
            SELECT 1 FROM entry AS booked
            WHERE booked.type = 'hall' AND booked.subject = entry.subject AND booked.verb = 'book'
            AND json_extract(booked.data, '$.starts_ms') >= ?))
"""


class LogCopy:
    """One writer, the follower's thread. What a power cut takes off its end is fetched again; Broken on a bad disk."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._connection = self._open()
        except sqlite3.DatabaseError:
            # Only a copy: the hub still has everything, and a fresh one takes seconds.
            for part in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
                part.unlink(missing_ok=True)
            self._connection = self._open()

    @property
    def log(self) -> str:
        """The name of the log that is copied; empty before the first page."""
        row = self._connection.execute("SELECT log FROM source").fetchone()
        return str(row[0]) if row else ""

    @property
    def place(self) -> tuple[int, int]:
        """Epoch and number of the last entry that is here."""
        row = self._connection.execute("SELECT epoch, seq FROM entry ORDER BY epoch DESC, seq DESC LIMIT 1").fetchone()
        return (int(row[0]), int(row[1])) if row else (0, 0)

    def begin(self, log: str) -> None:
        """Begin the copy of another log with nothing."""
        self._do([("DELETE FROM entry", ()), ("INSERT OR REPLACE INTO source (one, log) VALUES (1, ?)", (log,))])

    def keep(self) -> str:
        """Put what is here into a file of its own beside this one, under its last entry; give its name."""
        epoch, seq = self.place
        kept = self._path.with_name(f"{self._path.name}.until-{epoch}-{seq}")
        kept.unlink(missing_ok=True)
        self._connection.execute("VACUUM INTO ?", (str(kept),))
        kept.chmod(0o600)
        return kept.name

    def append(self, entries: Iterable[LogEntry]) -> None:
        """Take a page in, whole or not at all; an entry that is here already is passed over."""
        insert = f"INSERT OR IGNORE INTO entry ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608
        rows = [(e.epoch, e.seq, e.type, e.subject, e.verb, e.actor, e.at_ms, e.data) for e in entries]
        self._do([(insert, row) for row in rows])

    def prune(self, before_ms: int) -> None:
        """Throw away what happened to tickets, kiosks and in the hall before a moment.

        Grants and counters stay, and of the hall what still stands: suspensions, and all about bookings yet to come.
        """
        old = ("DELETE FROM entry WHERE type IN ('ticket', 'kiosk') AND at_ms < ?", (before_ms,))
        self._do([old, (_PRUNE_HALL, (before_ms, before_ms))])

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _open(self) -> sqlite3.Connection:
        self._path.touch(mode=0o600)
        connection = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)
        try:
            connection.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA cache_size = -64")  # KiB; writing from end to end wants no more
            connection.executescript(_TABLES)
        except BaseException:
            connection.close()
            raise
        return connection

    def _do(self, statements: list[tuple[str, tuple[object, ...]]]) -> None:
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            for statement, values in statements:
                self._connection.execute(statement, values)
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise Broken(
                f"the copy of the hub's log cannot be written ({error}): look at the data partition"
            ) from error


def read_after(path: Path, log: str, place: tuple[int, int], before_ms: int, limit: int) -> tuple[str, list[LogEntry]]:
    """The name of the copied log and its next entries older than a moment, read beside whoever writes the copy.

    `place` is epoch and number of the last entry that is known of `log`; of another log it means nothing.
    """
    if not path.is_file():
        return "", []
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=_BUSY_MS / 1000)
    try:
        row = connection.execute("SELECT log FROM source").fetchone()
        name = str(row[0]) if row else ""
        rows = connection.execute(
            f"SELECT {_COLUMNS} FROM entry WHERE (epoch, seq) > (?, ?) AND at_ms < ? ORDER BY epoch, seq LIMIT ?",  # noqa: S608
            (*(place if name == log else (0, 0)), before_ms, limit),
        )
        return name, [LogEntry(*row) for row in rows]
    finally:
        connection.close()


def read_copy(path: Path) -> list[LogEntry]:
    """Read a copy beside whoever writes it, oldest entry first; an empty list where there is none."""
    if not path.is_file():
        return []
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=_BUSY_MS / 1000)
    try:
        rows = connection.execute(f"SELECT {_COLUMNS} FROM entry ORDER BY epoch, seq")  # noqa: S608
        return [LogEntry(*row) for row in rows]
    finally:
        connection.close()
