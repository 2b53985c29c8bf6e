"""What becomes of old days: after the declared number of days only their figures stay, and nothing about a person."""

import json
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Column, Connection, String, Table, Text, delete, func, insert, select

from branch.moment import ZONE, to_ms
from branch.reports import day_report
from branch.store import schema
from branch.store.also import also
from branch.store.appointments import appointments
from branch.store.confirmations import confirmations
from branch.store.ratings import ratings, read_ratings
from branch.store.reading import read_days
from branch.store.schema import metadata
from branch.store.suspensions import suspensions
from branch.store.transaction import Tx
from branch.store.visits import read_visits, visits

AT_ONCE = 7
"""Days folded in one turn of the day: a hub that gets the rule late is not busy with it for an hour."""

MOST_AHEAD = timedelta(days=31)
"""A clock that jumps further than this within one turn of the day is not believed about what is old."""

LATER_DAYS = 5
"""Days of work that must have followed: a clock that is years ahead over midnight makes nothing old."""

figures = Table(
    "day_figures", metadata,
    Column("branch", String(32), primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("report", Text, nullable=False),
)  # fmt: skip


def fold_old_days(tx: Tx, last_day: str, keep_days: int) -> None:
    """Fold the days that are over for `keep_days` into figures, and erase everything else of them."""
    today, before = date.fromisoformat(tx.business_date), date.fromisoformat(last_day)
    if not timedelta(0) < today - before <= MOST_AHEAD:
        return
    first_kept = (today - timedelta(days=keep_days)).isoformat()
    days = _days_before(tx.connection, tx.branch, first_kept)
    for day in days:
        report = json.dumps(_as_figures(_report(tx.connection, tx.branch, day)), separators=(",", ":"))
        tx.connection.execute(delete(figures).where(figures.c.branch == tx.branch, figures.c.day == day))
        tx.connection.execute(insert(figures).values(branch=tx.branch, day=day, report=report))
    if days:
        _erase(tx, _after(days[-1]))


def read_report(connection: Connection, branch: str, day: str) -> dict[str, Any]:
    """The report of a business day: from its tickets, or what is left of it. `folded` says which."""
    query = select(figures.c.report).where(figures.c.branch == branch, figures.c.day == day)
    kept = connection.execute(query).scalar_one_or_none()
    if kept is None:
        return {**_report(connection, branch, day), "folded": False}
    told: dict[str, Any] = json.loads(kept)
    told["ratings"] = {int(level): count for level, count in told["ratings"].items()}
    return {**told, "folded": True}


def _report(connection: Connection, branch: str, day: str) -> dict[str, Any]:
    tickets = read_days(connection, branch, day, day)
    return day_report(tickets, read_visits(connection, branch, day), read_ratings(connection, branch, day, day), day)


def _as_figures(report: dict[str, Any]) -> dict[str, Any]:
    """The report without a line about any one visit."""
    return {**report, "bad": [], "expired": [], "fairness": {**report["fairness"], "list": []}}


def _days_before(connection: Connection, branch: str, first_kept: str) -> list[str]:
    """The oldest of the days that are over, by the clock and by the work that was done since."""
    t = schema.tickets.c
    query = select(t.business_date).where(t.branch == branch).distinct().order_by(t.business_date)
    worked = list(connection.execute(query).scalars())[:-LATER_DAYS]
    return [day for day in worked if day < first_kept][:AT_ONCE]


def _erase(tx: Tx, first_kept: str) -> None:
    """Erase what belongs to days before one; who works here, what still stands and what is booked ahead remains."""
    connection, branch = tx.connection, tx.branch
    before_ms = to_ms(datetime.fromisoformat(first_kept).replace(tzinfo=ZONE))
    # The last numbers of a day stay: should a clock lead back to it, no label is given twice.
    for table in (ratings, visits, also, schema.tickets):
        connection.execute(delete(table).where(table.c.branch == branch, table.c.business_date < first_kept))
    connection.execute(delete(appointments).where(appointments.c.branch == branch, appointments.c.day < first_kept))
    connection.execute(
        delete(confirmations).where(confirmations.c.branch == branch, confirmations.c.asked_ms < before_ms)
    )
    for table in (schema.tombstones, schema.alerts):
        connection.execute(delete(table).where(table.c.at_ms < before_ms))
    e = schema.events.c
    old = e.at_ms < before_ms
    connection.execute(delete(schema.events).where(old, e.type == "kiosk"))
    # The end of a ticket may stand in the log of another day.
    orphans = e.subject.not_in(select(schema.tickets.c.id))
    connection.execute(delete(schema.events).where(e.type == "ticket", orphans))
    standing = select(func.max(e.seq)).where(old, e.type == "counter").group_by(e.subject)
    connection.execute(delete(schema.events).where(old, e.type == "counter", e.seq.not_in(standing)))
    ahead = select(appointments.c.number).where(appointments.c.branch == branch)
    suspended = select(suspensions.c.service).where(suspensions.c.branch == branch)
    hall = delete(schema.events).where(old, e.type == "hall", e.subject.not_in(ahead), e.subject.not_in(suspended))
    connection.execute(hall)


def _after(day: str) -> str:
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()
