"""What foretelling waits needs of the database: the flow of the queue, the fitted models, the log of some days."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from sqlalchemy import Column, Connection, String, Table, Text, delete, func, insert, select

from branch.flow import RECENT_MS, Called, Flow
from branch.life import QUEUED
from branch.store import schema
from branch.store.log import Entry, entry_of
from branch.store.schema import metadata
from branch.store.transaction import Tx
from branch.wait import Model

KEPT = 30
"""Models of so many days stay, so that the promises of those days can still be judged."""

models = Table(
    "wait_models", metadata,
    Column("branch", String(32), primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("model", Text, nullable=False),
)  # fmt: skip


def read_model(connection: Connection, branch: str, day: str) -> Model | None:
    """The model in force on a day: the newest one fitted up to it."""
    m = models.c
    query = select(m.model).where(m.branch == branch, m.day <= day).order_by(m.day.desc()).limit(1)
    text = connection.execute(query).scalar_one_or_none()
    return None if text is None else _model(json.loads(text))


def keep_model(tx: Tx, day: str, model: Model) -> None:
    """Put a model in force from a day on; one fitted again the same day replaces it."""
    m = models.c
    kept = select(m.day).where(m.branch == tx.branch).order_by(m.day.desc()).limit(KEPT - 1)
    known = tx.connection.execute(kept).scalars().all()
    tx.connection.execute(delete(models).where(m.branch == tx.branch, (m.day == day) | m.day.not_in(known)))
    text = json.dumps(asdict(model), separators=(",", ":"))
    tx.connection.execute(insert(models).values(branch=tx.branch, day=day, model=text))
    tx.pace_changed()


def read_flow(connection: Connection, branch: str, day: str, now_ms: int) -> Flow:
    """How the queue moves at a moment of the day."""
    t = schema.tickets.c
    today = (t.branch == branch, t.business_date == day)
    queue = connection.execute(
        select(t.service, func.count(), func.min(t.issued_ms)).where(*today, t.state.in_(QUEUED)).group_by(t.service)
    ).all()
    calls = connection.execute(
        select(t.called_ms, t.counter, t.service, t.issued_ms)
        .where(*today, t.called_seq.is_not(None), t.called_ms >= now_ms - RECENT_MS, t.counter.is_not(None))
        .order_by(t.called_seq.desc())
    )
    done = connection.execute(
        select(t.service, func.count(), func.sum(t.ended_ms - t.called_ms))
        .where(*today, t.state == "done", t.called_ms.is_not(None))
        .group_by(t.service)
    )
    return Flow(
        now_ms=now_ms,
        waiting={service: count for service, count, _ in queue},
        heads={service: first for service, _, first in queue},
        calls=tuple(Called(at, counter, service, (at - issued) / 1000) for at, counter, service, issued in calls),
        done={service: (count, float(total) / 1000) for service, count, total in done},
    )


def read_log(connection: Connection, since_ms: int, until_ms: int) -> Iterator[Entry]:
    """What happened to tickets and counters from one moment to before another, oldest first."""
    e = schema.events.c
    query = select(schema.events).where(e.at_ms >= since_ms, e.at_ms < until_ms, e.type.in_(("ticket", "counter")))
    for row in connection.execute(query.order_by(e.epoch, e.seq)):
        yield entry_of(row)


def _model(told: dict[str, Any]) -> Model:
    tuples = {name: tuple(told[name]) for name in ("middle", "late", "bands")}
    return Model(**{**told, **tuples})
