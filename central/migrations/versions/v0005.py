"""The day of a branch is asked for by time."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the index."""
    op.create_index("ix_branch_events_at", "branch_events", ["branch", "at"], unique=False)
