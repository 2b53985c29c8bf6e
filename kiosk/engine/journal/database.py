"""One connection for the whole process behind one lock: every change a transaction, every failure a plain word."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import RLock

from kiosk.domain.errors import Broken
from kiosk.engine.journal.rows import written

BUSY_MS = 5000
"""How long a statement waits for a reader's or a checkpoint's lock; both take milliseconds."""
WIPE_MS = 50
"""How long wiping waits for a reader: a suspended one must not hold up a citizen."""


class Database:
    """The journal's connection. `now` stamps what callers give no time for."""

    def __init__(self, connection: sqlite3.Connection, now: Callable[[], datetime]) -> None:
        self._connection = connection
        self._now = now
        self._lock = RLock()
        self._wiping = False

    def stamp(self) -> str:
        """The present time as it is written."""
        return written(self._now())

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """Read, with nobody writing in between."""
        with self._lock, _plainly():
            yield self._connection

    @contextmanager
    def write(self, wipe: bool = False) -> Iterator[sqlite3.Connection]:
        """Change something, durably and as a whole. `wipe`: what was deleted must not be found in any file after."""
        with self._lock, _plainly():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.rollback()
                raise
            self._connection.execute("COMMIT")
            self._wiping = self._wiping or wipe
            if self._wiping:
                self._wiping = not self._empty_log()

    def close(self) -> None:
        """Fold the write-ahead log into the file and let go of it."""
        with self._lock:
            try:
                self._connection.close()
            except sqlite3.Error as error:
                raise _broken(error) from error

    def _empty_log(self) -> bool:
        """Cut the write-ahead log to nothing; a reader can hold it, then it is tried again after the next change."""
        self._connection.execute(f"PRAGMA busy_timeout = {WIPE_MS}")
        (busy, _, _) = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        self._connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
        return not busy


@contextmanager
def _plainly() -> Iterator[None]:
    try:
        yield
    except sqlite3.IntegrityError:
        raise
    except sqlite3.DatabaseError as error:
        raise _broken(error) from error


def _broken(error: sqlite3.Error) -> Broken:
    word = getattr(error, "sqlite_errorname", "") or type(error).__name__
    if word == "SQLITE_FULL":
        return Broken("the disk is full: make room on the data partition; nothing new is accepted until then")
    return Broken(f"the journal cannot be used ({word}): look at the data partition, then restart the kiosk")
