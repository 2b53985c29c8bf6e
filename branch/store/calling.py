"""Calling a number to a counter: chosen by the policy or named by hand, claimed once."""

from sqlalchemy import select

from branch.choose import Desk, Policy, Waiting, choose
from branch.declined import Declined
from branch.life import QUEUED, after
from branch.store import schema
from branch.store.clerk import Clerk, free_counter, remember
from branch.store.rows import change_ticket, known_ticket, ticket_by_label
from branch.store.transaction import Tx
from branch.ticket import Counter, Ticket


def call_next(tx: Tx, number: int, clerk: Clerk, policy: Policy) -> Ticket | None:
    """Call whom the policy chooses for this counter; None where nobody waits for it."""
    counter = free_counter(tx, number, clerk)
    chosen = choose(people_waiting(tx), desk_of(counter), tx.now_ms, policy)
    if chosen is None:
        return None
    person, _why = chosen
    return _call(tx, known_ticket(tx, person.id), counter, clerk)


def call_label(tx: Tx, number: int, clerk: Clerk, label: str) -> Ticket:
    """Call a number that the clerk names, whatever her counter usually serves."""
    counter = free_counter(tx, number, clerk)
    ticket = ticket_by_label(tx.connection, tx.branch, tx.business_date, label)
    if ticket is None:
        raise Declined("not-found", "No ticket has this number today; look at the slip again.")
    return _call(tx, ticket, counter, clerk)


def people_waiting(tx: Tx) -> list[Waiting]:
    """Everybody who waits for a call now, as the policy sees them."""
    t = schema.tickets.c
    query = select(
        t.id, t.label, t.service, t.place, t.issued_ms, t.priority, t.priority_confirmed, t.target_counter
    ).where(t.branch == tx.branch, t.business_date == tx.business_date, t.state.in_(QUEUED))
    return [
        Waiting(id_, label, service, place, issued_ms, priority if confirmed else None, target)
        for id_, label, service, place, issued_ms, priority, confirmed, target in tx.connection.execute(query)
    ]


def desk_of(counter: Counter) -> Desk:
    """The counter as the policy sees it."""
    return Desk(counter.number, counter.serves(), counter.priority_run)


def _call(tx: Tx, ticket: Ticket, counter: Counter, clerk: Clerk) -> Ticket:
    state = after(ticket.state, "call")
    if state is None:
        raise Declined("state-conflict", f"{ticket.label} does not wait for a call; it is {ticket.state}.")
    called = change_ticket(
        tx,
        ticket,
        "call",
        clerk.actor,
        state=state,
        counter=counter.number,
        called_ms=tx.now_ms,
        called_seq=tx.seq + 1,
        recalls=0,
    )
    preferred = ticket.priority_confirmed and ticket.priority is not None
    remember(tx, counter, ticket.id, counter.priority_run + 1 if preferred else 0)
    return called
