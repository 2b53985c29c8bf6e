"""What a clerk does with a ticket: recall, start, finish, no-show, hold, resume, return, transfer, undo."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select

from branch.declined import Declined
from branch.life import AT_COUNTER, ClerkVerb, after
from branch.note import personal
from branch.store import schema
from branch.store.clerk import Clerk, counters_of, free_counter, own_counter, remember
from branch.store.log import Entry, before, entry
from branch.store.rows import change_ticket, known_ticket, save_counter
from branch.store.transaction import Tx
from branch.ticket import Counter, Ticket

UNDO_MS = 10_000
"""A misclick is seen at once; later the citizen has been told already."""


@dataclass(frozen=True, slots=True)
class Counters:
    """The branch's counters, and how long a missed ticket can be recalled."""

    numbers: range
    missed_ms: int


@dataclass(frozen=True, slots=True)
class Transfer:
    """Where a ticket is sent: to another service, to one counter, or both."""

    service: str | None = None
    counter: int | None = None


def apply(tx: Tx, ticket_id: str, verb: ClerkVerb, clerk: Clerk, branch: Counters, to: Transfer | None) -> Ticket:
    """Do a clerk's verb; Declined says why not, and nothing is changed then."""
    ticket = known_ticket(tx, ticket_id)
    if verb == "undo":
        return _undo(tx, ticket, clerk)
    state = after(ticket.state, verb)
    if state is None or ticket.business_date != tx.business_date:
        raise Declined("state-conflict", f"{ticket.label} is {ticket.state}; {verb} is not possible now.")
    counter = _counter_for(tx, ticket, verb, clerk, branch)
    changed = change_ticket(tx, ticket, verb, clerk.actor, state=state, **_CHANGES[verb](tx, ticket, counter, to))
    remember(tx, counter, ticket.id)
    return changed


def confirm_priority(tx: Tx, ticket_id: str, priority: str | None, clerk: Clerk) -> Ticket:
    """Set the priority that staff have seen a certificate for; only this changes the order."""
    ticket = known_ticket(tx, ticket_id)
    if after(ticket.state, "priority") is None:
        raise Declined("state-conflict", f"{ticket.label} is {ticket.state}; its priority no longer matters.")
    return change_ticket(
        tx, ticket, "priority", clerk.actor, priority=priority, priority_confirmed=priority is not None
    )


def annotate(tx: Tx, ticket_id: str, text: str, clerk: Clerk) -> Ticket:
    """Keep a remark for colleagues; Declined where it holds what looks like an identity or phone number."""
    ticket = known_ticket(tx, ticket_id)
    if after(ticket.state, "note") is None:
        raise Declined("state-conflict", f"{ticket.label} is {ticket.state}; nobody would read the note.")
    if personal(text):
        raise Declined("note-personal", "Leave out identity and phone numbers; the note stays with the ticket.")
    return change_ticket(tx, ticket, "note", clerk.actor, note=text.strip() or None)


def _counter_for(tx: Tx, ticket: Ticket, verb: ClerkVerb, clerk: Clerk, branch: Counters) -> Counter:
    """The counter at which the verb happens: the ticket's own while somebody is there, else one of the clerk's."""
    if ticket.state in AT_COUNTER and ticket.counter is not None:
        return own_counter(tx, ticket.counter, clerk, paused=True)
    if verb == "recall" and tx.now_ms - (ticket.ended_ms or 0) > branch.missed_ms:
        raise Declined("state-conflict", f"{ticket.label} was missed too long ago; take a new number.")
    mine = counters_of(tx, clerk, branch.numbers)
    if not mine:
        raise Declined("counter-closed", "Open a counter first.")
    counter = next((one for one in mine if one.number == ticket.counter), mine[0])
    if verb in {"recall", "resume"}:
        return free_counter(tx, counter.number, clerk)
    return counter


def _recall(tx: Tx, ticket: Ticket, counter: Counter, _to: Transfer | None) -> dict[str, Any]:
    again = {"recalls": ticket.recalls + 1, "called_seq": tx.seq + 1, "counter": counter.number}
    if ticket.state == "no_show":
        return {**again, "called_ms": tx.now_ms, "ended_ms": None}
    return again


def _start(tx: Tx, _ticket: Ticket, _counter: Counter, _to: Transfer | None) -> dict[str, Any]:
    return {"started_ms": tx.now_ms}


def _end(tx: Tx, _ticket: Ticket, _counter: Counter, _to: Transfer | None) -> dict[str, Any]:
    return {"ended_ms": tx.now_ms}


def _hold(_tx: Tx, _ticket: Ticket, _counter: Counter, _to: Transfer | None) -> dict[str, Any]:
    return {}


def _resume(tx: Tx, ticket: Ticket, counter: Counter, _to: Transfer | None) -> dict[str, Any]:
    return {"counter": counter.number, "started_ms": ticket.started_ms or tx.now_ms}


def _return(_tx: Tx, _ticket: Ticket, _counter: Counter, _to: Transfer | None) -> dict[str, Any]:
    return {"counter": None, "called_ms": None, "started_ms": None, "ended_ms": None}


def _transfer(tx: Tx, ticket: Ticket, counter: Counter, to: Transfer | None) -> dict[str, Any]:
    where = to or Transfer()
    return {
        **_return(tx, ticket, counter, to),
        "service": where.service or ticket.service,
        "target_counter": where.counter,
    }


_CHANGES: dict[ClerkVerb, Callable[[Tx, Ticket, Counter, Transfer | None], dict[str, Any]]] = {
    "recall": _recall,
    "start": _start,
    "finish": _end,
    "no-show": _end,
    "hold": _hold,
    "resume": _resume,
    "return": _return,
    "transfer": _transfer,
}

_UNDONE = (
    "state", "service", "counter", "target_counter", "called_ms", "started_ms", "ended_ms", "called_seq", "recalls",
)  # fmt: skip


def _undo(tx: Tx, ticket: Ticket, clerk: Clerk) -> Ticket:
    """Put a ticket back to how it was before the counter's last verb. Paper that was confirmed meanwhile stays so."""
    number, last = _last_verb(tx, ticket)
    counter = own_counter(tx, number, clerk, paused=True)
    earlier = before(tx.connection, ticket.id, tx.epoch, last.seq)
    if earlier is None or ticket.state != last.data["state"] or tx.now_ms - last.at_ms > UNDO_MS:
        raise Declined("state-conflict", "Only the counter's last step can be taken back, within ten seconds.")
    restored = {name: earlier.data[name] for name in _UNDONE}
    if restored["state"] == "reserved" and ticket.printed is not None:
        restored["state"] = "waiting"
    changed = change_ticket(tx, ticket, "undo", clerk.actor, **restored)
    save_counter(tx, replace(counter, last_seq=None, last_ticket=None))
    tx.pace_changed()
    return changed


def _last_verb(tx: Tx, ticket: Ticket) -> tuple[int, Entry]:
    c = schema.counters.c
    query = select(c.number, c.last_seq).where(c.branch == tx.branch, c.last_ticket == ticket.id)
    row = tx.connection.execute(query.order_by(c.last_seq.desc()).limit(1)).one_or_none()
    found = entry(tx.connection, tx.epoch, row.last_seq) if row else None
    if row is None or found is None:
        raise Declined("state-conflict", "Only the counter's last step can be taken back, within ten seconds.")
    return row.number, found
