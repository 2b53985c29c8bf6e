"""The running hub's parts, as routes reach them."""

from dataclasses import dataclass
from typing import TypeVar, cast

from fastapi import Request

from branch.auth import Guard, Tries
from branch.feed import Feed
from branch.options import BranchOptions
from branch.pages.render import Pages
from branch.snapshots import Snapshots
from branch.store.store import Store
from branch.store.transaction import Work
from kiosk.domain.catalogue import Catalogue

T = TypeVar("T")


@dataclass(frozen=True)
class Hub:
    """Everything that serves one branch."""

    store: Store
    catalogue: Catalogue
    guard: Guard
    feed: Feed
    snapshots: Snapshots
    pages: Pages
    tries: Tries

    @property
    def options(self) -> BranchOptions:
        """What the hub was told about its branch."""
        return self.store.options

    async def do(self, work: Work[T], ticket: str | None = None) -> T:
        """Have work done by the writer; it is on disk when this returns. `ticket` is the id it asks for first."""
        return await self.store.do(work, ticket)


def hub_of(request: Request) -> Hub:
    """The hub that answers this request."""
    return cast(Hub, request.app.state.hub)
