"""The hub's store: work is handed to the one writer, reading happens beside it, listeners hear of every commit."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TypeVar

from sqlalchemy import Connection

from branch.declined import Declined
from branch.moment import business_day, to_ms
from branch.options import BranchOptions
from branch.store.accounts import SignedIn, grant
from branch.store.database import Database
from branch.store.day import turn
from branch.store.issuing import Numbering
from branch.store.log import Entry
from branch.store.reading import read_log_position, read_pace
from branch.store.standing import Standing, keep_superseded, read_standing
from branch.store.tail import Tail
from branch.store.transaction import PACE_STALE, Tx, Work, begin, end
from branch.store.writer import Writer
from branch.wait import Pace

T = TypeVar("T")
logger = logging.getLogger(__name__)
Listener = Callable[[Sequence[Entry]], None]

PACE_KEPT_S = 5.0
"""Several hubs may share a PostgreSQL database: what another one did shows in waits after so long at the latest."""


class Store:
    """One branch's data. Between start and stop it owns the database; both may be called once."""

    def __init__(self, url: str, options: BranchOptions, now: Callable[[], datetime]) -> None:
        self.options = options
        self.now = now
        self.numbering = Numbering(options.ranges, bool(options.public_url))
        self._database = Database(url)
        turning = partial(turn, keep_days=options.keep_days)
        self._writer = Writer(self._database.writing, options.id, now, turning, self._committed)
        self._listeners: list[Listener] = []
        self._pace: tuple[float, Pace] | None = None
        self._tail: Tail | None = None
        self.standing = Standing()

    def start(self) -> None:
        """Open the database for this hub alone; Refusal where that cannot be."""
        self._database.open(self.options.id, business_day(None, self.now_ms()), exclusive=True)
        self.standing = self.read(lambda connection: read_standing(connection, self.options.id))
        if not self._database.sqlite:
            position = self.read(lambda connection: read_log_position(connection, self.options.id))
            self._tail = Tail(self._database.reading, position, self._tell)
            self._tail.start()
        self._writer.start()

    def stop(self) -> None:
        """Finish what was begun and let go of the database."""
        self._writer.stop()
        if self._tail is not None:
            self._tail.stop()
        self._database.close()

    def now_ms(self) -> int:
        """The hub's clock."""
        return to_ms(self.now())

    def listen(self, listener: Listener) -> None:
        """Have every commit's log entries told, in order, from the writer's thread."""
        self._listeners.append(listener)

    def submit(self, work: Work[T]) -> "Future[T]":
        """Hand work to the writer; the future is done once it is on disk. A hub that was replaced declines it."""
        if self.standing.superseded_by is None:
            return self._writer.submit(work)
        refused: Future[T] = Future()
        refused.set_exception(self._superseded())
        return refused

    async def do(self, work: Work[T], ticket: str | None = None) -> T:
        """Have work done by the writer; it is on disk when this returns. `ticket` is the id it asks for first."""
        if self.standing.superseded_by is not None:
            raise self._superseded()
        return await self._writer.submit_for(asyncio.get_running_loop(), work, ticket)

    def _superseded(self) -> Declined:
        higher = self.standing.superseded_by
        if self.standing.rival:
            return Declined(
                "hub-superseded",
                f"Two kiosks were promoted: stop both hubs of epoch {higher}, then promote one of them again.",
            )
        return Declined("hub-superseded", f"Go to the hub of epoch {higher}; stop this one.")

    def heard_of(self, epoch: int) -> None:
        """A kiosk speaks of a hub of this epoch: one that is higher ends the writing here, for good."""
        if epoch <= max(self.standing.epoch, self.standing.superseded_by or 0):
            return
        self._writer.submit(lambda tx: keep_superseded(tx.connection, tx.branch, epoch)).result()
        logger.error("a hub of epoch %d has taken over; this one, of %d, is read-only", epoch, self.standing.epoch)
        self.standing = replace(self.standing, superseded_by=epoch)

    def heard_of_rival(self) -> None:
        """A kiosk follows another log of this epoch: both hubs stop writing, until a technician promotes one again."""
        epoch = self.standing.epoch
        if self.standing.superseded_by is not None:
            return
        self._writer.submit(lambda tx: keep_superseded(tx.connection, tx.branch, epoch)).result()
        logger.error(
            "there is another hub of epoch %d: two kiosks were promoted. Both are read-only now; stop both and run "
            "`kiosk branch promote --from STATE_DIR` for the one that is to stay", epoch,
        )  # fmt: skip
        self.standing = replace(self.standing, superseded_by=epoch)

    def read(self, query: Callable[[Connection], T]) -> T:
        """Run a query on one snapshot of the database, in the caller's thread."""
        with self._database.reading.begin() as connection:
            return query(connection)

    def pace_of(self, tx: Tx) -> Pace:
        """How the branch works as this transaction sees it; read again only after something changed it."""
        pace: Pace | None = tx.memo.get("pace")
        if pace is not None:
            return pace
        kept = self._pace
        if kept is not None and PACE_STALE not in tx.memo and time.monotonic() - kept[0] < PACE_KEPT_S:
            pace = kept[1]
        else:
            pace = read_pace(tx.connection, tx.branch, tx.business_date, tx.now_ms)
            self._pace = (time.monotonic(), pace)
        tx.memo["pace"] = pace
        return pace

    def grant(self, role: str, name: str, pin: str | None = None, token: str | None = None) -> str:
        """Give a token for a role to a name."""
        return self.submit(lambda tx: grant(tx, role, name, pin, token)).result().token

    def _committed(self, entries: Sequence[Entry]) -> None:
        if self._tail is None:
            self._tell(entries)
        else:
            self._tail.committed(entries)

    def _tell(self, entries: Sequence[Entry]) -> None:
        if any(entry.type == "counter" or entry.verb not in {"issue", "confirm"} for entry in entries):
            self._pace = None
        for listener in self._listeners:
            listener(entries)


def grant_beside(url: str, branch: str, now: Callable[[], datetime], role: str, name: str, pin: str | None) -> SignedIn:
    """Give a token while the hub may be running on the same database: one short transaction of its own."""
    with Database(url) as database:
        database.open(branch, business_day(None, to_ms(now())), exclusive=False)
        with database.writing.begin() as connection:
            tx = begin(connection, branch, now())
            given = grant(tx, role, name, pin)
            end(tx)
            return given
