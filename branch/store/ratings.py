"""好差评: one rating a visit, bound to its ticket, read by the supervisor first; bad ones are followed up."""

from typing import Any

from sqlalchemy import BigInteger, Column, Connection, Integer, RowMapping, String, Table, insert, select, update

from branch.declined import Declined
from branch.moment import rfc3339
from branch.note import personal
from branch.store import schema
from branch.store.rows import known_ticket
from branch.store.schema import metadata
from branch.store.transaction import Tx
from branch.ticket import Ticket

LEVELS = range(1, 6)
"""5 非常满意, 4 满意, 3 基本满意, 2 不满意, 1 非常不满意 (the five levels of the State Council's 好差评)."""

BAD = 2
"""This and below is followed up."""

RATE_MS = 30 * 60_000
"""So long after the visit it may be rated."""

ratings = Table(
    "ratings", metadata,
    Column("ticket", String(36), primary_key=True),
    Column("branch", String(32), nullable=False),
    Column("business_date", String(10), nullable=False),
    Column("level", Integer, nullable=False),
    Column("source", String(40), nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("followed_ms", BigInteger),
    Column("followed_by", String(80)),
    Column("follow_up", String(200)),
)  # fmt: skip


def rate(tx: Tx, ticket_id: str, level: int, source: str) -> dict[str, Any]:
    """Keep a rating; the same again is harmless, another one for the same visit is Declined."""
    ticket = known_ticket(tx, ticket_id)
    if not (_just_ended(ticket, tx.now_ms) or ticket.state == "serving"):
        raise Declined("state-conflict", "A visit is rated while it is served, or within half an hour after it.")
    known = tx.connection.execute(select(ratings.c.level).where(ratings.c.ticket == ticket_id)).scalar_one_or_none()
    if known is not None and known != level:
        raise Declined("state-conflict", "This visit has been rated already.")
    if known is None:
        row = {"level": level, "source": source, "at_ms": tx.now_ms}
        date = {"branch": tx.branch, "business_date": ticket.business_date}
        tx.connection.execute(insert(ratings).values(ticket=ticket_id, **date, **row))
        tx.log("hall", ticket_id, "rate", source, row)
    return {"ticket": ticket_id, "level": level}


def may_rate(connection: Connection, ticket: Ticket, now_ms: int) -> bool:
    """Whether its holder is asked at the kiosk: served a short while ago, and not rated yet."""
    if not _just_ended(ticket, now_ms):
        return False
    known = select(ratings.c.level).where(ratings.c.ticket == ticket.id)
    return connection.execute(known).scalar_one_or_none() is None


def follow_up(tx: Tx, ticket_id: str, text: str, actor: str) -> None:
    """Note what was done about a bad rating; no identity or phone number may stand in it."""
    if personal(text):
        raise Declined("note-personal", "Leave out identity and phone numbers; the note stays with the rating.")
    values = {"followed_ms": tx.now_ms, "followed_by": actor, "follow_up": text.strip()}
    found = tx.connection.execute(update(ratings).where(ratings.c.ticket == ticket_id).values(**values))
    if found.rowcount != 1:
        raise Declined("not-found", "This visit has no rating.")
    tx.log("hall", ticket_id, "follow-up", actor, {"text": text.strip()})


def read_ratings(connection: Connection, branch: str, first: str, last: str) -> list[dict[str, Any]]:
    """The ratings of some days, the worst first; with label, service and counter, never with a clerk's name."""
    r, t = ratings.c, schema.tickets.c
    query = (
        select(ratings, t.label, t.service, t.counter)
        .join_from(ratings, schema.tickets, r.ticket == t.id)
        .where(r.branch == branch, r.business_date.between(first, last))
        .order_by(r.level, r.at_ms)
    )
    return [_record(row) for row in connection.execute(query).mappings()]


def to_rate(connection: Connection, branch: str, counter: int, now_ms: int) -> dict[str, Any] | None:
    """The visit that a tablet at a counter may ask about: served there now or just ended, and not rated yet."""
    t = schema.tickets.c
    query = (
        select(t.id, t.label)
        .join_from(schema.tickets, ratings, ratings.c.ticket == t.id, isouter=True)
        .where(t.branch == branch, t.counter == counter, t.state == "done", ratings.c.ticket.is_(None))
        .where(t.ended_ms >= now_ms - 2 * 60_000)
        .order_by(t.ended_ms.desc())
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else {"id": row.id, "label": row.label}


def _just_ended(ticket: Ticket, now_ms: int) -> bool:
    return ticket.state == "done" and now_ms - (ticket.ended_ms or 0) <= RATE_MS


def _record(row: RowMapping) -> dict[str, Any]:
    return {
        "ticket": row["ticket"],
        "label": row["label"],
        "service": row["service"],
        "counter": row["counter"],
        "level": row["level"],
        "at": rfc3339(row["at_ms"]),
        "bad": row["level"] <= BAD,
        "followed_at": rfc3339(row["followed_ms"]),
        "followed_by": row["followed_by"],
        "follow_up": row["follow_up"],
    }
