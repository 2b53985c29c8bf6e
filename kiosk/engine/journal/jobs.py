"""Print jobs: what went to the printer and what is known to have come of it, so that a restart can ask first."""

import sqlite3
from datetime import datetime

from kiosk.domain.promises import Promise
from kiosk.engine.journal import promises
from kiosk.engine.journal.database import Database
from kiosk.engine.journal.rows import JobKind, JobRow, JobState, read_time, written


class Jobs:
    """The jobs of this kiosk's printer. Those of tickets are kept by Tickets; receipts and slips are kept here."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def start(self, job: str, kind: JobKind, subject: str, digest: str) -> Promise:
        """Bytes are about to go out; what they promise is written down first."""
        with self._database.write() as connection:
            return start(connection, job, kind, subject, digest, self._database.stamp())

    def settle(self, job: str, state: JobState) -> None:
        """It is known what came of it, or known that nobody knows."""
        with self._database.write() as connection:
            stamp = self._database.stamp()
            changed = connection.execute(
                "UPDATE job SET state = ?, settled_at = ? WHERE id = ? AND state != ?", (state, stamp, job, state)
            )
            if changed.rowcount:
                promises.add(connection, state, job, "", stamp)

    def held(self, request: str) -> None:
        """She has this receipt, by her own word or from the screen; its paper is no question any more."""
        stamp = self._database.stamp()
        with self._database.write() as connection:
            settle_subject(connection, request, "printed", stamp)
            connection.execute(
                "INSERT INTO job (id, kind, subject, digest, state, at, settled_at)"
                " VALUES (?, 'receipt', ?, '', 'printed', ?, ?) ON CONFLICT (id) DO NOTHING",
                (f"{request}.held", request, stamp, stamp),
            )

    def unsettled(self) -> tuple[JobRow, ...]:
        """Jobs that were under way or doubtful, oldest first: the first question after a restart."""
        return self._rows("SELECT * FROM job WHERE state IN ('sending', 'unknown') ORDER BY at, id")

    def of(self, subject: str) -> tuple[JobRow, ...]:
        """The jobs of one ticket or request, oldest first; more than one means that it was printed again."""
        return self._rows("SELECT * FROM job WHERE subject = ? ORDER BY at, id", subject)

    def last(self) -> JobRow | None:
        """The newest job."""
        rows = self._rows("SELECT * FROM job ORDER BY at DESC, rowid DESC LIMIT 1")
        return rows[0] if rows else None

    def prune(self, before: datetime) -> int:
        """Delete jobs settled before a moment that belong to nothing any more; a ticket's go with it."""
        with self._database.write() as connection:
            return connection.execute(
                "DELETE FROM job WHERE state IN ('printed', 'failed') AND settled_at < ? AND (kind IN ('slip', 'test')"
                " OR kind = 'receipt' AND subject NOT IN (SELECT id FROM outbox))",
                (written(before),),
            ).rowcount

    def _rows(self, query: str, *values: str) -> tuple[JobRow, ...]:
        with self._database.read() as connection:
            return tuple(map(_row, connection.execute(query, values)))


def start(connection: sqlite3.Connection, job: str, kind: JobKind, subject: str, digest: str, at: str) -> Promise:
    """Write a job down as sending, and what its paper promises, within the caller's transaction."""
    connection.execute(
        "INSERT INTO job (id, kind, subject, digest, state, at) VALUES (?, ?, ?, ?, 'sending', ?)"
        " ON CONFLICT (id) DO UPDATE SET state = 'sending', at = excluded.at, settled_at = NULL",
        (job, kind, subject, digest, at),
    )
    return promises.add(connection, kind, subject, digest, at)


def settle_subject(connection: sqlite3.Connection, subject: str, state: JobState, at: str) -> None:
    """Settle the open jobs of one ticket, within the caller's transaction."""
    settled = connection.execute(
        "UPDATE job SET state = ?, settled_at = ? WHERE subject = ? AND state IN ('sending', 'unknown')"
        " AND state != ? RETURNING id",
        (state, at, subject, state),
    ).fetchall()
    for row in settled:
        promises.add(connection, state, row["id"], "", at)


def _row(row: sqlite3.Row) -> JobRow:
    at = read_time(row["at"])
    return JobRow(row["id"], row["kind"], row["subject"], row["digest"], row["state"], at)
