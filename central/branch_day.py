"""One branch's day: what its hub has told of tickets, how long people waited, and which requests came in."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median

from sqlalchemy import select
from sqlalchemy.orm import Session

from central.centre import ZONE, Centre
from central.tables import BranchEvent, Request


@dataclass(frozen=True)
class Day:
    """Figures of one day. Waits are in whole minutes, from issued to called; None where nobody was called.

    `waits_by_hour` is the median of those who took a ticket in that hour.
    """

    tickets_by_hour: dict[int, int]
    waits_by_hour: dict[int, int]
    requests_by_hour: dict[int, int]
    requests: dict[str, int]
    tickets: int
    called: int
    no_shows: int
    wait_median: int | None
    wait_worst: int | None


def day_of(centre: Centre, session: Session, branch: str, day: date) -> Day:
    """Count one day of a branch, midnight to midnight in China."""
    begins = datetime.combine(day, time(), ZONE)
    ends = begins + timedelta(days=1)
    issued: dict[str, datetime] = {}
    called: dict[str, datetime] = {}
    missed: set[str] = set()
    rows = session.execute(
        select(BranchEvent.ticket_id, BranchEvent.at, BranchEvent.type, BranchEvent.data)
        .where(BranchEvent.branch == branch, BranchEvent.at >= begins, BranchEvent.at < ends)
        .order_by(BranchEvent.at, BranchEvent.id)
    )
    for ticket, at, kind, data in rows:
        if not ticket:
            continue
        said = str(data.get("state") or kind.rpartition(".")[2])
        told = data.get("issued_ms")
        taken_at = datetime.fromtimestamp(told / 1000, ZONE) if isinstance(told, int | float) else at
        issued.setdefault(ticket, min(taken_at, at))
        if said == "called":
            called.setdefault(ticket, at)
        if said == "no_show":
            missed.add(ticket)
    waited = {ticket: (called[ticket] - issued[ticket]).total_seconds() / 60 for ticket in called}
    waits = sorted(waited.values())
    by_hour: dict[int, list[float]] = {}
    for ticket, minutes in waited.items():
        by_hour.setdefault(centre.local(issued[ticket]).hour, []).append(minutes)
    taken = session.execute(
        select(Request.received_at, Request.state).where(
            Request.branch == branch, Request.received_at >= begins, Request.received_at < ends
        )
    ).all()
    return Day(
        tickets_by_hour=dict(Counter(centre.local(at).hour for at in issued.values())),
        waits_by_hour={hour: round(median(minutes)) for hour, minutes in by_hour.items()},
        requests_by_hour=dict(Counter(centre.local(row.received_at).hour for row in taken)),
        requests=dict(Counter(row.state for row in taken)),
        tickets=len(issued),
        called=len(called),
        no_shows=len(missed),
        wait_median=round(median(waits)) if waits else None,
        wait_worst=round(waits[-1]) if waits else None,
    )
