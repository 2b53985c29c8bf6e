"""PURE: a ticket and a counter as the hub keeps them, and as others may read them."""

import json
from dataclasses import dataclass
from typing import Any, Literal

from branch.moment import rfc3339
from kiosk.domain.ticket import TicketState

CounterState = Literal["open", "paused", "closed"]


@dataclass(frozen=True, slots=True)
class Ticket:
    """One row of the queue; field names are column names. Times are milliseconds since 1970.

    `place` orders the queue: microseconds of the hub's clock, made to rise with every ticket, so that neither a
    kiosk's clock nor a step back of the hub's own can reorder people. `called_seq` is the log number of the last call.
    """

    id: str
    business_date: str
    label: str
    letter: str
    service: str
    language: str
    state: TicketState
    place: int
    issued_ms: int
    kiosk: str
    kiosk_seq: int
    fingerprint: str
    cut_off: bool = False
    priority: str | None = None
    priority_confirmed: bool = False
    printed: str | None = None
    counter: int | None = None
    target_counter: int | None = None
    called_ms: int | None = None
    started_ms: int | None = None
    ended_ms: int | None = None
    called_seq: int | None = None
    recalls: int = 0
    note: str | None = None
    void_reason: str | None = None
    status_token: str | None = None


@dataclass(frozen=True, slots=True)
class Counter:
    """One counter. `last_seq` and `last_ticket` are its last verb, which undo may take back; None: nothing to undo.

    `priority_run` counts the priority tickets called one after another, so that the others get their turn.
    """

    number: int
    state: CounterState = "closed"
    clerk_id: int | None = None
    clerk: str | None = None
    services: str | None = None
    reason: str | None = None
    since_ms: int | None = None
    last_seq: int | None = None
    last_ticket: str | None = None
    priority_run: int = 0

    def serves(self) -> frozenset[str] | None:
        """The service codes it was opened for; None: all of them."""
        return None if self.services is None else frozenset(json.loads(self.services))


def ticket_record(ticket: Ticket, *, staff: bool) -> dict[str, Any]:
    """The ticket as a token may read it; the clerks' note is for staff."""
    record: dict[str, Any] = {
        "id": ticket.id,
        "label": ticket.label,
        "service": ticket.service,
        "state": ticket.state,
        "counter": ticket.counter,
        "priority": ticket.priority,
        "priority_confirmed": ticket.priority_confirmed,
        "issued_at": rfc3339(ticket.issued_ms),
        "called_at": rfc3339(ticket.called_ms),
        "started_at": rfc3339(ticket.started_ms),
        "ended_at": rfc3339(ticket.ended_ms),
        "recalls": ticket.recalls,
        "business_date": ticket.business_date,
        "printed": ticket.printed,
        "kiosk": ticket.kiosk,
        "target_counter": ticket.target_counter,
    }
    if staff:
        record["note"] = ticket.note
    return record


def counter_record(counter: Counter, ticket: Ticket | None, *, staff: bool) -> dict[str, Any]:
    """The counter as a token may read it; who sits there is for staff."""
    serves = counter.serves()
    record: dict[str, Any] = {
        "number": counter.number,
        "state": counter.state,
        "services": None if serves is None else sorted(serves),
        "reason": counter.reason,
        "since": rfc3339(counter.since_ms),
        "ticket": ticket_record(ticket, staff=staff) if ticket else None,
    }
    if staff:
        record["clerk"] = counter.clerk
    return record


def row_of(thing: Ticket | Counter) -> dict[str, Any]:
    """The thing as a row of its table, and as an entry of the log."""
    return {field: getattr(thing, field) for field in thing.__slots__}
