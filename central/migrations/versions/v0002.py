"""The tree of places with its editions, answers to the office, what the registry said, and care of devices."""

import sqlalchemy as sa
from alembic import op

from central.tables import Instant

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add them; what is there already stays."""
    op.create_table(
        "editions",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("place", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("author", sa.String(length=80), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["place"],
            ["branches.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("version"),
    )
    op.create_index("ix_editions_place", "editions", ["place"], unique=False)
    few = sa.text("state != 'older'")
    op.create_index(
        "one_edition_of_a_kind", "editions", ["place", "state"], unique=True, sqlite_where=few, postgresql_where=few
    )
    op.create_table(
        "retired_keys",
        sa.Column("key_id", sa.String(length=64), nullable=False),
        sa.Column("retired_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["device_keys.id"]),
        sa.PrimaryKeyConstraint("key_id"),
    )
    op.create_table(
        "promises",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("device_id", sa.String(length=36), nullable=False),
        sa.Column("chain", sa.String(length=16), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=9), nullable=False),
        sa.Column("record", sa.JSON(), nullable=False),
        sa.Column("received_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("device_id", "chain", "seq"),
    )
    op.create_index("promise_code", "promises", ["code"], unique=False)
    op.create_table(
        "diagnostics",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("device_id", sa.String(length=36), nullable=False),
        sa.Column("received_at", Instant(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_diagnostics_device_id", "diagnostics", ["device_id"], unique=False)
    op.create_table(
        "supplements",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("request_id", sa.String(length=36), nullable=False),
        sa.Column("device_id", sa.String(length=36), nullable=False),
        sa.Column("client_answer_id", sa.String(length=36), nullable=False),
        sa.Column("sealed_kid", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["device_id"],
            ["devices.id"],
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["requests.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("device_id", "client_answer_id", name="one_answer_a_press"),
    )
    op.create_index("ix_supplements_request_id", "supplements", ["request_id"], unique=False)
    op.add_column("branches", sa.Column("level", sa.String(length=12), server_default="branch", nullable=False))
    # SQLite adds a foreign key only in the column's own words.
    op.execute("ALTER TABLE branches ADD COLUMN parent VARCHAR(64) REFERENCES branches (id)")
    op.create_index("ix_branches_parent", "branches", ["parent"], unique=False)
    op.add_column("requests", sa.Column("photographs", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("requests", sa.Column("person", sa.String(length=64), server_default="", nullable=False))
    op.add_column("requests", sa.Column("checked", sa.String(length=12), server_default="unchecked", nullable=False))
    op.add_column("requests", sa.Column("checked_codes", sa.JSON(), nullable=True))
    op.add_column("requests", sa.Column("double_of", sa.String(length=32), server_default="", nullable=False))
    op.add_column("requests", sa.Column("due_on", sa.Date(), nullable=True))
    op.add_column("requests", sa.Column("proposed_by", sa.String(length=80), server_default="", nullable=False))
    op.add_column("requests", sa.Column("proposed", sa.JSON(), nullable=True))
    op.create_index("ix_requests_person", "requests", ["person"], unique=False)
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("branch_events", "origin_seq", type_=sa.BigInteger())
        op.alter_column("event_progress", "contiguous", type_=sa.BigInteger())
