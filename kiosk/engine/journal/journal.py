"""The journal as the engine holds it: tickets, jobs, outbox and a few remembered words over one database."""

from collections.abc import Callable
from pathlib import Path

from kiosk.engine.ages import Up
from kiosk.engine.journal.database import Database
from kiosk.engine.journal.jobs import Jobs
from kiosk.engine.journal.lock import Lock
from kiosk.engine.journal.outbox import Outbox
from kiosk.engine.journal.promises import Promises
from kiosk.engine.journal.tickets import Tickets


class Meta:
    """A few words that must be there after a restart, e.g. the last business date. Nothing personal."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, key: str) -> str | None:
        """The word kept under a key."""
        with self._database.read() as connection:
            row = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return row["value"] if row else None

    def set(self, key: str, value: str) -> None:
        """Keep a word under a key."""
        with self._database.write() as connection:
            connection.execute(
                "INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", (key, value)
            )


class Journal:
    """One file, one writer. Every method is one durable transaction and may be called from any thread.

    A full disk or a failing one raises Broken, with what to do about it.
    """

    def __init__(self, path: Path, database: Database, lock: Lock | None, up: Callable[[], Up] | None = None) -> None:
        self.path = path
        self.tickets = Tickets(database)
        self.jobs = Jobs(database)
        self.outbox = Outbox(database, up)
        self.meta = Meta(database)
        self.promises = Promises(database)
        self._database = database
        self._lock = lock

    def close(self) -> None:
        """Let go of the file, and then of the right to write it."""
        self._database.close()
        if self._lock is not None:
            self._lock.release()
