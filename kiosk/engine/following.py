"""Follows the hub's log into the kiosk's own copy, page by page, and notices a hub that has taken over."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Protocol

from kiosk.core.events import Event
from kiosk.engine.journal.journal import Journal
from kiosk.engine.log_copy import LogCopy
from kiosk.engine.ports import Away, LogPage, Rejected
from kiosk.engine.rounds import Round

FOLLOW_S = 2.0
"""How often the hub is asked; what a hub does in its last two seconds is told by the kiosks themselves."""
PAGES = 20
"""Pages a round: a kiosk that was away for a day catches up in a few rounds, and the hub serves citizens between."""
KEPT = timedelta(days=3)
"""A ticket lives for one business day; the days before it answer a question of the morning after."""

FIRST = 1
"""The epoch of a hub that nobody promoted: an empty one may be put in its place."""

_log = logging.getLogger(__name__)


class LogLink(Protocol):
    """Whoever can be asked for the log; blocks for at most its budget, never raises."""

    def log(self, after: tuple[int, int]) -> LogPage | Away | Rejected: ...


class Follower:
    """Keeps the copy. `followed` is the highest epoch so far, and the name of its log.

    A hub of a lower epoch is refused; of two hubs of one epoch, which two promotions at once make, the second is.
    """

    def __init__(self, link: LogLink, journal: Journal, copy: LogCopy, now: Callable[[], datetime]) -> None:
        self._link = link
        self._journal = journal
        self._copy = copy
        self._now = now
        self._pruned = now()
        self.followed = journal.tickets.epoch(), copy.log
        self._rival = ""

    @property
    def epoch(self) -> int:
        """The highest epoch that this kiosk has followed."""
        return self.followed[0]

    def round(self) -> Round:
        """The round that follows, on a lane of its own: a citizen's ticket never waits for a page."""
        return Round("log-copy", "copy", FOLLOW_S, self.follow)

    def follow(self) -> Iterable[Event]:
        """Fetch what is new; a hub that is away is asked again at the next round."""
        for _ in range(PAGES):
            page = self._link.log(self._copy.place)
            if not isinstance(page, LogPage) or not self._take(page):
                break
        if self._now() - self._pruned > timedelta(hours=1):
            self._pruned = self._now()
            self._copy.prune(int((self._now() - KEPT).timestamp() * 1000))
        return ()

    def _take(self, page: LogPage) -> bool:
        """Take a page in; say whether there is more to ask for now."""
        if page.epoch < self.epoch:
            return False
        epoch, log = self.followed
        if page.epoch == epoch > FIRST and log not in {"", page.log}:
            if self._rival != page.log:
                _log.error(
                    "there are two hubs of epoch %d: two kiosks were promoted. Stop both and promote one again",
                    page.epoch,
                )
            self._rival = page.log
            return False
        fresh = self._copy.log != page.log
        if fresh:
            self._copy.begin(page.log)
        if page.epoch > epoch:
            told = self._journal.tickets.tell_again(page.epoch)
            _log.warning("the hub of epoch %d has taken over; it is told %d tickets of today", page.epoch, told)
        # Both at once: a request that carries the new epoch beside the old log would name a rival.
        self.followed = page.epoch, page.log
        if fresh:
            return True
        if self._copy.place > (page.epoch, page.seq):
            # Somebody put a backup in its place: what it lost is kept for a technician, and the copy begun anew.
            _log.error(
                "the hub has lost the end of its log; what this kiosk knew of it is kept in %s", self._copy.keep()
            )
            self._copy.begin(page.log)
            return True
        self._copy.append(page.entries)
        return page.more

    def close(self) -> None:
        """Let go of the copy."""
        self._copy.close()
