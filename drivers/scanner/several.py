"""Several scanners as one: a serial one for the hand and a camera for the tray, told apart by nobody."""

from collections.abc import Sequence
from contextlib import ExitStack
from typing import Protocol

from kiosk.domain.health import Health, Ready, Unknown


class OneScanner(Protocol):
    """What every scanner can do; see the engine's Scanner."""

    def start(self) -> None: ...
    def trigger(self, on: bool) -> None: ...
    def health(self) -> Health: ...
    def close(self) -> None: ...


class SeveralScanners:
    """Satisfies the engine's Scanner: all are started, triggered and closed together."""

    def __init__(self, scanners: Sequence[OneScanner]) -> None:
        self._scanners = tuple(scanners)

    def start(self) -> None:
        """Start every one."""
        with ExitStack() as all_of_them:  # one that fails keeps none of the others from it
            for scanner in reversed(self._scanners):
                all_of_them.callback(scanner.start)

    def trigger(self, on: bool) -> None:
        """Let all look, or none."""
        with ExitStack() as all_of_them:
            for scanner in reversed(self._scanners):
                all_of_them.callback(scanner.trigger, on)

    def health(self) -> Health:
        """Ready as long as one is: a code can be scanned. Else the first one's trouble."""
        healths = [scanner.health() for scanner in self._scanners]
        ready = (one for one in healths if isinstance(one, Ready))
        known = (one for one in healths if not isinstance(one, Unknown))
        return next(ready, None) or next(known, None) or Unknown()

    def close(self) -> None:
        """Let go of every one."""
        with ExitStack() as all_of_them:
            for scanner in reversed(self._scanners):
                all_of_them.callback(scanner.close)
