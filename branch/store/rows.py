"""Tickets and counters as rows: reading them, and changing them together with the log entry that says so."""

from dataclasses import fields, replace
from typing import Any

from sqlalchemy import Connection, insert, select, update

from branch.declined import Declined
from branch.life import QUEUED, Verb
from branch.store import schema
from branch.store.transaction import WAITING, Tx
from branch.ticket import Counter, Ticket, row_of

TICKET_COLUMNS = [schema.tickets.c[field.name] for field in fields(Ticket)]
COUNTER_COLUMNS = [schema.counters.c[field.name] for field in fields(Counter)]


def ticket_by_id(connection: Connection, branch: str, ticket: str) -> Ticket | None:
    """Read a ticket by its id."""
    query = select(*TICKET_COLUMNS).where(schema.tickets.c.id == ticket, schema.tickets.c.branch == branch)
    row = connection.execute(query).one_or_none()
    return Ticket(*row) if row else None


def known_ticket(tx: Tx, ticket: str) -> Ticket:
    """Read a ticket by its id; Declined `not-found` where there is none."""
    found = ticket_by_id(tx.connection, tx.branch, ticket)
    if found is None:
        raise Declined("not-found", "No ticket has this id; look at the number on the slip again.")
    return found


def ticket_by_label(connection: Connection, branch: str, business_date: str, label: str) -> Ticket | None:
    """Read a ticket of a business day by its label."""
    t = schema.tickets.c
    query = select(*TICKET_COLUMNS).where(t.branch == branch, t.business_date == business_date, t.label == label)
    row = connection.execute(query).one_or_none()
    return Ticket(*row) if row else None


def ticket_at(connection: Connection, branch: str, counter: int) -> Ticket | None:
    """Read the ticket that is called to or served at a counter."""
    t = schema.tickets.c
    query = select(*TICKET_COLUMNS).where(t.branch == branch, t.counter == counter, t.state.in_(("called", "serving")))
    row = connection.execute(query).one_or_none()
    return Ticket(*row) if row else None


def add_ticket(tx: Tx, ticket: Ticket, actor: str) -> None:
    """Store a new ticket with its batch; the database refuses a label or id that is there already (IntegrityError)."""
    row = row_of(ticket)
    tx.fresh[ticket.id] = row
    tx.log("ticket", ticket.id, "issue", actor, row)


def change_ticket(tx: Tx, ticket: Ticket, verb: Verb, actor: str, **changes: Any) -> Ticket:
    """Change a ticket that is still in the state it was read in, and log it; Declined where somebody was faster."""
    changed = replace(ticket, **changes)
    t = schema.tickets.c
    claimed = tx.connection.execute(
        update(schema.tickets).where(t.id == ticket.id, t.state == ticket.state).values(**changes)
    )
    if claimed.rowcount != 1:
        raise Declined("state-conflict", "Somebody else was faster; look at the ticket again.")
    if (ticket.state in QUEUED) != (changed.state in QUEUED) or ticket.service != changed.service:
        tx.memo.pop(WAITING, None)
    tx.log("ticket", ticket.id, verb, actor, row_of(changed))
    return changed


def counter_row(connection: Connection, branch: str, number: int) -> Counter | None:
    """Read a counter; None where nobody ever opened it."""
    query = select(*COUNTER_COLUMNS).where(schema.counters.c.branch == branch, schema.counters.c.number == number)
    row = connection.execute(query).one_or_none()
    return Counter(*row) if row else None


def counter_or_closed(tx: Tx, number: int) -> Counter:
    """Read a counter; one that nobody ever opened is closed."""
    return counter_row(tx.connection, tx.branch, number) or Counter(number)


def save_counter(tx: Tx, counter: Counter) -> None:
    """Store a counter as it is now, without a log entry."""
    row = row_of(counter)
    c = schema.counters.c
    known = tx.connection.execute(
        update(schema.counters).where(c.branch == tx.branch, c.number == counter.number).values(**row)
    )
    if known.rowcount == 0:
        tx.connection.execute(insert(schema.counters).values(branch=tx.branch, **row))


def change_counter(tx: Tx, counter: Counter, verb: str, actor: str, **changes: Any) -> Counter:
    """Store a counter's change and log it."""
    changed = replace(counter, **changes)
    save_counter(tx, changed)
    tx.log("counter", str(counter.number), verb, actor, row_of(changed))
    return changed
