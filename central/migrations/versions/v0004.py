"""Text messages that wait to be sent."""

import sqlalchemy as sa
from alembic import op

from central.tables import Instant

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the queue."""
    op.create_table(
        "messages",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("request_id", sa.String(length=36), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    for column in ("request_id", "due_at"):
        op.create_index(f"ix_messages_{column}", "messages", [column], unique=False)
