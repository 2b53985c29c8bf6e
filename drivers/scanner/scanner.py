"""The scanner on a line: one thread owns the line, reopens it when it comes back, and turns messages into Scans."""

import logging
import random
import time
from collections.abc import Callable

from drivers.device import LineLost
from drivers.owner import Owner
from drivers.scanner.address import place
from drivers.scanner.commands import NONE, Commands
from drivers.scanner.delays import TYPING_SILENCE_S, Delays
from drivers.scanner.framing import Framer, Message
from drivers.scanner.guard import Guard
from drivers.scanner.message import interpret
from drivers.transport.line import FdLine, send_all, wait
from kiosk.domain.health import Health, Offline, Ready
from kiosk.domain.scan import Scan

_STUCK = Offline("it sends without a person behind it")
_STUCK_REMEDY = "take away what lies in front of it, or unplug it for a moment"

log = logging.getLogger(__name__)


class SerialScanner:
    """A barcode scanner on a serial line or USB-CDC, at `serial:///dev/...?baud=9600`; a pseudo-terminal works too.

    One that is a keyboard, at `hid:///dev/input/by-id/...`, is grabbed and read by our own key map; it knows no
    commands, so its trigger is gated here alone, and it can carry no Chinese.

    `on_scan` and `on_health` are called on the scanner's own thread and must not block. While the trigger is off
    nothing reaches `on_scan`, whatever the scanner sends; it is on until somebody turns it off. `beep`: it is told to
    beep when a code was taken, if its model has a command for that.
    """

    def __init__(
        self,
        url: str,
        on_scan: Callable[[Scan], None],
        on_health: Callable[[Health], None] | None = None,
        *,
        commands: Commands = NONE,
        beep: bool = False,
        delays: Delays | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        at = place(url)
        self._name = f"scanner {at.name}"
        self._owner: Owner[FdLine] = Owner(
            self._name, at.open, self._own, path=at.path, on_health=on_health, monotonic=monotonic, jitter=jitter
        )
        self._wake = self._owner.wake
        self._on_scan = on_scan
        self._commands = commands
        self._delays = delays or (Delays(silence_s=TYPING_SILENCE_S) if at.types else Delays())
        self._monotonic = monotonic
        self._framer = Framer(self._delays.cap_bytes)
        self._guard = Guard(self._delays, monotonic)
        self._wanted = True
        self._told: bool | None = None
        self._beep = commands.beep if beep else b""
        self._owed = False
        self._fresh = False
        self._flooded_since: float | None = None

    def start(self) -> None:
        """Begin to open the line and to listen; returns at once."""
        self._owner.start()

    def trigger(self, on: bool) -> None:
        """Let it scan, or not; where the model has a command it is sent, else its scans are ignored. Never blocks."""
        if on and not self._wanted:
            self._fresh = True
        self._wanted = on
        self._wake.set()

    def anew(self) -> None:
        """Take what is scanned from now on as meant, even if it is the code that was just scanned. Never blocks."""
        self._fresh = True

    def health(self) -> Health:
        """The present condition: Unknown before the first attempt to open."""
        return self._owner.health()

    def close(self) -> None:
        """Let go of the line and end the thread; calling it twice is fine."""
        self._owner.close()

    def _own(self, line: FdLine) -> None:
        self._settle(line)
        self._owner.link.proven()
        self._serve(line)

    def _settle(self, line: FdLine) -> None:
        """Throw away what comes first, to the end of the message in whose middle we may have come in."""
        self._framer.reset()
        self._flooded_since = None
        self._told, self._owed = None, False
        quiet = time.monotonic() + self._delays.settle_s
        latest = quiet + self._delays.settle_most_s
        while (left := quiet - time.monotonic()) > 0 and not self._owner.stopping:
            if wait(line, left, wake=self._wake.fileno()):
                self._wake.clear()
                if line.receive():
                    quiet = min(time.monotonic() + self._delays.settle_s, latest)
        if quiet == latest:
            self._framer.skip()

    def _serve(self, line: FdLine) -> None:
        self._tell(Ready())
        while not self._owner.stopping:
            self._command(line)
            if not wait(line, self._patience(), wake=self._wake.fileno()):
                self._deliver(self._framer.silence())
            else:
                self._wake.clear()
                self._deliver(self._framer.feed(line.receive()))
            stuck = self._endless() or self._guard.stuck
            self._tell(_STUCK if stuck else Ready())

    def _patience(self) -> float:
        if self._framer.flooded:
            return self._delays.flood_silence_s
        return self._delays.silence_s if self._framer.pending else self._delays.idle_s

    def _endless(self) -> bool:
        """Say whether a message runs on and on; report it once, and drain the rest gently."""
        now = self._monotonic()
        if not self._framer.flooded:
            self._flooded_since = None
        elif self._flooded_since is None:
            self._flooded_since = now
        elif now - self._flooded_since > self._delays.flood_patience_s:
            if not self._framer.skipping:
                self._deliver(self._framer.give_up())
            time.sleep(self._delays.flood_nap_s)
        return self._framer.skipping

    def _command(self, line: FdLine) -> None:
        wanted = self._wanted
        if self._owed:
            self._owed = False
            self._say(line, self._beep)
        if wanted != self._told:
            self._told = wanted
            self._say(line, self._commands.start if wanted else self._commands.stop)

    def _say(self, line: FdLine, command: bytes) -> None:
        deadline = time.monotonic() + self._delays.write_s
        if not send_all(line, command, deadline, lambda _count: None, self._overheard):
            raise LineLost("it takes no commands", "unplug it and plug it in again; check scanner.vendor")

    def _overheard(self, data: bytes) -> bool:
        self._deliver(self._framer.feed(data))
        return True

    def _deliver(self, messages: list[Message]) -> None:
        if self._fresh:
            self._fresh = False
            self._guard.forget()
        for message in messages:
            scan = interpret(message, self._commands.replies)
            if scan is None or not self._wanted:
                continue
            if not message.too_long and not self._guard.admit(message.data):
                continue
            if scan.fault:
                log.info("%s: %d bytes cannot be used: %s", self._name, scan.length, scan.fault)
            self._owed = self._owed or not scan.fault
            self._owner.inform("scan", self._on_scan, scan)

    def _tell(self, health: Health) -> None:
        before = self._owner.health()
        if health == _STUCK != before:
            log.warning("%s: %s; %s", self._name, _STUCK.reason, _STUCK_REMEDY)
        elif before == _STUCK and health == Ready():
            log.info("%s: quiet again", self._name)
        self._owner.tell(health)
