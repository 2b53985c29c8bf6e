"""What rides with a ticket and changes no order: needs said at the kiosk, a booking, and how the visit ended."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, String, Table, Text, insert, select, update

from branch.moment import rfc3339
from branch.store import schema
from branch.store.schema import metadata
from branch.store.transaction import Tx

visits = Table(
    "visits", metadata,
    Column("ticket", String(36), primary_key=True),
    Column("branch", String(32), nullable=False),
    Column("business_date", String(10), nullable=False),
    Column("needs", Text, nullable=False),
    Column("booked_ms", BigInteger),
    Column("outcome", String(24)),
)  # fmt: skip


def keep_visit(tx: Tx, ticket: str, needs: Sequence[str], booked_ms: int | None = None) -> None:
    """Keep what a citizen said when she took her ticket; nothing said makes no row."""
    if not needs and booked_ms is None:
        return
    known = _row(tx.connection, ticket)
    if known is not None:
        return
    told = {"needs": sorted(set(needs)), "booked_ms": booked_ms, "outcome": None}
    _write(tx, ticket, told)
    tx.log("hall", ticket, "visit", "kiosk", told)


def keep_outcome(tx: Tx, ticket: str, outcome: str, actor: str) -> None:
    """Keep how a visit ended; a second word replaces the first."""
    row = _row(tx.connection, ticket)
    if row is None:
        _write(tx, ticket, {"needs": [], "booked_ms": None, "outcome": outcome})
    else:
        tx.connection.execute(update(visits).where(visits.c.ticket == ticket).values(outcome=outcome))
    tx.log("hall", ticket, "outcome", actor, {"outcome": outcome})


def read_visits(connection: Connection, branch: str, business_date: str) -> dict[str, dict[str, Any]]:
    """What is known of the visits of a day, by ticket."""
    v = visits.c
    query = select(v.ticket, v.needs, v.booked_ms, v.outcome).where(
        v.branch == branch, v.business_date == business_date
    )
    return {
        row.ticket: {"needs": json.loads(row.needs), "booked_at": rfc3339(row.booked_ms), "outcome": row.outcome}
        for row in connection.execute(query)
    }


def _row(connection: Connection, ticket: str) -> Any:
    return connection.execute(select(visits).where(visits.c.ticket == ticket)).one_or_none()


def _write(tx: Tx, ticket: str, told: Mapping[str, Any]) -> None:
    day = select(schema.tickets.c.business_date).where(schema.tickets.c.id == ticket)
    date = tx.connection.execute(day).scalar_one_or_none() or tx.business_date
    row = {**told, "needs": json.dumps(told["needs"])}
    tx.connection.execute(insert(visits).values(ticket=ticket, branch=tx.branch, business_date=date, **row))
