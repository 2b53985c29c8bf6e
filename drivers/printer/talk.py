"""A conversation with one open printer: ask for its state, find out what it can tell, make it drop what it holds."""

import itertools
import secrets
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from drivers.printer import commands
from drivers.printer.answers import Auto, Barrier, Cleared, Info, Printed, Sorter, Status
from drivers.printer.profile import Profile
from drivers.printer.sensors import ASKED, Sensors
from drivers.transport.line import Line, send_all, wait
from kiosk.domain.health import Health, can_print

ANSWER_S = 0.4
"""A printer that answers real-time questions does so within some milliseconds; 9600 baud and Wi-Fi included."""
SETTLE_S = 0.06
"""After a round in which answers came twice, each question waits so long for all that belongs to it."""
BARRIER_S = 1.0
"""An idle printer has nothing to work up before the barrier."""
CLEAR_S = 0.5
LONGEST_HEADER = 8
"""No command of ours has more bytes before its data; zeros outside a command are passed over."""
DRAIN_READS = 20
UNSEEN_S = 0.8
"""Nobody changes a roll faster: a printer that said more often than that during a job that it is well was never without
paper. One that did not may have been, and its clean sensors afterwards say nothing of it. That the line took bytes is
no sign of life: the network's own buffers go on taking some for seconds."""
PASSING_S = 3.0
"""A head that is too hot, or a button that was touched: it goes on where it stopped, and the paper stays whole."""
FILL_S = 10.0
"""Some kilobytes at 9600 baud."""
SHORT_S = 1.0
"""A few bytes are taken at once, or the line is stuck."""


@dataclass
class Heard:
    """What has come in and nobody has used up yet."""

    status: list[int] = field(default_factory=list)
    marks: set[bytes] = field(default_factory=set)
    barriers: int = 0
    cleared: int = 0
    reports: int = 0
    info: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Abilities:
    """What this printer, asked while idle, really answered."""

    process_id: bool
    barrier: bool
    auto_status: bool

    @property
    def any(self) -> bool:
        """It can say in some way that all that went before has been worked up."""
        return self.process_id or self.barrier


