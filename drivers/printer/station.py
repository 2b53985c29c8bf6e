"""A printer as its owner thread uses it: opened, cleared of old jobs, tried out, asked, and given a paper."""

import logging
import select
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from drivers.device import LineLost
from drivers.link import Link
from drivers.printer import commands, escpos_bytes
from drivers.printer.encoder import Job, encode
from drivers.printer.errand import Ended, Errand
from drivers.printer.fonts import Fonts
from drivers.printer.leftover import Strip
from drivers.printer.profile import Mode, Profile
from drivers.printer.talk import Talk, torn_rest
from drivers.transport.line import FdLine
from drivers.transport.line_printer import PAPER_EMPTY, LinePrinter
from kiosk.domain.health import Health, Offline, PaperOut, Unknown, can_print
from kiosk.domain.paper import Paper, Text
from kiosk.domain.printing import NotPrinted, Printed, PrintOutcome, PrintUnknown

IDLE_POLL_S = 0.8
"""How often the state of an idle printer is asked: no paper is known within a second."""
REPORTED_POLL_S = 5.0
"""The same where the printer reports by itself; it also keeps LAN printers from closing an idle line."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Options:
    """How a printer is used. `void` stands on a half-printed paper before it is cut off, e.g. `以上作废`.

    `left`: what the last print of an earlier program may have left hanging at the cutter; `keep` takes down what the
    last one of this program did, for the next.
    """

    mode: Mode
    void: str = ""
    left: Strip = "clean"
    keep: Callable[[Strip], None] = lambda _strip: None
    beep: bool = False


class Station:
    """Used by one thread. No method raises; none blocks past its own time limits."""

    def __init__(self, opener: Callable[[], FdLine], profile: Profile, fonts: Fonts, options: Options) -> None:
        self.profile = profile
        self.sent = 0
        self._opener = opener
        self._fonts = fonts
        self._options = options
        self._link: Link[FdLine] = Link("printer", opener)
        self._talk: Talk | None = None
        self._held = True
        self._clear_at = 0.0
        self._strip: Strip = options.left
        self._cut_short = False

    def again(self) -> "Station":
        """Another one for the same printer, which knows nothing of what became of the last print."""
        return Station(self._opener, self.profile, self._fonts, replace(self._options, left="maybe"))

    def check(self) -> Health:
        """Ask for the present condition; opens the line if an attempt is due."""
        try:
            talk = self._open()
            if talk is None:
                return Offline(self._link.reason)
            health = talk.check()
            if not isinstance(health, Unknown):
                self._link.proven()
            elif port_says_empty(talk.line):
                return PaperOut()
            return health
        except LineLost as error:
            return self._lose(error)

    def tidy(self, health: Health) -> None:
        """Use an idle moment: drop what an earlier job left, and find out what the printer can tell."""
        talk = self._talk
        if talk is None or isinstance(health, Unknown | Offline) or time.monotonic() < self._clear_at:
            return
        try:
            self._settle(talk, health)
        except LineLost as error:
            self._lose(error)

    def idle(self, wake: int, changed: Callable[[Health], None]) -> None:
        """Listen until the next question is due or `wake` is readable; `changed` gets what the printer reports."""
        talk = self._talk
        reports = talk is not None and talk.abilities is not None and talk.abilities.auto_status
        until = time.monotonic() + (REPORTED_POLL_S if reports else IDLE_POLL_S)
        if talk is None:
            wait_for(wake, max(0.01, min(self._link.due_in(), REPORTED_POLL_S)))
            return
        talk.heard.reports = 0
        try:
            while (left := until - time.monotonic()) > 0:
                heard = talk.pump(left, wake=wake)
                if talk.heard.reports:
                    talk.heard.reports = 0
                    changed(talk.sensors.health())
                if not heard:
                    return
        except LineLost as error:
            changed(self._lose(error))

    def hurry(self) -> None:
        """Somebody waits: try to open the line now."""
        self._link.hurry()

    def close(self) -> None:
        """Let go of the line."""
        self._talk = None
        self._link.close()

    def print_paper(self, paper: Paper) -> PrintOutcome:
        """Print one paper and find out what became of it."""
        self.sent = 0
        try:
            job = encode(paper, self.profile, self._options.mode, self._fonts, beep=self._options.beep)
        except (OSError, ValueError) as error:  # a font is missing; a payload is too long for any QR code
            log.warning("printer: this paper cannot be made (%s); install the kiosk package again", error)
            return NotPrinted(Offline("a paper could not be made"))
        errand = self._errand(job)
        if not isinstance(errand, Errand):
            return NotPrinted(errand)
        try:
            ended = errand.run()
        except LineLost as error:
            ended = self._broken(errand, error)
        self.sent = errand.sent
        self._remember(ended, job)
        return ended.outcome

    def _errand(self, job: Job) -> Errand | Health:
        """The errand, made ready; a line that was closed while it was idle is opened a second time."""
        health: Health = Unknown()
        for _ in range(2):
            try:
                return self._prepared(job)
            except LineLost as error:
                health = self._lose(error)
        return health

    def _open(self) -> Talk | None:
        line = self._link.line()
        if line is None:
            self._talk = None
        elif self._talk is None or self._talk.line is not line:
            self._talk = Talk(line, self.profile)
            if self._strip != "clean":
                self._talk.end_header()
            self._held = True  # nobody knows what an earlier connection left in its buffer
        return self._talk

    def _lose(self, error: LineLost) -> Offline:
        self._talk = None
        self._link.lost(error)
        return Offline(error.reason)

    def _prepared(self, job: Job) -> Errand | Health:
        """An errand on a line that is open, ready and empty; or why there is none."""
        self._link.hurry()
        talk = self._open()
        if talk is None:
            return Offline(self._link.reason)
        health = talk.check()
        if isinstance(health, Unknown) and port_says_empty(talk.line):
            return PaperOut()
        tells_nothing = isinstance(health, Unknown) and not self.profile.confirm
        if not can_print(health) and not tells_nothing:
            return health
        self._link.proven()
        self._settle(talk, health)
        return Errand(talk, job, self._before())

    def _settle(self, talk: Talk, health: Health) -> None:
        """Have it drop an old job, and find out what it can tell.

        A ready printer holds nothing back: once it answers the barrier, whatever was in its buffer has been worked up.
        Only one that cannot answer it, that is stopped, or that waits for the rest of a torn command, is told to clear.
        """
        ready = can_print(health)
        if self._held and ready and not self._cut_short:
            self._held = not talk.probe().any
        cleared = False
        if self._held:
            cleared = talk.clear()
            self._held = not (cleared or ready)
            self._cut_short = self._cut_short and not cleared
            talk.abilities = None if cleared or self._cut_short else talk.abilities
        if not ready:
            return
        if talk.abilities is None:
            talk.probe()
        if not cleared and self._strip != "clean" and talk.mute:
            # What was torn may have been a picture: it takes the questions for dots until it is full.
            talk.finish_torn()
            self._cut_short = False
            talk.probe()

    def _before(self) -> bytes:
        """What parts the next paper from the rest of the last: finish a torn command, mark half a paper, cut."""
        profile = self.profile
        before = torn_rest(profile) if self._cut_short else b""
        if self._strip == "half" and self._options.void:
            void = Paper("slip", (Text(self._options.void, "title", bold=True, align="centre"),))
            return before + encode(void, profile, "native", self._fonts).data
        if profile.cut == "none" or self._strip in ("clean", "torn"):
            return before
        return before + commands.INITIALISE + escpos_bytes.cut(profile.cut)

    def _broken(self, errand: Errand, error: LineLost) -> Ended:
        """The line was lost in the middle of a job. What it took and has not delivered must not arrive later."""
        if self._talk is not None:
            self._talk.line.close(discard=True)
        health = self._lose(error)
        if not errand.begun:
            return Ended(NotPrinted(health), self._strip, self._held)
        if errand.whole:
            return Ended(PrintUnknown(health), "maybe", held=True)
        return Ended(NotPrinted(health), "half", held=True, cut_short=True)

    def _remember(self, ended: Ended, job: Job) -> None:
        self._held = ended.held
        self._strip = ended.strip
        self._options.keep(ended.strip)
        self._cut_short = ended.cut_short
        # A job that nobody can vouch for may be coming out right now; it is not cut off in its middle.
        self._clear_at = time.monotonic() + 2 * job.seconds(self.profile) if ended.held else 0.0
        if isinstance(ended.outcome, Printed):
            self._link.proven()


def port_says_empty(line: object) -> bool:
    """A USB port's own word, which even a printer that answers nothing may give: no paper. Nothing else is believed."""
    return isinstance(line, LinePrinter) and bool((line.port_status() or 0) & PAPER_EMPTY)


def wait_for(wake: int, seconds: float) -> None:
    """Wait until a descriptor is readable, or the time is over."""
    poller = select.poll()
    poller.register(wake, select.POLLIN)
    poller.poll(seconds * 1000)
