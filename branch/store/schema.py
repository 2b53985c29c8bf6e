"""The tables, the same on SQLite and PostgreSQL; uniqueness and one-ticket-a-counter are the database's own rules."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    CompoundSelect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    literal_column,
    select,
    text,
    union_all,
)

VERSION = 1
"""The oldest hub that can go on with these tables. They only grow (`tests/branch/released.json`), so that a hub of the
release before goes on with the file when an update is taken back; raised where that cannot be: it is refused then."""

VERB = 32
"""Characters of a verb in the log; PostgreSQL cuts off nothing, it refuses."""

metadata = MetaData()

# One row a branch. PostgreSQL hubs lock it first in every transaction, so that log numbers follow the commit order.
hub = Table(
    "hub", metadata,
    Column("branch", String(32), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("place", BigInteger, nullable=False),
    Column("business_date", String(10), nullable=False),
)  # fmt: skip

# Which log this is - made once, kept by every copy - and the higher epoch that a kiosk has spoken of: read-only then.
identity = Table(
    "identity", metadata,
    Column("branch", String(32), primary_key=True),
    Column("log", String(36), nullable=False),
    Column("superseded_by", Integer),
)  # fmt: skip

series = Table(
    "series", metadata,
    Column("branch", String(32), primary_key=True),
    Column("business_date", String(10), primary_key=True),
    Column("epoch", Integer, primary_key=True),
    Column("letter", String(1), primary_key=True),
    Column("last", Integer, nullable=False),
)  # fmt: skip

tickets = Table(
    "tickets", metadata,
    Column("id", String(36), primary_key=True),
    Column("branch", String(32), nullable=False),
    Column("business_date", String(10), nullable=False),
    Column("label", String(8), nullable=False),
    Column("letter", String(1), nullable=False),
    Column("service", String(16), nullable=False),
    Column("language", String(8), nullable=False),
    Column("state", String(10), nullable=False),
    Column("place", BigInteger, nullable=False),
    Column("issued_ms", BigInteger, nullable=False),
    Column("kiosk", String(32), nullable=False),
    Column("kiosk_seq", BigInteger, nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("cut_off", Boolean, nullable=False),
    Column("priority", String(32)),
    Column("priority_confirmed", Boolean, nullable=False),
    Column("printed", String(16)),
    Column("counter", Integer),
    Column("target_counter", Integer),
    Column("called_ms", BigInteger),
    Column("started_ms", BigInteger),
    Column("ended_ms", BigInteger),
    Column("called_seq", BigInteger),
    Column("recalls", Integer, nullable=False),
    Column("note", Text),
    Column("void_reason", Text),
    Column("status_token", String(32)),
    UniqueConstraint("branch", "business_date", "label", name="one_label_a_day"),
    sqlite_with_rowid=False,
)  # fmt: skip

_AT_COUNTER = text("state IN ('called', 'serving')")
Index(
    "one_ticket_a_counter", tickets.c.branch, tickets.c.counter,
    unique=True, sqlite_where=_AT_COUNTER, postgresql_where=_AT_COUNTER,
)  # fmt: skip
Index("tickets_by_state", tickets.c.branch, tickets.c.business_date, tickets.c.state, tickets.c.place)
_CALLED, _TOKEN = tickets.c.called_seq.is_not(None), tickets.c.status_token.is_not(None)
Index(
    "tickets_by_call", tickets.c.branch, tickets.c.business_date, tickets.c.called_seq,
    sqlite_where=_CALLED, postgresql_where=_CALLED,
)  # fmt: skip
Index("tickets_by_status_token", tickets.c.status_token, sqlite_where=_TOKEN, postgresql_where=_TOKEN)

# Ids that a kiosk gave up after an answer that never came: should the attempt arrive yet, it makes no ticket.
tombstones = Table(
    "tombstones", metadata,
    Column("id", String(36), primary_key=True),
    Column("at_ms", BigInteger, nullable=False),
)  # fmt: skip

# 1 for a ticket, 2 for an id that was given up.
trace: CompoundSelect[Any] = union_all(
    select(literal_column("1")).where(tickets.c.id == bindparam("ticket")),
    select(literal_column("2")).where(tombstones.c.id == bindparam("given_up")),
)

counters = Table(
    "counters", metadata,
    Column("branch", String(32), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("state", String(8), nullable=False),
    Column("clerk_id", Integer),
    Column("clerk", String(64)),
    Column("services", Text),
    Column("reason", String(40)),
    Column("since_ms", BigInteger),
    Column("last_seq", BigInteger),
    Column("last_ticket", String(36)),
    Column("priority_run", Integer, nullable=False),
)  # fmt: skip

# Append-only: what happened, who did it and when, with the whole thing as it was afterwards.
events = Table(
    "events", metadata,
    Column("epoch", Integer, primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("type", String(8), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("verb", String(VERB), nullable=False),
    Column("actor", String(80), nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("data", Text, nullable=False),
    sqlite_with_rowid=False,
)  # fmt: skip
Index("events_by_subject", events.c.subject, events.c.epoch, events.c.seq)

alerts = Table(
    "alerts", metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("kiosk", String(32), nullable=False),
    Column("view", String(40), nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("taken_ms", BigInteger),
    Column("taken_by", String(80)),
)  # fmt: skip

kiosks = Table(
    "kiosks", metadata,
    Column("name", String(32), primary_key=True),
    Column("health", Text, nullable=False),
    Column("seen_ms", BigInteger, nullable=False),
)  # fmt: skip

accounts = Table(
    "accounts", metadata,
    Column("id", Integer, primary_key=True),
    Column("role", String(8), nullable=False),
    Column("name", String(64), nullable=False),
    Column("pin", String(160)),
    Column("failures", Integer, nullable=False),
    Column("locked_until_ms", BigInteger, nullable=False),
    UniqueConstraint("role", "name", name="one_account_a_name"),
)  # fmt: skip

tokens = Table(
    "tokens", metadata,
    Column("hash", String(64), primary_key=True),
    Column("account", Integer, ForeignKey("accounts.id"), nullable=False),
    Column("csrf", String(64)),
    Column("created_ms", BigInteger, nullable=False),
    Column("expires_ms", BigInteger),
)  # fmt: skip
