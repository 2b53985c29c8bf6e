"""Requests on their way to the centre: sealed until they arrive, wiped then, never sent under two keys."""

import hashlib
import json
import sqlite3
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from kiosk.domain.request import DEVICE_STATES, DeviceState, ServerState
from kiosk.engine.ages import Up, waited_s
from kiosk.engine.journal.database import Database
from kiosk.engine.journal.rows import OutboxRow, Summary, read_time, written
from kiosk.engine.ports import RequestOrder, Sealed

_WAITING = "('queued', 'sending', 'unknown')"

FRESH = timedelta(minutes=2)
"""A request as young as this may have its citizen waiting for the centre's word; what is older is backlog."""

FAR_AHEAD = timedelta(hours=2)
"""No try is ever put off for longer; what stands further ahead was written before the clock was put back."""


class Outbox:
    """The requests of this kiosk, by client_request_id. An id that is not there raises KeyError."""

    def __init__(self, database: Database, up: Callable[[], Up] | None = None) -> None:
        self._database = database
        self._up = up
        self.trusted = False
        """Whether the centre's clock has agreed with this machine's since it started."""

    def enqueue(self, order: RequestOrder, masked: Mapping[str, object]) -> OutboxRow:
        """Keep a request before anything is said of it; the same id again gives what is there.

        `masked` is what may be shown or printed again. Raise ValueError when the id stands for another content.
        """
        sealed = json.dumps({"kid": order.sealed.kid, "alg": order.sealed.alg, "ciphertext": order.sealed.ciphertext})
        consents = json.dumps(order.consents)
        digest = hashlib.sha256(json.dumps([order.service, order.assurance, consents, sealed]).encode()).hexdigest()
        captured = written(order.captured_at)
        with self._database.write() as connection:
            known = connection.execute("SELECT digest FROM outbox WHERE id = ?", (order.id,)).fetchone()
            if known is not None and known["digest"] != digest:
                raise ValueError("a request's id is minted once: it stands for another content already")
            connection.execute(
                "INSERT INTO outbox (id, service, digest, sealed, masked, assurance, consents, captured_at, state,"
                " next_at, changed_at, boot, up_s) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'queued', ?, ?, ?, ?)"
                " ON CONFLICT (id) DO NOTHING",
                (order.id, order.service, digest, sealed, json.dumps(dict(masked), ensure_ascii=False), order.assurance,
                 consents, captured, captured, self._database.stamp(), *self._here()),
            )  # fmt: skip
            return _get(connection, order.id)

    def get(self, request: str) -> OutboxRow | None:
        """One request by its id."""
        with self._database.read() as connection:
            return _find(connection, request)

    def recent(self, since: datetime) -> tuple[OutboxRow, ...]:
        """What was captured since a moment, oldest first, whatever became of it."""
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT * FROM outbox WHERE captured_at >= ? ORDER BY captured_at, rowid", (written(since),)
            )
            return tuple(map(_row, rows))

    def unsettled(self, since: datetime) -> tuple[OutboxRow, ...]:
        """What was captured since a moment at the screen and has no settled receipt, oldest first.

        A request by command has no citizen in front of it, so no page and no paper of it is ever owed.
        """
        query = (
            "SELECT * FROM outbox WHERE captured_at >= ? AND json_extract(masked, '$.by') IS NOT 'command' AND NOT"
            " EXISTS (SELECT 1 FROM job WHERE job.subject = outbox.id AND job.state = 'printed')"
            " ORDER BY captured_at, rowid"
        )
        with self._database.read() as connection:
            return tuple(map(_row, connection.execute(query, (written(since),))))

    def due(self, now: datetime, limit: int = 50) -> tuple[OutboxRow, ...]:
        """What may be tried now: what is fresh, then the backlog, each oldest first."""
        # Two questions that an index answers in order; one that sorts would read everything that waits.
        queries = [
            f"SELECT * FROM outbox INDEXED BY outbox_order WHERE state IN {_WAITING} AND state != 'sending'"  # noqa: S608
            f" AND captured_at {age} ? AND (next_at <= ? OR next_at > ?) ORDER BY captured_at, rowid LIMIT ?"
            for age in (">=", "<")
        ]
        found: list[OutboxRow] = []
        with self._database.read() as connection:
            for query in queries:
                values = (written(now - FRESH), written(now), written(now + FAR_AHEAD), limit - len(found))
                found += map(_row, connection.execute(query, values))
        return tuple(found)

    def next_at(self) -> datetime | None:
        """When the next try is due; None when nothing waits."""
        query = "SELECT min(next_at) FROM outbox WHERE state IN ('queued', 'unknown')"
        with self._database.read() as connection:
            (moment,) = connection.execute(query).fetchone()
        return read_time(moment) if moment else None

    def sending(self, request: str) -> OutboxRow:
        """A try begins."""
        return self._change(request, "state = 'sending', attempts = attempts + 1", "state IN ('queued', 'unknown')")

    def unknown(self, request: str) -> OutboxRow:
        """Bytes went out and no answer came: from now on it may have arrived, whatever later tries say."""
        return self._change(request, "state = 'unknown', ambiguous = 1", f"state IN {_WAITING}")

    def retry_at(self, request: str, at: datetime) -> OutboxRow:
        """Try again then; a request that may have arrived stays unknown, the others are queued."""
        state = "CASE ambiguous WHEN 1 THEN 'unknown' ELSE 'queued' END"
        return self._change(request, f"state = {state}, next_at = ?", f"state IN {_WAITING}", written(at))

    def answered(
        self,
        request: str,
        reference: str | None,
        server_state: ServerState,
        status_url: str | None,
        at: datetime,
        received_at: str | None = None,
    ) -> OutboxRow:
        """The centre has it: its word stands from now on, and the payload is wiped at once.

        `received_at` is the centre's own time of receipt (RFC 3339), which may have a legal meaning; `at` is ours.
        """
        with self._database.write(wipe=True) as connection:
            _get(connection, request)
            connection.execute(
                "UPDATE outbox SET state = 'submitted', reference = coalesce(?, reference), server_state = ?,"
                " status_url = coalesce(?, status_url), received_at = coalesce(?, received_at), sealed = NULL,"
                " last_error = NULL, changed_at = ? WHERE id = ?",
                (reference, server_state, status_url, received_at, written(at), request),
            )
            _contact(connection, at, self._here())
            return _get(connection, request)

    def quarantined(self, request: str, code: str) -> OutboxRow:
        """The centre refused it for good: it waits, sealed, for a person."""
        return self._change(request, "state = 'quarantined', last_error = ?", f"state IN {_WAITING}", code)

    def expire(self, now: datetime, max_age: timedelta) -> tuple[OutboxRow, ...]:
        """Wipe what has waited for too long; reference, service, time and reason stay. Give what expired."""
        with self._database.write(wipe=True) as connection:
            up = self._up() if self._up is not None else None
            # Most of what waits is young by both clocks, so that only the rest is looked at one by one.
            waiting = connection.execute(
                "SELECT id, captured_at, boot, up_s FROM outbox WHERE state IN ('queued', 'unknown', 'quarantined')"
                " AND (captured_at < ? OR (boot = ? AND boot != '' AND up_s < ?) OR captured_at > ?)",
                (written(now - max_age), up.boot if up else "", up.seconds - max_age.total_seconds() if up else 0.0,
                 written(now)),
            ).fetchall()  # fmt: skip
            late = [row["id"] for row in waiting if self._age_s(row, now) > max_age.total_seconds()]
            rows = [
                connection.execute(
                    "UPDATE outbox SET state = 'expired', sealed = NULL, masked = NULL, changed_at = ?,"
                    " last_error = coalesce(last_error, 'too-old') WHERE id = ? RETURNING *",
                    (self._database.stamp(), request),
                ).fetchone()
                for request in late
            ]
            return tuple(map(_row, rows))

    def _here(self) -> tuple[str, float]:
        up = self._up() if self._up is not None else None
        return (up.boot, up.seconds) if up is not None else ("", 0.0)

    def _age_s(self, row: sqlite3.Row, now: datetime) -> float:
        since = Up(row["boot"], row["up_s"]) if row["boot"] else None
        up = self._up() if self._up is not None else None
        return waited_s(read_time(row["captured_at"]), now, since, up, trusted=self.trusted)

    def expired_since(self, since: datetime) -> tuple[tuple[OutboxRow, datetime], ...]:
        """What expired since a moment, and when: the centre must be told that it will never come."""
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT * FROM outbox WHERE state = 'expired' AND changed_at >= ? ORDER BY changed_at, rowid",
                (written(since),),
            )
            return tuple((_row(row), read_time(row["changed_at"])) for row in rows)

    def prune(self, before: datetime) -> int:
        """Delete what arrived or expired before a moment; give the count."""
        with self._database.write(wipe=True) as connection:
            return connection.execute(
                "DELETE FROM outbox WHERE state IN ('submitted', 'expired') AND changed_at < ?", (written(before),)
            ).rowcount

    def contact(self, at: datetime) -> None:
        """The centre was heard from."""
        with self._database.write() as connection:
            _contact(connection, at, self._here())

    def last_contact(self) -> datetime | None:
        """When the centre was last heard from; None before the first time."""
        with self._database.read() as connection:
            row = connection.execute("SELECT value FROM meta WHERE key = 'central.contact'").fetchone()
        return read_time(row["value"]) if row else None

    def summary(self, now: datetime) -> Summary:
        """What waits, without any content."""
        with self._database.read() as connection:
            counted = dict(connection.execute("SELECT state, count(*) FROM outbox GROUP BY state").fetchall())
            # One row a start of the machine: within one, the earliest by the wall is the earliest by its own seconds.
            query = (
                "SELECT min(captured_at) AS captured_at, boot, min(up_s) AS up_s, count(*) AS items,"  # noqa: S608
                f" sum(size) AS size FROM outbox WHERE state IN {_WAITING} GROUP BY boot"
            )
            starts = connection.execute(query).fetchall()
        age = max((self._age_s(row, now) for row in starts), default=0.0)
        states: dict[DeviceState, int] = {state: counted.get(state, 0) for state in DEVICE_STATES}
        return Summary(sum(row["items"] for row in starts), age, states, sum(row["size"] or 0 for row in starts))

    def silence_s(self, now: datetime) -> float | None:
        """Seconds since the centre was last heard from; None before the first time."""
        with self._database.read() as connection:
            found = dict(connection.execute("SELECT key, value FROM meta WHERE key LIKE 'central.contact%'").fetchall())
        if "central.contact" not in found:
            return None
        boot, _, seconds = found.get("central.contact.up", "").partition(" ")
        since = Up(boot, float(seconds)) if boot and seconds else None
        up = self._up() if self._up is not None else None
        return waited_s(read_time(found["central.contact"]), now, since, up, trusted=self.trusted)

    def _change(self, request: str, change: str, where: str, *values: str) -> OutboxRow:
        query = f"UPDATE outbox SET {change}, changed_at = ? WHERE id = ? AND {where}"  # noqa: S608 - constants of this file
        with self._database.write() as connection:
            connection.execute(query, (*values, self._database.stamp(), request))
            return _get(connection, request)


