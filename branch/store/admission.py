"""Whether a ticket may be issued now: the branch is open, the service is not suspended, and numbers are left."""

from typing import Any

from sqlalchemy import func, select

from branch.declined import Declined
from branch.hours import Opening
from branch.moment import from_ms
from branch.orders import Order
from branch.store import schema
from branch.store.rows import ticket_by_id
from branch.store.suspensions import suspended
from branch.store.transaction import Tx


def admit(tx: Tx, order: Order, opening: Opening) -> None:
    """Decline an order that may not become a ticket now; one that has its ticket already, or its paper, is let by.

    A ticket that a kiosk issued while cut off is on paper: it is taken in whatever the hour.
    """
    if order.label is not None:
        return
    pause = suspended(tx).get(order.service)
    standing = opening.at(tx.now_ms)
    if pause is None and standing == "open" and not opening.counts:
        return
    if ticket_by_id(tx.connection, tx.branch, order.id) is not None:
        return
    if standing != "open":
        next_ms = opening.opens_next(tx.now_ms)
        again = f"; tickets are given again {from_ms(next_ms):%Y-%m-%d %H:%M}" if next_ms is not None else ""
        raise Declined("closed", f"The branch gives no tickets now{again}.")
    if pause is not None:
        raise Declined("service-closed", "The supervisor has suspended this service; see `suspended` in /state.")
    _within_limits(tx, order, opening)


def _within_limits(tx: Tx, order: Order, opening: Opening) -> None:
    issued = _issued_today(tx)
    most = opening.contingents.get(order.service)
    if most is not None and issued.get(order.service, 0) >= most:
        raise Declined("service-full", f"All {most} numbers of today for this service are given out.")
    if opening.limit and sum(issued.values()) >= opening.limit:
        raise Declined("limit-reached", f"All {opening.limit} numbers of today are given out.")


def _issued_today(tx: Tx) -> dict[str, int]:
    """Tickets of today by the service they were taken for; a void one gives its number in the contingent back."""
    t: Any = schema.tickets.c
    query = (
        select(t.service, func.count())
        .where(t.branch == tx.branch, t.business_date == tx.business_date, t.state != "void")
        .group_by(t.service)
    )
    return {row[0]: row[1] for row in tx.connection.execute(query)}
