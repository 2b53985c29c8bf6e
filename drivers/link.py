"""Keeps one device open: closed -> opening -> ready -> fault, back-off with jitter, and each edge logged once."""

import logging
import random
import time
from collections.abc import Callable
from typing import Generic, Literal, Protocol, TypeVar

from drivers.device import LineLost

State = Literal["closed", "opening", "ready", "fault"]

FIRST_DELAY_S = 0.2
"""After the first failure: a cable that was only touched is back at once."""
LAST_DELAY_S = 5.0
"""The longest pause between two attempts: what a technician waits after plugging the device in again."""

log = logging.getLogger(__name__)


class Closes(Protocol):
    """All that a link needs to know of the line that it keeps open."""

    def close(self) -> None: ...


L = TypeVar("L", bound=Closes)


class Link(Generic[L]):
    """One line that is opened when somebody needs it, and opened again after a fault, never too often.

    It has no thread: the device's owner thread calls `line()` in its loop, and `lost()` when the line failed.
    `opener` returns an open line or raises LineLost; `monotonic` counts seconds; `jitter` gives 0.0 to 1.0.
    """

    def __init__(
        self,
        name: str,
        opener: Callable[[], L],
        monotonic: Callable[[], float] = time.monotonic,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self.name = name
        self.state: State = "closed"
        self.reason = ""
        self.openings = 0
        self._opener = opener
        self._monotonic = monotonic
        self._jitter = jitter
        self._line: L | None = None
        self._delay = FIRST_DELAY_S
        self._due = 0.0
        self._logged = ""

    def line(self) -> L | None:
        """Give the open line, opening it if an attempt is due; None while it is away."""
        if self._line is not None:
            return self._line
        if self.state == "fault" and self._monotonic() < self._due:
            return None
        self.state = "opening"
        try:
            self._line = self._opener()
        except LineLost as error:
            self._fail(error)
            return None
        self.state = "ready"
        self.reason = ""
        self.openings += 1
        return self._line

    def proven(self) -> None:
        """Say that the device answered: the fault is over, and the next one starts again with the short delay.

        A line that opens and breaks again and again is one fault, logged once.
        """
        self._delay = FIRST_DELAY_S
        if self._logged != "open":
            log.info("%s: open", self.name)
            self._logged = "open"

    def lost(self, error: LineLost) -> None:
        """Close the line after a fault; the next attempt is made after the back-off."""
        self._shut()
        self._fail(error)

    def hurry(self) -> None:
        """Make the next attempt due now: somebody waits for it."""
        self._due = 0.0

    def due_in(self) -> float:
        """Seconds until the next attempt; 0 when the line is open or an attempt is due."""
        return max(0.0, self._due - self._monotonic()) if self.state == "fault" else 0.0

    def close(self) -> None:
        """Close the line for good."""
        self._shut()
        self.state = "closed"

    def _shut(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            line.close()

    def _fail(self, error: LineLost) -> None:
        self.state = "fault"
        self.reason = error.reason
        self._due = self._monotonic() + self._delay * (0.5 + 0.5 * self._jitter())
        self._delay = min(LAST_DELAY_S, self._delay * 2)
        if self._logged in ("", "open"):
            log.warning("%s: %s; %s", self.name, error.reason, error.remedy)
            self._logged = error.reason
