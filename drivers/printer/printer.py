"""One ESC/POS printer, kept open and watched by a thread of its own, for callers in any thread."""

import logging
import os
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import dataclass, field

from drivers.printer import escpos_bytes
from drivers.printer.station import Station
from kiosk.domain.health import Health, Offline, PaperLow, Ready, Unknown, word
from kiosk.domain.paper import Paper
from kiosk.domain.printing import NotPrinted, PrintOutcome, PrintUnknown

FRESH_S = 0.3
"""An answer as young as this is not asked for again."""
HEALTH_S = 0.8
"""How long `health` waits for the owner thread before it tells what was known last."""
HANG_S = 60.0
"""Longer than any print can take: the owner thread is stuck in the operating system."""
SILENT_S = 20.0
"""Longer than anything that the owner thread does between prints; opening and filling up a torn picture included."""

REMEDIES = {
    "ready": "nothing to do",
    "paper-low": "have a new roll at hand",
    "paper-out": "load a new roll",
    "cover-open": "close the cover",
    "cutter-fault": "open the cover, clear the cutter, close it",
    "overheated": "let it cool; if it comes again, have the head cleaned",
    "offline": "check its power, its cable and its buttons",
    "unknown": "it does not answer: check that the address is a printer's and that no other program holds it",
}

log = logging.getLogger(__name__)


@dataclass
class _Order:
    """A print that a caller waits for."""

    paper: Paper
    answer: "Future[PrintOutcome]" = field(default_factory=Future)


class EscposPrinter:
    """Satisfies the engine's Printer and the drivers' Device. `start` it once, `close` it once."""

    def __init__(self, station: Station) -> None:
        self._station = station
        self._orders: queue.SimpleQueue[_Order] = queue.SimpleQueue()
        self._checked = threading.Condition()
        self._health: Health = Unknown()
        self._told: Health | None = None
        self._asked_at = float("-inf")
        self._watcher: Callable[[Health], None] = lambda _health: None
        self._wake_in, self._wake_out = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._closing = False
        self._beat = time.monotonic()
        self._busy = False
        self._thread = self._owner()

    def _owner(self) -> threading.Thread:
        return threading.Thread(target=self._run, args=(self._station,), name="printer", daemon=True)

    @property
    def bytes_sent(self) -> int:
        """Bytes of the last job that the line took."""
        return self._station.sent

    def start(self) -> None:
        """Start the owner thread; it opens the printer at once and goes on trying."""
        escpos_bytes.load()
        self._thread.start()

    def watch(self, callback: Callable[[Health], None]) -> None:
        """Have each change of health told; `callback` runs in the owner thread and must not block."""
        self._watcher = callback

    def health(self) -> Health:
        """The present condition, asked now unless it was just asked; never raises, waits for 0.8 s at most."""
        with self._checked:
            self._watch_owner()
            before = self._asked_at
            if self._closing or time.monotonic() - before < FRESH_S:
                return self._health
            self._wake()
            self._checked.wait_for(lambda: self._asked_at > before, HEALTH_S)
            return self._health

    def print_paper(self, job: str, paper: Paper) -> PrintOutcome:
        """Print one paper and wait until it is known what became of it; never raises, ends within a minute.

        `job` names it in the log.
        """
        order = _Order(paper)
        if self._closing or not self._thread.is_alive():
            return NotPrinted(Offline("the printer is not open"))
        self._orders.put(order)
        self._wake()
        try:
            outcome = order.answer.result(HANG_S)
        except FutureTimeout:
            untouched = order.answer.cancel()
            outcome = NotPrinted(Offline("its line does not move")) if untouched else PrintUnknown(Unknown())
        log.info("printer: job %s: %s", job, outcome)
        return outcome

    def _watch_owner(self) -> None:
        """Give a printer whose thread has fallen silent another one; what was known of it is known no more.

        No thread can be ended from outside. The old one lets go of its line as soon as the system lets go of it.
        """
        if self._closing or time.monotonic() - self._beat < (HANG_S if self._busy else SILENT_S):
            return
        log.warning("printer: its thread is stuck in the system and is replaced; if it comes again, change the cable")
        self._health, self._told = Unknown(), None
        self._station = self._station.again()
        self._beat, self._busy = time.monotonic(), False
        self._thread = self._owner()
        self._thread.start()

    def close(self) -> None:
        """Let go of the line and end the thread; twice is fine."""
        if self._closing:
            return
        self._closing = True
        self._wake()
        if self._thread.is_alive():
            self._thread.join(HANG_S)
        os.close(self._wake_in)
        os.close(self._wake_out)

    def _wake(self) -> None:
        try:
            os.write(self._wake_out, b"!")
        except BlockingIOError:
            pass  # it has been called often enough

    def _run(self, station: Station) -> None:
        while not self._closing and station is self._station:
            self._beat = time.monotonic()
            self._calls()
            if order := self._next():
                self._busy = True
                self._carry_out(station, order)
                self._busy = False
                continue
            health = station.check()
            if station is not self._station:
                break
            self._publish(health)
            if self._orders.empty() and not self._closing:
                station.tidy(health)
                station.idle(self._wake_in, self._publish)
        station.close()
        while station is self._station and (order := self._next()):
            order.answer.set_result(NotPrinted(Offline("the printer was closed")))

    def _carry_out(self, station: Station, order: _Order) -> None:
        outcome = self._print(station, order.paper)
        if station is not self._station:
            return
        if isinstance(outcome, NotPrinted | PrintUnknown):
            self._publish(outcome.health)
        with self._checked:
            self._asked_at = float("-inf")  # what was heard before the print is old
        order.answer.set_result(outcome)

    def _print(self, station: Station, paper: Paper) -> PrintOutcome:
        try:
            return station.print_paper(paper)
        except Exception:  # the owner thread outlives a fault of its own in one job
            log.exception("printer: this job met a fault in the driver; report it")
            station.close()
            return PrintUnknown(Unknown())

    def _next(self) -> _Order | None:
        try:
            order = self._orders.get_nowait()
        except queue.Empty:
            return None
        return order if order.answer.set_running_or_notify_cancel() else None

    def _calls(self) -> None:
        """Take all calls at once; a caller's attempt to open the line is due now."""
        try:
            if os.read(self._wake_in, 4096):
                self._station.hurry()
        except BlockingIOError:
            pass  # nobody called

    def _publish(self, health: Health) -> None:
        with self._checked:
            self._health = health
            self._asked_at = time.monotonic()
            self._checked.notify_all()
        if health == self._told:
            return
        self._told = health
        level = logging.INFO if isinstance(health, Ready | PaperLow) else logging.WARNING
        log.log(level, "printer: %s; %s", word(health), REMEDIES[word(health)])
        self._watcher(health)