class Talk:
    """Owns the line while it is open; used by the owner thread alone. Its methods raise LineLost and nothing else."""

    def __init__(self, line: Line, profile: Profile) -> None:
        self.line = line
        self.profile = profile
        self.sensors = Sensors()
        self.heard = Heard()
        self.abilities: Abilities | None = None
        self.sent = 0
        self.trouble: Health | None = None
        self.lingers = False
        self._passing_since = 0.0
        self.unseen = False
        self._seen_at = time.monotonic()
        self._asked: deque[float] = deque()
        self._delivered = 0
        self.barriers_due = 0
        self._sorter = Sorter()
        self._marks = _marks(secrets.randbelow(1 << 20))

    def pump(self, timeout: float, wake: int | None = None) -> bool:
        """Wait for bytes and sort them; False if none came."""
        if timeout > 0:
            wait(self.line, timeout, wake=wake)
        return self.take(self.line.receive())

    def take(self, data: bytes) -> bool:
        """Sort bytes that have come; False if there are none."""
        for answer in self._sorter.feed(data):
            match answer:
                case Status(bits=bits):
                    self.heard.status.append(bits)
                    if self._asked:
                        self._along(bits)
                case Auto():
                    self.heard.reports += 1
                    self.sensors.auto(answer)
                    self._note()
                case Barrier():
                    self.heard.barriers += 1
                    self.barriers_due -= 1
                case Printed(mark=mark):
                    self.heard.marks.add(mark)
                case Cleared():
                    self.heard.cleared += 1
                case Info(text=text):
                    self.heard.info.append(text)
        return bool(data)

    def take_all(self, data: bytes) -> bool:
        """Sort bytes that have come, and go on sending."""
        self.take(data)
        return True

    def check(self) -> Health:
        """Ask all four questions; Unknown as soon as one is not answered.

        Nothing in an answer tells which question it belongs to. So a round that brought more answers than questions
        is not believed: it is asked again, slowly, and each question gets the worst of all that comes in its time.
        """
        self.sensors.forget()
        self._asked.clear()
        began = time.monotonic()
        if not self._round(0.0) and self.sensors.heard.issuperset(ASKED):
            self.sensors.forget()
            began = time.monotonic()
            self._round(SETTLE_S)
        self._note()
        if self.sensors.heard.issuperset(ASKED):
            self._seen(began)
        return self.sensors.health()

    def _round(self, settle: float) -> bool:
        """Ask the four; say whether there was exactly one answer to each."""
        clean = True
        for n in ASKED:
            self._drain(settle)
            self.heard.status.clear()
            self.say(commands.ask_status(n))
            if not self._until(lambda: bool(self.heard.status), ANSWER_S):
                self._sorter.silence()
                return False
            self._drain(settle)
            clean = clean and len(self.heard.status) == 1
            bits = 0
            for answer in self.heard.status:
                bits |= answer
            self.sensors.status(n, bits)
        return clean and not self.pump(0.0)

    def probe(self) -> Abilities:
        """Find out what an idle, ready printer answers. Whatever it does not understand is cleared, not printed."""
        mark = next(self._marks)
        claims = self.profile.confirm
        self.heard.barriers = self.heard.reports = 0
        self.say(
            (commands.ask_process_id(mark) if "process-id" in claims else b"")
            + (commands.ASK_BARRIER if "barrier" in claims else b"")
            + commands.INITIALISE
            + (commands.AUTO_STATUS if self.profile.auto_status else b"")
        )
        self.barriers_due += "barrier" in claims
        answered = self._until(lambda: self.heard.barriers > 0 or mark in self.heard.marks, BARRIER_S)
        if answered and "process-id" in claims:
            self._until(lambda: mark in self.heard.marks, ANSWER_S)  # the barrier may have been an older one's
        if answered:
            self._drain(SETTLE_S)  # all that was held has been answered now, and nothing of it comes in a later job
            self.barriers_due = 0
        if answered and self.profile.auto_status:
            self._until(lambda: self.heard.reports > 0, ANSWER_S)
        self.abilities = Abilities(mark in self.heard.marks, self.heard.barriers > 0, self.heard.reports > 0)
        self.heard.marks.discard(mark)
        found = self.abilities
        if self.mute and not can_print(self.check()):
            self.abilities = None  # it stopped while it was asked, so its silence tells nothing
        return found

    def ask_info(self, n: int, within: float) -> str:
        """Its answer to GS I n; empty for silence."""
        self.heard.info.clear()
        self.say(commands.ask_info(n))
        self._until(lambda: bool(self.heard.info), within)
        return self.heard.info[0].strip() if self.heard.info else ""

    @property
    def mute(self) -> bool:
        """It should be able to answer a question in the stream, was asked, and did not."""
        claims = {"process-id", "barrier"} & set(self.profile.confirm)
        return bool(claims) and self.abilities is not None and not self.abilities.any

    def end_header(self) -> None:
        """End a command that may have been torn before its sizes: else the next question would be taken for them.

        As a picture's size a question stands for a quarter of a megabyte, which would swallow all that comes after.
        """
        self.say(bytes(LONGEST_HEADER))

    def finish_torn(self) -> None:
        """Fill up a picture whose rest was lost, with white; outside a picture printers pass over zeros."""
        send_all(self.line, torn_rest(self.profile), time.monotonic() + FILL_S, lambda _count: None, self.take_all)

    def clear(self) -> bool:
        """Make it drop everything it holds; True only if it said that it did."""
        self.heard.cleared = 0
        for way in self.profile.clear:
            self.say(commands.CLEAR_BUFFERS if way == "dc4" else commands.CANCEL_REALTIME)
            if way == "dc4" and self._until(lambda: self.heard.cleared > 0, CLEAR_S):
                return True
        return False

    def begin(self) -> None:
        """A job begins: trouble that was mended before is none of its own."""
        self.trouble, self.lingers, self._passing_since = None, False, 0.0
        self.unseen, self._delivered = False, self.sent
        self._asked.clear()
        self._seen_at = time.monotonic()
        self.heard.barriers = 0

    def settle_barriers(self) -> None:
        """Have done with the answers to all that was asked so far: a doubled one is none to the next question."""
        self._drain(SETTLE_S)
        self.barriers_due = self.heard.barriers = 0

    def _note(self) -> None:
        """Keep a job's first trouble: a roll that was changed in its middle leaves clean sensors and two halves."""
        found = self.sensors.trouble()
        now = time.monotonic()
        if self.sensors.passing:
            self._passing_since = self._passing_since or now
            self.lingers = True
            if now - self._passing_since < PASSING_S:
                return
        else:
            self._passing_since = 0.0
        self.trouble = self.trouble or found

    def mark(self) -> bytes:
        """A process id that was not used on this line before."""
        return next(self._marks)

    def say(self, data: bytes) -> None:
        """Send a few bytes."""
        send_all(self.line, data, time.monotonic() + SHORT_S, lambda _count: None, self.take)

    def send(self, data: bytes, deadline: float) -> bool:
        """Send a part of a job, listening; False if the deadline passed, or something is wrong with the printer."""
        if data.endswith(commands.ask_status(1)):
            self._asked.append(time.monotonic())

        def taken(count: int) -> None:
            self.sent += count
            self.delivers()

        def arrived(data: bytes) -> bool:
            self.take(data)
            return self.trouble is None

        return send_all(self.line, data, deadline, taken, arrived)

    def delivers(self) -> bool:
        """Whether a serial line is still at work on what it took; a question would only queue up behind that.

        Its time is not counted as time in which the printer was not heard: that much is too short for a new roll.
        """
        waiting = self.line.waiting()
        before, self._delivered = self._delivered, self.sent - waiting
        if not waiting or self._delivered <= before:
            return False
        self._seen(time.monotonic())
        return True

    def _along(self, bits: int) -> None:
        """Take the answer to a question in the middle of a job; one that says offline is no sign of life."""
        asked = self._asked.popleft()
        if not bits & 0x08:
            self._seen(asked)

    def _seen(self, since: float) -> None:
        """The printer was alive and well at some moment between `since` (monotonic seconds) and now."""
        self.unseen = self.unseen or time.monotonic() - self._seen_at > UNSEEN_S
        self._seen_at = since

    def _drain(self, settle: float) -> None:
        """Take what has come or comes within `settle`; one that never stops talking is left talking."""
        for _ in range(DRAIN_READS):
            if not self.pump(settle):
                return

    def _until(self, done: Callable[[], bool], within: float) -> bool:
        deadline = time.monotonic() + within
        while not done():
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            self.pump(left)
        return True


def torn_rest(profile: Profile) -> bytes:
    """As many zeros as the largest picture command of ours can still wait for."""
    return b"\0" * (profile.width // 8 * profile.band)


def _marks(start: int) -> Iterator[bytes]:
    """Process ids that do not repeat for days, and not after a restart: a late answer to an old job is no answer."""
    digits = bytes(byte for byte in range(0x40, 0x7F) if byte != 0x5F)
    for number in itertools.count(start):
        yield bytes(digits[number // len(digits) ** place % len(digits)] for place in (3, 2, 1, 0))
