"""Where a hub stands among those before and after it: its epoch, its log's name, and whether another has taken over."""

from dataclasses import dataclass

from sqlalchemy import Connection, or_, select, update

from branch.store.schema import hub, identity


@dataclass(frozen=True, slots=True)
class Standing:
    """The epoch of this hub, the name of its log, and the epoch of the other hub that was heard of, if any.

    Read-only then. That epoch is higher, or the same where two kiosks were promoted at once.
    """

    epoch: int = 1
    log: str = ""
    superseded_by: int | None = None

    @property
    def rival(self) -> bool:
        """Whether it is another hub of the same epoch that was heard of: two kiosks were promoted."""
        return self.superseded_by == self.epoch


def read_standing(connection: Connection, branch: str) -> Standing:
    """Read where the hub stands."""
    query = select(hub.c.epoch, identity.c.log, identity.c.superseded_by).join_from(
        hub, identity, hub.c.branch == identity.c.branch
    )
    row = connection.execute(query.where(hub.c.branch == branch)).one()
    return Standing(row.epoch, row.log, row.superseded_by)


def keep_superseded(connection: Connection, branch: str, epoch: int) -> None:
    """Keep that a hub of a higher epoch was heard of; nothing takes that back."""
    higher = or_(identity.c.superseded_by.is_(None), identity.c.superseded_by < epoch)
    connection.execute(update(identity).where(identity.c.branch == branch, higher).values(superseded_by=epoch))
