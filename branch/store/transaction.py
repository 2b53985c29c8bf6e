"""One write transaction of the hub: where log, queue and numbers stand, and what the work of a batch shares."""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, bindparam, select, update

from branch.life import QUEUED
from branch.moment import to_ms
from branch.store import schema
from branch.store.log import Entry, EventType, entry_of
from branch.store.prepared import Asked, Insert, Prepared, Values, one_trip, run, run_together
from branch.store.tail import CHANNEL, told_up_to
from kiosk.domain.ticket import Label

T = TypeVar("T")

PACE_STALE = "pace-stale"
"""In a transaction's memo: what earlier work of the batch did changes how the branch works."""
WAITING, SUSPENDED = "waiting", "suspended"
"""In a transaction's memo, and true for the next one too while nobody else writes: people waiting by service, and
the services suspended."""

CAUGHT_UP = 400
"""Entries of other hubs that are read to bring the memo up to date; after more, everything is counted again."""

TICKET, TOMBSTONE = 1, 2
"""What an id has left behind: a ticket, or the word of its kiosk that it was given up."""


@dataclass(slots=True)
class Tx:
    """One write transaction, shared by all work of a batch. `memo` keeps what the work before has read already.

    `series` holds the last number given out in each letter that this batch, or those right before it, have used.
    `others` are the entries that other hubs wrote right before this transaction's, where all of them are known.
    Tickets added wait in `fresh` until somebody needs them in their table, so that a batch stores all of them at once.
    """

    bare: Connection
    branch: str
    now_ms: int
    epoch: int
    seq: int
    place: int
    business_date: str
    entries: list[Entry] = field(default_factory=list)
    memo: dict[str, Any] = field(default_factory=dict)
    began: tuple[int, int, str] = (0, 0, "")
    series: dict[str, int] = field(default_factory=dict)
    numbered: set[str] = field(default_factory=set)
    fresh: dict[str, Values] = field(default_factory=dict)
    traces: dict[str, int | None] = field(default_factory=dict)
    others: Sequence[Entry] = ()

    @property
    def connection(self) -> Connection:
        """The transaction's connection, with every ticket so far in its table."""
        self.traces.clear()
        if self.fresh:
            rows = [{**row, "branch": self.branch} for row in self.fresh.values()]
            self.fresh.clear()
            _ADD_TICKETS.each(self.bare, rows)
        return self.bare

    @property
    def position(self) -> tuple[int, int, str]:
        """Where the log, the queue and the calendar stand."""
        return self.seq, self.place, self.business_date

    def log(self, kind: EventType, subject: str, verb: str, actor: str, data: dict[str, Any]) -> int:
        """Append an event; give its number."""
        self.seq += 1
        self.entries.append(Entry(self.epoch, self.seq, kind, subject, verb, actor, self.now_ms, data))
        return self.seq

    def trace(self, ticket: str) -> int | None:
        """What an id has left behind: `TICKET`, `TOMBSTONE`, or nothing."""
        if ticket in self.fresh:
            return TICKET
        if ticket in self.traces:
            return self.traces[ticket]
        found: int | None = _TRACE.first(self.bare, {"ticket": ticket, "given_up": ticket})
        return found

    def pace_changed(self) -> None:
        """Note that counters or services have changed, so that waits are estimated anew."""
        self.memo.pop("pace", None)
        self.memo[PACE_STALE] = True

    def forget(self) -> None:
        """Read everything anew: another day, or work that was undone."""
        self.memo.clear()
        self.series.clear()
        self.numbered.clear()

    def next_place(self) -> int:
        """A place behind everybody, whatever the clock does."""
        self.place = max(self.place + 1, self.now_ms * 1000)
        return self.place


Work = Callable[[Tx], T]


@dataclass(slots=True)
class Kept:
    """What one transaction knew at its end; good for the next as far as the log has not gone on without it.

    `commit_s`: how long the disk took, whatever the work before it.
    """

    epoch: int
    seq: int
    business_date: str
    memo: dict[str, Any]
    series: dict[str, int]
    commit_s: float = 0.0


_POSITION = Prepared(
    select(schema.hub.c.epoch, schema.hub.c.seq, schema.hub.c.place, schema.hub.c.business_date)
    .where(schema.hub.c.branch == bindparam("branch"))
    .with_for_update()
)
_TRACE = Prepared(schema.trace)
_SINCE = Prepared(
    select(schema.events)
    .where(
        schema.events.c.epoch == bindparam("in_epoch"),
        schema.events.c.seq > bindparam("after"),
        schema.events.c.seq <= bindparam("up_to"),
    )
    .order_by(schema.events.c.seq)
)
_ADD_TICKETS = Insert(schema.tickets)
_APPEND = Insert(schema.events)
_ADVANCE = Prepared(
    update(schema.hub)
    .where(schema.hub.c.branch == bindparam("in_branch"))
    .values(seq=bindparam("seq"), place=bindparam("place"), business_date=bindparam("business_date"))
)
_SERIES = Prepared(
    update(schema.series)
    .where(
        schema.series.c.branch == bindparam("in_branch"),
        schema.series.c.business_date == bindparam("in_day"),
        schema.series.c.epoch == bindparam("in_epoch"),
        schema.series.c.letter == bindparam("in_letter"),
    )
    .values(last=bindparam("last"))
)
_ONE_TRACE = "SELECT id, 1 FROM tickets WHERE id = ?1 UNION ALL SELECT id, 2 FROM tombstones WHERE id = ?1"
_TRACES = {
    "sqlite": (
        "SELECT id, 1 FROM tickets WHERE id IN (SELECT value FROM json_each(?1)) "
        "UNION ALL SELECT id, 2 FROM tombstones WHERE id IN (SELECT value FROM json_each(?1))"
    ),
    "postgresql": (
        "SELECT id, 1 FROM tickets WHERE id = ANY(%(ids)s) "
        "UNION ALL SELECT id, 2 FROM tombstones WHERE id = ANY(%(ids)s)"
    ),
}


