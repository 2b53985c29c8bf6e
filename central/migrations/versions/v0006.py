"""What is old is asked for by the time at which it came, so that it can be forgotten."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the indices."""
    op.create_index("ix_branch_events_received_at", "branch_events", ["received_at"], unique=False)
    op.create_index("ix_promises_received_at", "promises", ["received_at"], unique=False)
