"""Further services that a citizen wants on the same ticket: told to clerks, queued for by the first one alone."""

import json
from collections.abc import Sequence

from sqlalchemy import Column, Connection, String, Table, Text, insert, select

from branch.store.schema import metadata
from branch.store.transaction import Tx

also = Table(
    "also", metadata,
    Column("ticket", String(36), primary_key=True),
    Column("branch", String(32), nullable=False),
    Column("business_date", String(10), nullable=False),
    Column("services", Text, nullable=False),
)  # fmt: skip


def keep_also(tx: Tx, ticket: str, services: Sequence[str]) -> None:
    """Keep them with a ticket that was just issued; a replay changes nothing."""
    a = also.c
    if not services or tx.connection.execute(select(a.ticket).where(a.ticket == ticket)).first():
        return
    values = {"ticket": ticket, "branch": tx.branch, "business_date": tx.business_date}
    tx.connection.execute(insert(also).values(**values, services=json.dumps(services)))
    tx.log("hall", ticket, "also", "kiosk", {"services": list(services)})


def read_also(connection: Connection, branch: str, business_date: str) -> dict[str, list[str]]:
    """The further services of a day's tickets, by ticket."""
    a = also.c
    query = select(a.ticket, a.services).where(a.branch == branch, a.business_date == business_date)
    return {row.ticket: json.loads(row.services) for row in connection.execute(query)}