def begin(connection: Connection, branch: str, now: datetime, ids: Sequence[str] = (), kept: Kept | None = None) -> Tx:
    """Read where the log stands; on PostgreSQL this locks the row, so that hubs take turns.

    `ids` are looked up in one go for those who will ask for their traces.
    """
    if not connection.in_transaction():
        connection.begin()
    asked = [_POSITION.asked(connection, {"branch": branch})]
    near = connection.dialect.name == "sqlite"
    if kept is not None and not near:
        asked.append(_since(connection, kept))
    if ids:
        asked.append(_traces(connection, ids))
    ((epoch, seq, place, business_date),), *answers = run_together(connection, asked)
    tx = Tx(connection, branch, to_ms(now), epoch, seq, place, business_date)
    tx.began = tx.position
    if kept is not None and (kept.epoch, kept.business_date) == (epoch, business_date):
        # Nobody is far away on SQLite, and hardly anybody else writes there: asked only where somebody did.
        rows = answers[0] if not near else [] if seq == kept.seq else run(connection, *_since(connection, kept))
        since = [entry_of(row) for row in rows]
        if len(since) == seq - kept.seq:
            tx.others = () if near else since
            if _catch_up(tx, kept, since):
                tx.memo.update(kept.memo)
                tx.series.update(kept.series)
    if ids:
        tx.traces = dict.fromkeys(ids, None) | dict(answers[-1])
    return tx


def end(tx: Tx, *, commit: bool = False) -> Kept:
    """Write the log's new entries and where it stands now; the caller commits, or has it done in the same trip."""
    with one_trip(tx.bare):
        connection = tx.connection
        if tx.entries:
            _APPEND.each(connection, [entry.row() for entry in tx.entries])
        if tx.numbered:
            key = {"in_branch": tx.branch, "in_day": tx.business_date, "in_epoch": tx.epoch}
            _SERIES.each(
                connection, [{**key, "in_letter": letter, "last": tx.series[letter]} for letter in tx.numbered]
            )
        if tx.entries and connection.dialect.name == "postgresql":
            run(connection, "SELECT pg_notify(%s, %s)", (CHANNEL, told_up_to(tx.epoch, tx.seq)))
        if tx.position != tx.began:
            now = {"seq": tx.seq, "place": tx.place, "business_date": tx.business_date}
            _ADVANCE.each(connection, [{"in_branch": tx.branch, **now}])
        began = time.monotonic()
        if commit:
            connection.commit()
        took = time.monotonic() - began
    memo = {name: tx.memo[name] for name in (WAITING, SUSPENDED) if name in tx.memo}
    return Kept(tx.epoch, tx.seq, tx.business_date, memo, tx.series, took)


def look_up(tx: Tx, ids: Sequence[str]) -> None:
    """Look further ids up, of work that came while this transaction waited for its turn."""
    if ids:
        tx.traces |= dict.fromkeys(ids, None) | dict(run(tx.bare, *_traces(tx.bare, ids)))


def _since(connection: Connection, kept: Kept) -> Asked:
    return _SINCE.asked(connection, {"in_epoch": kept.epoch, "after": kept.seq, "up_to": kept.seq + CAUGHT_UP})


def _traces(connection: Connection, ids: Sequence[str]) -> Asked:
    if connection.dialect.name == "postgresql":
        return _TRACES["postgresql"], {"ids": list(ids)}
    return (_ONE_TRACE, (ids[0],)) if len(ids) == 1 else (_TRACES["sqlite"], (json.dumps(ids),))


def _catch_up(tx: Tx, kept: Kept, since: Sequence[Entry]) -> bool:
    """Bring what was known to where the log is now; False where that needs another look at the tables."""
    if any(one.type != "ticket" or one.verb not in {"issue", "confirm"} for one in since):
        return False
    waiting: dict[str, int] | None = kept.memo.get(WAITING)
    for ticket in (one.data for one in since if one.verb == "issue"):
        if ticket["business_date"] == tx.business_date and ticket["state"] in QUEUED and waiting is not None:
            waiting[ticket["service"]] = waiting.get(ticket["service"], 0) + 1
        if not ticket["cut_off"]:
            kept.series[ticket["letter"]] = Label.parse(ticket["label"]).number
    return True
