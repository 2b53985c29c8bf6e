"""Giving out numbers: one a press of the button, never the same twice, and taking in those issued while cut off."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlalchemy import bindparam, func, insert, select, text

from branch.declined import Declined
from branch.life import QUEUED, after
from branch.moment import date_of
from branch.orders import Order
from branch.store import schema
from branch.store.prepared import Prepared
from branch.store.reading import count_ahead
from branch.store.rows import add_ticket, change_ticket, known_ticket, ticket_by_id, ticket_by_label
from branch.store.transaction import TICKET, WAITING, Tx
from branch.ticket import Ticket
from branch.wait import Pace, Range, ahead, estimate
from kiosk.domain.ticket import Label, Ranges


@dataclass(frozen=True, slots=True)
class Issued:
    """A ticket, the people ahead of it and the wait; `replayed` where the id had its ticket already."""

    ticket: Ticket
    ahead: int
    wait: Range | None
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class Numbering:
    """What issuing needs to know of the branch. `status_pages`: tickets get a token that opens their status page."""

    ranges: Ranges
    status_pages: bool = False


_WAITING = Prepared(
    select(schema.tickets.c.service, func.count().label("waiting"))
    .where(
        schema.tickets.c.branch == bindparam("in_branch"),
        schema.tickets.c.business_date == bindparam("in_day"),
        text("state IN ('reserved', 'waiting')"),
    )
    .group_by(schema.tickets.c.service)
)
_LAST_NUMBER = Prepared(
    select(schema.series.c.last).where(
        schema.series.c.branch == bindparam("in_branch"),
        schema.series.c.business_date == bindparam("in_day"),
        schema.series.c.epoch == bindparam("in_epoch"),
        schema.series.c.letter == bindparam("in_letter"),
    )
)

PaceOf = Callable[[Tx], Pace]


def issue(tx: Tx, order: Order, numbering: Numbering, pace_of: PaceOf) -> Issued:
    """Give a ticket to an order; the same again gets the same ticket, another order of that id is Declined."""
    trace = tx.trace(order.id)
    if trace == TICKET:
        return _again(tx, known_ticket(tx, order.id), order, pace_of)
    if trace is not None:
        raise Declined("ticket-void", "The kiosk gave this attempt up before it arrived; mint a new id.")
    pace = pace_of(tx)
    waiting = waiting_by_service(tx)
    ticket = _online(tx, order, numbering) if order.label is None else _cut_off(tx, order, order.label)
    before = ahead(waiting, order.service, pace) if order.label is None else _ahead_of(tx, ticket, pace)
    add_ticket(tx, ticket, f"kiosk:{order.kiosk}")
    if ticket.state in QUEUED:
        waiting[ticket.service] = waiting.get(ticket.service, 0) + 1
    return Issued(ticket, before, estimate(before, order.service, pace))


def confirm(tx: Tx, ticket_id: str, printed: str, actor: str) -> Ticket:
    """Take in that the paper is out; saying it again changes nothing."""
    ticket = known_ticket(tx, ticket_id)
    state = after(ticket.state, "confirm")
    if state is None:
        raise Declined("state-conflict", "The ticket is void; its slip must not be handed out.")
    if ticket.printed is not None and state == ticket.state:
        return ticket
    return change_ticket(tx, ticket, "confirm", actor, state=state, printed=ticket.printed or printed)


def void(tx: Tx, ticket_id: str, reason: str, actor: str) -> Ticket:
    """Take a ticket out of the queue for good; its label is not issued again that day. Saying it again is harmless."""
    ticket = known_ticket(tx, ticket_id)
    if ticket.state == "void":
        return ticket
    state = after(ticket.state, "void")
    if state is None:
        raise Declined("state-conflict", "Only a ticket that waits or is on hold can be voided.")
    return change_ticket(tx, ticket, "void", actor, state=state, void_reason=reason, ended_ms=tx.now_ms)


def give_up(tx: Tx, ticket_id: str, reason: str, actor: str) -> Ticket | None:
    """Void a ticket whose attempt got no answer. Where the hub never saw it, it shall make no ticket any more: None."""
    if ticket_by_id(tx.connection, tx.branch, ticket_id) is not None:
        return void(tx, ticket_id, reason, actor)
    if not _given_up(tx, ticket_id):
        tx.connection.execute(insert(schema.tombstones).values(id=ticket_id, at_ms=tx.now_ms))
    return None


def waiting_by_service(tx: Tx) -> dict[str, int]:
    """Count who waits now, by service; kept until something else than another ticket changes it."""
    counts: dict[str, int] | None = tx.memo.get(WAITING)
    if counts is None:
        day = {"in_branch": tx.branch, "in_day": tx.business_date}
        counts = dict(_WAITING.rows(tx.connection, day))
        tx.memo[WAITING] = counts
    return counts


def _online(tx: Tx, order: Order, numbering: Numbering) -> Ticket:
    return Ticket(
        id=order.id,
        business_date=tx.business_date,
        label=str(_next_label(tx, order.letter, numbering.ranges)),
        letter=order.letter,
        service=order.service,
        language=order.language,
        state="reserved",
        place=tx.next_place() if order.booked_ms is None else order.booked_ms * 1000,
        issued_ms=tx.now_ms,
        kiosk=order.kiosk,
        kiosk_seq=order.kiosk_seq,
        fingerprint=order.fingerprint,
        priority=order.priority,
        status_token=secrets.token_urlsafe(16) if numbering.status_pages else None,
    )


def _cut_off(tx: Tx, order: Order, label: Label) -> Ticket:
    day = min(date_of(order.issued_ms), tx.business_date)
    taken = ticket_by_label(tx.connection, tx.branch, day, str(label))
    if taken is not None:
        raise Declined("label-taken", "Another ticket of that day has this label; a clerk has to look at both slips.")
    issued_ms = min(order.issued_ms, tx.now_ms)
    ticket = Ticket(
        id=order.id,
        business_date=day,
        label=str(label),
        letter=order.letter,
        service=order.service,
        language=order.language,
        state="waiting",
        place=issued_ms * 1000,
        issued_ms=issued_ms,
        kiosk=order.kiosk,
        kiosk_seq=order.kiosk_seq,
        fingerprint=order.fingerprint,
        cut_off=True,
        priority=order.priority,
        printed=order.printed,
    )
    if day < tx.business_date:
        return replace(ticket, state="expired", ended_ms=tx.now_ms)
    return replace(ticket, place=max(ticket.place, _last_called_place(tx, order.letter) + 1))


def _next_label(tx: Tx, letter: str, ranges: Ranges) -> Label:
    last = tx.series.get(letter)
    if last is None:
        key = {"in_branch": tx.branch, "in_day": tx.business_date, "in_epoch": tx.epoch, "in_letter": letter}
        last = _LAST_NUMBER.first(tx.bare, key)
    if last is None:
        number = ranges.first_number(tx.epoch)
        row = {"branch": tx.branch, "business_date": tx.business_date, "epoch": tx.epoch, "letter": letter}
        tx.connection.execute(insert(schema.series).values(**row, last=number))
    else:
        following = ranges.after(last)
        if following is None:
            raise Declined("range-exhausted", "Raise ranges.last, or set ranges.exhausted to continue.")
        number = following
    tx.series[letter] = number
    tx.numbered.add(letter)
    return Label(letter, number)


def _last_called_place(tx: Tx, letter: str) -> int:
    """The place of the hindmost of a queue who was called already: nobody who comes late gets ahead of her."""
    t = schema.tickets.c
    query = select(func.max(t.place)).where(
        t.branch == tx.branch, t.business_date == tx.business_date, t.letter == letter, t.called_seq.is_not(None)
    )
    return tx.connection.execute(query).scalar_one() or 0


def _again(tx: Tx, known: Ticket, order: Order, pace_of: PaceOf) -> Issued:
    if order.label is not None and str(order.label) == known.label and order.service == known.service:
        known = _told_again(tx, known, order)
    elif known.fingerprint != order.fingerprint:
        raise Declined("key-reused", "This id was sent before with another body; mint a new id for a new ticket.")
    pace = pace_of(tx)
    if known.state not in QUEUED:
        return Issued(known, 0, None, replayed=True)
    before = _ahead_of(tx, known, pace)
    return Issued(known, before, estimate(before, known.service, pace), replayed=True)


def _told_again(tx: Tx, known: Ticket, order: Order) -> Ticket:
    """A kiosk tells a hub that took over what it has; this one knew the ticket, perhaps not that its paper is out."""
    if known.state != "reserved" or order.printed is None:
        return known
    return change_ticket(tx, known, "confirm", f"kiosk:{order.kiosk}", state="waiting", printed=order.printed)


def _ahead_of(tx: Tx, ticket: Ticket, pace: Pace) -> int:
    return ahead(count_ahead(tx.connection, tx.branch, ticket), ticket.service, pace)


def _given_up(tx: Tx, ticket_id: str) -> bool:
    query = select(schema.tombstones.c.id).where(schema.tombstones.c.id == ticket_id)
    return tx.connection.execute(query).one_or_none() is not None
