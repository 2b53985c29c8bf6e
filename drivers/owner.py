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

L = TypeVar("L", bound=Closes)
T = TypeVar("T")

log = logging.getLogger(__name__)


class Owner(Generic[L]):
    """Supervises one line. `serve(line)` runs on the owner's thread until `stopping`, and calls `beat` as it goes.

    LineLost out of `serve` closes the line and opens it again after the back-off; so does any other exception, which
    is a mistake of ours and is logged by its type alone. `path` is the device's node, if it has one.
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
        self.link: Link[L] = Link(name, opener, monotonic, jitter)
        self.stopping = False
        self._serve = serve
        self._path = path
        self._on_health = on_health
        self._health: Health = Unknown()
        self._beaten = time.monotonic()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin to open the line; returns at once."""
        self.beat()
        self._thread.start()

    def health(self) -> Health:
        """The present condition: Unknown before the first attempt to open. Never blocks."""
        if self._thread.is_alive() and time.monotonic() - self._beaten > SILENT_S:
            return Offline("its thread hangs")
        return self._health

    def close(self) -> None:
        """Let go of the line and end the thread; calling it twice is fine."""
        self.stopping = True
        self.wake.set()
        if self._thread.ident is not None and self._thread is not threading.current_thread():
            self._thread.join()
        self.wake.close()

    def beat(self) -> None:
        """Say that the thread has come round."""
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

    def _run(self) -> None:
        while not self.stopping:
            self.beat()
            line = self.link.line()
            if line is None:
                self.tell(Offline(self.link.reason))
                self._sit_out()
                continue
            try:
                self._serve(line)
            except LineLost as error:
                self._lost(error)
            except Exception as error:  # noqa: BLE001 - a device must come back from our own mistakes too
                log.error("%s: the driver failed with %s", self.name, type(error).__name__)  # noqa: TRY400
                self._lost(LineLost("its driver failed", "report it; it is opened again by itself"))
        self.link.close()

    def _lost(self, error: LineLost) -> None:
        self.link.lost(error)
        self.tell(Offline(error.reason))

    def _sit_out(self) -> None:
        """Wait for the next attempt to be due; a path that appears meanwhile makes it due at once."""
        absent = self._path is not None and not self._path.exists()
        while not self.stopping and (left := self.link.due_in()) > 0:
            self.wake.wait(min(left, WATCH_S))
            self.beat()
            if absent and self._path is not None and self._path.exists():
                self.link.hurry()
