"""Reading the hall: everything /state tells in one transaction, the pace of today, tickets for statistics."""

import json
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select

from branch.flow import Flow
from branch.hall import Figures, Hall
from branch.life import AT_COUNTER, LIVE, QUEUED
from branch.moment import rfc3339
from branch.store import schema
from branch.store.also import read_also
from branch.store.kiosks import KEEP_ALERT_MS, Alert, alert_record
from branch.store.rows import COUNTER_COLUMNS, TICKET_COLUMNS
from branch.store.staff import read_paper_changes
from branch.store.suspensions import read_suspended, suspension_record
from branch.store.visits import read_visits
from branch.store.waits import read_flow, read_model
from branch.ticket import Counter, Ticket
from branch.wait import Model, Pace, Station

CALLS_KEPT = 12
SAMPLES = 60
_MAX_SERVICE_MS = 2 * 3_600_000  # a longer one was forgotten open, and says nothing about pace


def read_hall(connection: Connection, branch: str, numbers: range, now_ms: int, missed_ms: int) -> Hall:
    """Read the hall as it is at one number of the log."""
    hub = connection.execute(select(schema.hub).where(schema.hub.c.branch == branch)).one()
    t = schema.tickets.c
    today = and_(t.branch == branch, t.business_date == hub.business_date)
    missed = and_(t.state == "no_show", t.ended_ms >= now_ms - missed_ms)
    present = select(*TICKET_COLUMNS).where(today, or_(t.state.in_(LIVE), missed)).order_by(t.place)
    called = select(*TICKET_COLUMNS).where(today, t.called_seq.is_not(None)).order_by(t.called_seq.desc())
    c = schema.counters.c
    known = {
        row.number: Counter(*row) for row in connection.execute(select(*COUNTER_COLUMNS).where(c.branch == branch))
    }
    figures = _figures(connection, branch, hub.business_date)
    model, flow = read_forecast(connection, branch, hub.business_date, now_ms)
    return Hall(
        epoch=hub.epoch,
        seq=hub.seq,
        business_date=hub.business_date,
        counters=tuple(known.get(number, Counter(number)) for number in numbers),
        tickets=tuple(Ticket(*row) for row in connection.execute(present)),
        calls=tuple(Ticket(*row) for row in connection.execute(called.limit(CALLS_KEPT))),
        samples=read_samples(connection, branch, hub.business_date),
        flow=flow,
        model=model,
        alerts=_alerts(connection, now_ms),
        kiosks=_kiosks(connection, now_ms),
        figures=figures,
        done_today=sum(one.done for one in figures.values()),
        visits=read_visits(connection, branch, hub.business_date),
        also=read_also(connection, branch, hub.business_date),
        suspended=tuple(
            suspension_record(one, staff=True) for one in read_suspended(connection, branch, now_ms).values()
        ),
    )


def read_pace(connection: Connection, branch: str, business_date: str, now_ms: int) -> Pace:
    """Read how the branch works right now."""
    t, c = schema.tickets.c, schema.counters.c
    busy = set(connection.execute(select(t.counter).where(t.branch == branch, t.state.in_(AT_COUNTER))).scalars())
    rows = connection.execute(select(*COUNTER_COLUMNS).where(c.branch == branch, c.state == "open"))
    stations = tuple(Station(one.serves(), one.number in busy, one.number) for one in (Counter(*row) for row in rows))
    model, flow = read_forecast(connection, branch, business_date, now_ms)
    return Pace(stations, read_samples(connection, branch, business_date), flow, model)


def read_forecast(connection: Connection, branch: str, business_date: str, now_ms: int) -> tuple[Model | None, Flow]:
    """Read the model in force and what it looks at; without a model nothing is looked at."""
    model = read_model(connection, branch, business_date)
    return model, Flow() if model is None else read_flow(connection, branch, business_date, now_ms)


def read_samples(connection: Connection, branch: str, business_date: str) -> tuple[float, ...]:
    """Read how long the services finished last today took, in seconds from call to end, newest first."""
    t = schema.tickets.c
    query = (
        select(t.called_ms, t.ended_ms)
        .where(t.branch == branch, t.business_date == business_date, t.state == "done", t.called_ms.is_not(None))
        .order_by(t.place.desc())
        .limit(SAMPLES)
    )
    return tuple((row.ended_ms - row.called_ms) / 1000 for row in connection.execute(query) if _plausible(row))


def read_log_position(connection: Connection, branch: str) -> tuple[int, int]:
    """Read epoch and number of the log's last entry."""
    row = connection.execute(select(schema.hub.c.epoch, schema.hub.c.seq).where(schema.hub.c.branch == branch)).one()
    return row.epoch, row.seq


def read_days(connection: Connection, branch: str, first: str, last: str) -> list[Ticket]:
    """Read every ticket of some business days, both ends included."""
    t = schema.tickets.c
    query = select(*TICKET_COLUMNS).where(t.branch == branch, t.business_date.between(first, last))
    return [Ticket(*row) for row in connection.execute(query.order_by(t.business_date, t.place))]


def read_by_status_token(connection: Connection, token: str) -> Ticket | None:
    """Read the ticket whose status page this is."""
    query = select(*TICKET_COLUMNS).where(schema.tickets.c.status_token == token)
    row = connection.execute(query).one_or_none()
    return Ticket(*row) if row else None


def count_ahead(connection: Connection, branch: str, ticket: Ticket) -> dict[str, int]:
    """Count who waits before a ticket, by service."""
    t = schema.tickets.c
    query = select(t.service, func.count()).where(
        t.branch == branch, t.business_date == ticket.business_date, t.state.in_(QUEUED), t.place < ticket.place
    )
    return {row[0]: row[1] for row in connection.execute(query.group_by(t.service))}


def _plausible(row: Any) -> bool:
    return bool(0 < row.ended_ms - row.called_ms <= _MAX_SERVICE_MS)


def _figures(connection: Connection, branch: str, business_date: str) -> dict[int, Figures]:
    t = schema.tickets.c
    query = (
        select(t.counter, func.count(), func.avg(t.ended_ms - t.called_ms))
        .where(t.branch == branch, t.business_date == business_date, t.state == "done", t.counter.is_not(None))
        .group_by(t.counter)
    )
    return {n: Figures(done, round(float(mean or 0) / 1000)) for n, done, mean in connection.execute(query)}


def _alerts(connection: Connection, now_ms: int) -> tuple[dict[str, object], ...]:
    a = schema.alerts.c
    query = select(schema.alerts).where(a.at_ms > now_ms - KEEP_ALERT_MS).order_by(a.id.desc()).limit(20)
    return tuple(alert_record(Alert(*row), staff=True) for row in connection.execute(query))


def _kiosks(connection: Connection, now_ms: int) -> tuple[dict[str, object], ...]:
    query = select(schema.kiosks).order_by(schema.kiosks.c.name)
    paper = read_paper_changes(connection, now_ms)
    return tuple(
        {
            "name": row.name,
            "health": json.loads(row.health),
            "seen_at": rfc3339(row.seen_ms),
            "paper_change": row.name in paper,
        }
        for row in connection.execute(query)
    )
