"""Drives the steps of an update: a new state is kept before its effects begin, and what comes of them is fed back."""

import logging
from collections.abc import Callable
from typing import Protocol, assert_never

from kiosk.domain import update as steps
from kiosk.domain.update import Event, Offer, Update, step

_log = logging.getLogger(__name__)


class Hands(Protocol):
    """What the updater does to the world. Nothing here raises; each of them may be begun again after a cut."""

    def fetch(self, offer: Offer) -> Event | None: ...
    def check(self, offer: Offer) -> Event | None: ...
    def install(self, offer: Offer) -> Event | None: ...
    def try_it(self) -> None: ...
    def gate(self, healthy: tuple[str, ...]) -> Event | None: ...
    def commit(self) -> Event | None: ...
    def go_back(self) -> None: ...
    def disarm(self) -> None: ...
    def discard(self) -> None: ...


class Updater:
    """One machine's update. `keep` returns once a state is durable."""

    def __init__(self, state: Update, keep: Callable[[Update], None], hands: Hands) -> None:
        self.state = state
        self._keep = keep
        self._hands = hands

    def take(self, event: Event) -> None:
        """Take an event and everything that follows from it."""
        waiting: list[Event] = [event]
        while waiting:
            before = self.state
            after, effects = step(before, waiting.pop(0))
            if after != before:
                self._keep(after)
                self.state = after
                _tell(before, after)
            for effect in effects:
                came = self._do(effect)
                if came is not None:
                    waiting.append(came)

    def _do(self, effect: steps.Effect) -> Event | None:
        hands = self._hands
        came: Event | None = None
        match effect:
            case steps.Fetch(offer):
                came = hands.fetch(offer)
            case steps.Check(offer):
                came = hands.check(offer)
            case steps.Install(offer):
                came = hands.install(offer)
            case steps.Gate(healthy):
                came = hands.gate(healthy)
            case steps.Commit():
                came = hands.commit()
            case steps.TryIt():
                hands.try_it()
            case steps.GoBack():
                hands.go_back()
            case steps.Disarm():
                hands.disarm()
            case steps.Discard():
                hands.discard()
            case _:
                assert_never(effect)
        return came


def _tell(before: Update, after: Update) -> None:
    if after.phase != before.phase and after.offer is not None:
        _log.info("update to %s: %s", after.offer.version, after.phase)
    if after.last is not None and after.last != before.last:
        _log.info("update to %s: %s %s", after.last.version, after.last.ending, after.last.reason)
