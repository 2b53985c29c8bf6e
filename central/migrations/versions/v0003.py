"""One-time codes sent to phones, and which request each proof of identity was used for."""

import sqlalchemy as sa
from alembic import op

from central.tables import Instant

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add them, unless a version between the two has made them already."""
    if sa.inspect(op.get_bind()).has_table("one_time_codes"):
        return
    op.create_table(
        "one_time_codes",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("device_id", sa.String(length=36), nullable=False),
        sa.Column("service", sa.String(length=12), nullable=False),
        sa.Column("phone_mark", sa.String(length=64), nullable=False),
        sa.Column("code_mark", sa.String(length=64), nullable=False),
        sa.Column("sent_at", Instant(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("proved_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    for column in ("device_id", "phone_mark", "sent_at"):
        op.create_index(f"ix_one_time_codes_{column}", "one_time_codes", [column], unique=False)
    op.create_table(
        "used_proofs",
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("device_id", sa.String(length=36), nullable=False),
        sa.Column("client_request_id", sa.String(length=36), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "id"),
    )
