"""SQLite's writers share commits: whoever's turn it is does the work of all who wait, and the disk is asked once."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Engine

T = TypeVar("T")

MOST = 64
"""The most work in one commit: above it, the first would wait for the last."""


@dataclass(slots=True)
class _Job:
    work: Callable[[Connection], Any]
    settled: bool = False
    value: Any = None
    error: BaseException | None = None

    def attempt(self, connection: Connection) -> None:
        """Do it; what it raises undoes this work alone and is its own asker's answer."""
        connection.exec_driver_sql("SAVEPOINT work")
        try:
            self.value = self.work(connection)
        except Exception as error:  # noqa: BLE001 - it is the asker's answer
            connection.exec_driver_sql("ROLLBACK TO SAVEPOINT work")
            self.error = error
        connection.exec_driver_sql("RELEASE SAVEPOINT work")


@dataclass
class Batches:
    """Work of many threads in few transactions. `turn` is the lock that all writers of this database take."""

    engine: Engine
    turn: Lock
    _waiting: "deque[_Job]" = field(default_factory=deque)

    def run(self, work: Callable[[Connection], T]) -> T:
        """Give what `work` gives, or raise what it raises, once the transaction that it was part of is on disk."""
        job = _Job(work)
        self._waiting.append(job)
        while not job.settled:
            with self.turn:
                if not job.settled:
                    self._commit([self._waiting.popleft() for _ in range(min(MOST, len(self._waiting)))])
        if job.error is not None:
            raise job.error
        return cast("T", job.value)

    def _commit(self, batch: list[_Job]) -> None:
        try:
            with self.engine.begin() as connection:
                for job in batch:
                    job.attempt(connection)
        except BaseException as error:  # noqa: BLE001 - nothing was stored: everybody has to be told
            for job in batch:
                job.error = error
        finally:
            for job in batch:
                job.settled = True