def recover(connection: sqlite3.Connection) -> None:
    """After a crash, whatever was being sent may have arrived."""
    connection.execute("UPDATE outbox SET state = 'unknown', ambiguous = 1 WHERE state = 'sending'")


def _contact(connection: sqlite3.Connection, at: datetime, here: tuple[str, float]) -> None:
    boot, seconds = here
    connection.executemany(
        "INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        [("central.contact", written(at)), ("central.contact.up", f"{boot} {seconds:.3f}" if boot else "")],
    )


def _find(connection: sqlite3.Connection, request: str) -> OutboxRow | None:
    row = connection.execute("SELECT * FROM outbox WHERE id = ?", (request,)).fetchone()
    return _row(row) if row else None


def _get(connection: sqlite3.Connection, request: str) -> OutboxRow:
    found = _find(connection, request)
    if found is None:
        raise KeyError(f"no request {request} in the outbox")
    return found


def _row(row: sqlite3.Row) -> OutboxRow:
    return OutboxRow(
        id=row["id"],
        service=row["service"],
        sealed=Sealed(**json.loads(row["sealed"])) if row["sealed"] else None,
        masked=json.loads(row["masked"] or "{}"),
        assurance=row["assurance"],
        consents=tuple(json.loads(row["consents"])),
        captured_at=read_time(row["captured_at"]),
        state=row["state"],
        ambiguous=bool(row["ambiguous"]),
        attempts=row["attempts"],
        next_at=read_time(row["next_at"]),
        reference=row["reference"],
        server_state=row["server_state"],
        status_url=row["status_url"],
        last_error=row["last_error"],
        received_at=row["received_at"],
    )
