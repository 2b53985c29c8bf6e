"""A slip held before the kiosk: where its holder stands, and the way back into the queue after a missed call."""

from typing import Any

from sqlalchemy import Connection, select

from branch.declined import Declined
from branch.life import QUEUED, after
from branch.store import schema
from branch.store.ratings import may_rate
from branch.store.reading import count_ahead, read_by_status_token, read_pace
from branch.store.rows import change_ticket, ticket_by_label
from branch.store.transaction import Tx
from branch.ticket import Ticket, ticket_record
from branch.wait import ahead, estimate

TOKEN = 16
"""So many characters has the token of a status page at least; a label has fewer."""

BEHIND = 3
"""Who missed her call comes back after so many of those who wait: neither first, nor at the end."""


def read_slip(connection: Connection, branch: str, code: str, now_ms: int, missed_ms: int) -> dict[str, Any]:
    """The ticket of today with this label or token, its place and wait, and what its holder may do at the kiosk."""
    day = connection.execute(select(schema.hub.c.business_date).where(schema.hub.c.branch == branch)).scalar_one()
    if len(code) < TOKEN:
        ticket = ticket_by_label(connection, branch, day, code)
    else:
        ticket = read_by_status_token(connection, code)
    if ticket is None or ticket.business_date != day:
        raise Declined("not-found", "No ticket of today has this number.")
    told: dict[str, Any] = {**ticket_record(ticket, staff=False), "ahead": None, "wait": None, "may": []}
    if ticket.state in QUEUED:
        pace = read_pace(connection, branch, day, now_ms)
        before = ahead(count_ahead(connection, branch, ticket), ticket.service, pace)
        wait = estimate(before, ticket.service, pace)
        told |= {"ahead": before, "wait": {"low_s": wait.low_s, "high_s": wait.high_s} if wait else None}
    if after(ticket.state, "void") is not None:
        told["may"] = ["cancel"]
    elif _missed(ticket, now_ms, missed_ms):
        told["may"] = ["rejoin"]
    elif may_rate(connection, ticket, now_ms):
        told["may"] = ["rate"]
    return told


def rejoin(tx: Tx, label: str, missed_ms: int, actor: str) -> Ticket:
    """Let the holder of a missed number queue again, some places back; one that waits already stays where it is."""
    ticket = ticket_by_label(tx.connection, tx.branch, tx.business_date, label)
    if ticket is None:
        raise Declined("not-found", "No ticket of today has this number.")
    if ticket.state in QUEUED:
        return ticket
    if not _missed(ticket, tx.now_ms, missed_ms):
        raise Declined("state-conflict", "Only a number that was missed a short while ago comes back; take a new one.")
    t = schema.tickets.c
    queue = (
        select(t.place)
        .where(t.branch == tx.branch, t.business_date == tx.business_date, t.state.in_(QUEUED))
        .where(t.letter == ticket.letter)
        .order_by(t.place, t.id)
        .offset(BEHIND - 1)
        .limit(1)
    )
    third = tx.connection.execute(queue).scalar_one_or_none()
    place = tx.next_place() if third is None else max(ticket.place, third + 1)
    back = {"counter": None, "called_ms": None, "started_ms": None, "ended_ms": None, "place": place}
    return change_ticket(tx, ticket, "return", actor, state="waiting", **back)


def _missed(ticket: Ticket, now_ms: int, missed_ms: int) -> bool:
    return ticket.state == "no_show" and now_ms - (ticket.ended_ms or 0) <= missed_ms
