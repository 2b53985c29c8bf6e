"""Which contacts are a person's: a palm, a fist, a shower of drops and the second tap of two are not."""

from collections import deque
from typing import Protocol

HAND, HAND_S = 3, 2.0  # three contacts that come nearly at once are a palm, a fist, a sleeve
STORM, STORM_S = 10, 1.0  # nobody taps so often within a second: drops of water
TWICE_S, TWICE_MM = 0.4, 25.0  # a second tap so soon and so near was meant for the page that is gone


class Contact(Protocol):
    """Something on the glass, in pixels."""

    uid: int
    x: float
    y: float


class Hands:
    """Remembers what touches the glass. A contact whose end was never told is forgotten: nothing stops the kiosk."""

    def __init__(self) -> None:
        self._down: dict[int, float] = {}
        self._downs: deque[float] = deque(maxlen=STORM)
        self._calm_from = 0.0
        self._last: tuple[float, float, float] | None = None

    def forget(self) -> None:
        """Take the next contact as a citizen's first."""
        self._down.clear()
        self._downs.clear()
        self._calm_from, self._last = 0.0, None

    def lands(self, touch: Contact, now: float) -> bool:
        """Note a contact; say whether it is a finger. A shower is over when the glass was calm for a while."""
        self._down = {uid: since for uid, since in self._down.items() if now - since < HAND_S} | {touch.uid: now}
        self._downs.append(now)
        if len(self._downs) == STORM and now - self._downs[0] < STORM_S:
            self._calm_from = now + STORM_S
        return len(self._down) < HAND and now >= self._calm_from

    def lifts(self, touch: Contact) -> None:
        """A contact is over."""
        self._down.pop(touch.uid, None)

    def acted(self, touch: Contact, now: float) -> None:
        """This contact pressed something."""
        self._last = touch.x, touch.y, now

    def twice(self, touch: Contact, now: float, dpi: float) -> bool:
        """Say whether this is the second tap of two that were meant for one press."""
        if self._last is None:
            return False
        x, y, when = self._last
        return max(abs(touch.x - x), abs(touch.y - y)) < TWICE_MM / 25.4 * dpi and now - when < TWICE_S
