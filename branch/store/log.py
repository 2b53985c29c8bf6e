"""The append-only event log: what happened, who did it, when, and the whole thing as it was afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic_core import from_json, to_json
from sqlalchemy import Connection, and_, or_, select

from branch.store.schema import events

EventType = Literal["ticket", "counter", "kiosk", "hall", "grant", "hub"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the log. `data` is the ticket, counter or alert after the event."""

    epoch: int
    seq: int
    type: EventType
    subject: str
    verb: str
    actor: str
    at_ms: int
    data: dict[str, Any]

    def row(self) -> dict[str, Any]:
        """The entry as a row of its table."""
        return {
            "epoch": self.epoch,
            "seq": self.seq,
            "type": self.type,
            "subject": self.subject,
            "verb": self.verb,
            "actor": self.actor,
            "at_ms": self.at_ms,
            "data": to_json(self.data).decode(),
        }


def entry_of(row: Sequence[Any]) -> Entry:
    """The entry that a row holds, all columns in their order."""
    epoch, seq, kind, subject, verb, actor, at_ms, data = tuple(row)
    return Entry(epoch, seq, kind, subject, verb, actor, at_ms, from_json(data))


def after(connection: Connection, epoch: int, seq: int, limit: int) -> Sequence[Entry]:
    """Read up to `limit` entries of an epoch that follow `seq`, oldest first."""
    query = select(events).where(events.c.epoch == epoch, events.c.seq > seq).order_by(events.c.seq).limit(limit)
    return [entry_of(row) for row in connection.execute(query)]


def pages(connection: Connection, epoch: int, seq: int, limit: int) -> Sequence[Entry]:
    """Read up to `limit` entries that follow a place in the log, over all epochs, oldest first."""
    e = events.c
    query = select(events).where(or_(e.epoch > epoch, and_(e.epoch == epoch, e.seq > seq)))
    return [entry_of(row) for row in connection.execute(query.order_by(e.epoch, e.seq).limit(limit))]


def before(connection: Connection, subject: str, epoch: int, seq: int) -> Entry | None:
    """Read the entry of a subject that came right before `seq`."""
    query = (
        select(events)
        .where(events.c.subject == subject, events.c.epoch == epoch, events.c.seq < seq)
        .order_by(events.c.seq.desc())
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    return entry_of(row) if row else None


def entry(connection: Connection, epoch: int, seq: int) -> Entry | None:
    """Read one entry."""
    row = connection.execute(select(events).where(events.c.epoch == epoch, events.c.seq == seq)).one_or_none()
    return entry_of(row) if row else None
