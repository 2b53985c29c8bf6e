"""The owner thread of one device: it opens the line, serves it, and opens it again when it comes back."""

import logging
import random
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from drivers.device import LineLost
from drivers.link import Closes, Link
from drivers.wake import Wake
from kiosk.domain.health import Health, Offline, Unknown

WATCH_S = 0.25
"""While the device is away its path is looked at this often, so that it is back at once when it is replugged."""
SILENT_S = 10.0
"""A thread that has not come round for so long hangs in the system, and what it said last is worth nothing."""
GIVEN_UP_S = 20.0
"""After so long it gets a successor: longer than any work of ours on any line, on a machine however busy."""

L = TypeVar("L", bound=Closes)
T = TypeVar("T")

log = logging.getLogger(__name__)


class _Replaced(Exception):
    """Raised in a thread that was given up and has come back: its line is another one's now."""


class Owner(Generic[L]):
    """Supervises one line. `serve(line)` runs on the owner's thread until `stopping`, and calls `beat` as it goes.

    LineLost out of `serve` closes the line and opens it again after the back-off; so does any other exception, which
    is a mistake of ours and is logged by its type alone. `path` is the device's node, if it has one.

    A thread that the system holds for too long is replaced when somebody asks for the health: it cannot be ended, but
    once it is let go it closes its line and ends at its next `beat`.
    """

    def __init__(
        self,
        name: str,
        opener: Callable[[], L],
        serve: Callable[[L], None],
        *,
        path: Path | None = None,
        on_health: Callable[[Health], None] | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self.name = name
        self.wake = Wake()
        self._link_of: Callable[[], Link[L]] = lambda: Link(name, opener, monotonic, jitter)
        self.link = self._link_of()
        self.stopping = False
        self._serve = serve
        self._path = path
        self._on_health = on_health
        self._health: Health = Unknown()
        self._beaten = time.monotonic()
        self._thread = self._successor()

    def start(self) -> None:
        """Begin to open the line; returns at once."""
        self.beat()
        self._thread.start()

    def health(self) -> Health:
        """The present condition: Unknown before the first attempt to open. Never blocks."""
        silent_s = time.monotonic() - self._beaten
        if not self._thread.is_alive() or silent_s <= SILENT_S:
            return self._health
        if silent_s > GIVEN_UP_S and not self.stopping:
            log.warning("%s: its thread hangs in the system and is replaced; if it comes again, change it", self.name)
            self.link = self._link_of()
            self._thread = self._successor()
            self.start()
        return Offline("its thread hangs")

    def close(self) -> None:
        """Let go of the line and end the thread; calling it twice is fine."""
        self.stopping = True
        self.wake.set()
        if self._thread.ident is not None and self._thread is not threading.current_thread():
            self._thread.join()
        self.wake.close()

    def beat(self) -> None:
        """Say that the thread has come round; ends one that has been replaced meanwhile."""
        here = threading.current_thread()
        if here is not self._thread and here.name == self.name:
            raise _Replaced
        self._beaten = time.monotonic()

    def tell(self, health: Health) -> None:
        """Take a condition; the listener hears of it if it is another one."""
        self.beat()
        if health == self._health:
            return
        self._health = health
        if self._on_health is not None:
            self.inform("health", self._on_health, health)

    def inform(self, what: str, listener: Callable[[T], None], news: T) -> None:
        """Tell a listener; one that fails does not take the device with it."""
        try:
            listener(news)
        except Exception as error:  # noqa: BLE001 - whatever it was, the next news must still be told
            log.error("%s: the listener for %s failed with %s", self.name, what, type(error).__name__)  # noqa: TRY400

    def _successor(self) -> threading.Thread:
        return threading.Thread(target=self._run, args=(self.link,), name=self.name, daemon=True)

    def _run(self, link: Link[L]) -> None:
        try:
            self._supervise(link)
        except _Replaced:
            log.info("%s: the thread that hung has come back, and ends", self.name)
        link.close()

    def _supervise(self, link: Link[L]) -> None:
        while not self.stopping:
            self.beat()
            line = link.line()
            if line is None:
                self.tell(Offline(link.reason))
                self._sit_out(link)
                continue
            try:
                self._serve(line)
            except LineLost as error:
                self._lost(link, error)
            except _Replaced:
                raise
            except Exception as error:  # noqa: BLE001 - a device must come back from our own mistakes too
                log.error("%s: the driver failed with %s", self.name, type(error).__name__)  # noqa: TRY400
                self._lost(link, LineLost("its driver failed", "report it; it is opened again by itself"))

    def _lost(self, link: Link[L], error: LineLost) -> None:
        link.lost(error)
        self.tell(Offline(error.reason))

    def _sit_out(self, link: Link[L]) -> None:
        """Wait for the next attempt to be due; a path that appears meanwhile makes it due at once."""
        absent = self._path is not None and not self._path.exists()
        while not self.stopping and (left := link.due_in()) > 0:
            self.wake.wait(min(left, WATCH_S))
            self.beat()
            if absent and self._path is not None and self._path.exists():
                link.hurry()
