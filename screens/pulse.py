"""Whether the window lives: its frames come, and what reads the touch panel still reads."""

from collections.abc import Callable, Iterable
from typing import Protocol

LONGEST_S = 10.0
"""So long a View may wait for its frame; a slow board draws the fullest page in a tenth of it."""


class Reader(Protocol):
    """A thread that reads touches."""

    def is_alive(self) -> bool: ...


class Pulse:
    """Knows when a frame was asked for and when one came. `now` is monotonic, in seconds."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._asked: float | None = None
        self._readers: set[Reader] = set()

    def asked(self) -> None:
        """A View waits for its frame; of several that wait the first counts."""
        if self._asked is None:
            self._asked = self._now()

    def flipped(self) -> None:
        """A frame is on the glass."""
        self._asked = None

    def alive(self, readers: Iterable[Reader] = ()) -> bool:
        """Whether to tell the watchdog so.

        A reader of touches that was seen alive has to stay alive: one that died leaves a window that shows
        everything and feels nothing. One that never lived is no reason to start again for ever.
        """
        self._readers |= {reader for reader in readers if reader.is_alive()}
        late = self._asked is not None and self._now() - self._asked > LONGEST_S
        return not late and all(reader.is_alive() for reader in self._readers)
