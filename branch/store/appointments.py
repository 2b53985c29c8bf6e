"""Appointments in the database: booked, checked in once, and queued by their booked time."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, Index, String, Table, insert, select, update

from branch.appointments import Booking, Windows
from branch.declined import Declined
from branch.moment import date_of, from_ms, rfc3339
from branch.orders import Order
from branch.store.issuing import Issued, Numbering, PaceOf, issue
from branch.store.schema import metadata
from branch.store.transaction import Tx
from branch.store.visits import keep_visit
from kiosk.domain.visit import Arrival

appointments = Table(
    "appointments", metadata,
    Column("branch", String(32), primary_key=True),
    Column("number", String(24), primary_key=True),
    Column("service", String(16), nullable=False),
    Column("starts_ms", BigInteger, nullable=False),
    Column("day", String(10), nullable=False),
    Column("ticket", String(36)),
    Column("cancelled_ms", BigInteger),
)  # fmt: skip
Index("appointments_by_day", appointments.c.branch, appointments.c.day)


def book(tx: Tx, bookings: Iterable[Booking], actor: str) -> int:
    """Keep bookings; one that is known is moved, unless its holder has checked in. Give how many are new or moved."""
    kept = 0
    for one in bookings:
        known = _row(tx.connection, tx.branch, one.number)
        if known is not None and known.ticket is not None:
            continue
        values = {
            "service": one.service,
            "starts_ms": one.starts_ms,
            "day": date_of(one.starts_ms),
            "cancelled_ms": None,
        }
        if known is None:
            tx.connection.execute(insert(appointments).values(branch=tx.branch, number=one.number, **values))
        else:
            tx.connection.execute(update(appointments).where(*_key(tx.branch, one.number)).values(**values))
        tx.log("hall", one.number, "book", actor, {"service": one.service, "starts_ms": one.starts_ms})
        kept += 1
    return kept


def cancel(tx: Tx, number: str, actor: str) -> None:
    """Take a booking back; one whose holder has checked in stays, and its ticket is voided like any other."""
    known = _known(tx, number)
    if known.ticket is not None:
        raise Declined("state-conflict", "Its holder has checked in; void the ticket instead.")
    tx.connection.execute(update(appointments).where(*_key(tx.branch, number)).values(cancelled_ms=tx.now_ms))
    tx.log("hall", number, "unbook", actor, {})


def check_in(
    tx: Tx, number: str, order: Order, windows: Windows, numbering: Numbering, pace_of: PaceOf
) -> tuple[Issued, Arrival]:
    """Give the holder her ticket: on time she queues by the booked time, late like everybody, early she waits.

    Once only: the same press again gets the same ticket, another press is told that the booking is used.
    """
    known = _known(tx, number)
    arrival = windows.arrival(known.starts_ms, tx.now_ms)
    if known.ticket is not None:
        if known.ticket != order.id:
            raise Declined("appointment-used", "Its holder has checked in already; her ticket is in the queue.")
        return issue(tx, order, numbering, pace_of), arrival
    if arrival == "another-day":
        raise Declined("appointment-another-day", f"It is for {from_ms(known.starts_ms):%Y-%m-%d %H:%M}.")
    if arrival == "early":
        opens_ms = known.starts_ms - windows.early * 60_000
        raise Declined("appointment-early", f"Check in from {from_ms(opens_ms):%H:%M} on.")
    placed = replace(order, booked_ms=known.starts_ms) if arrival == "on-time" else order
    issued = issue(tx, placed, numbering, pace_of)
    tx.connection.execute(update(appointments).where(*_key(tx.branch, number)).values(ticket=order.id))
    keep_visit(tx, order.id, order.needs, known.starts_ms)
    tx.log("hall", number, "check-in", f"kiosk:{order.kiosk}", {"ticket": order.id, "arrival": arrival})
    return issued, arrival


def service_of(connection: Connection, branch: str, number: str) -> str:
    """The service that an appointment is for; Declined where there is none."""
    return str(_good(_row(connection, branch, number)).service)


def read_one(connection: Connection, branch: str, number: str, windows: Windows, now_ms: int) -> dict[str, Any]:
    """What is booked under a number, and whether its holder may check in now; Declined where there is none."""
    found = _good(_row(connection, branch, number))
    return {
        "number": found.number,
        "service": found.service,
        "starts_at": rfc3339(found.starts_ms),
        "opens_at": rfc3339(found.starts_ms - windows.early * 60_000),
        "arrival": windows.arrival(found.starts_ms, now_ms),
        "checked_in": found.ticket is not None,
    }


def read_appointments(connection: Connection, branch: str, day: str) -> list[dict[str, Any]]:
    """The appointments of a day, by time."""
    a = appointments.c
    query = select(appointments).where(a.branch == branch, a.day == day).order_by(a.starts_ms, a.number)
    return [
        {
            "number": row.number,
            "service": row.service,
            "starts_at": rfc3339(row.starts_ms),
            "ticket": row.ticket,
            "cancelled": row.cancelled_ms is not None,
        }
        for row in connection.execute(query)
    ]


def _known(tx: Tx, number: str) -> Any:
    return _good(_row(tx.connection, tx.branch, number))


def _good(row: Any) -> Any:
    if row is None or row.cancelled_ms is not None:
        raise Declined("not-found", "No appointment has this number; look at it again, or take a number.")
    return row


def _row(connection: Connection, branch: str, number: str) -> Any:
    return connection.execute(select(appointments).where(*_key(branch, number))).one_or_none()


def _key(branch: str, number: str) -> tuple[Any, Any]:
    return appointments.c.branch == branch, appointments.c.number == number
