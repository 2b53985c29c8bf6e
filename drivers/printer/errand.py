"""One print, from the first byte to the word whether paper came out: process id, barrier, timed status, or unknown."""

import time
from dataclasses import dataclass

from drivers.printer import commands
from drivers.printer.encoder import CUT_S, Job
from drivers.printer.leftover import Strip
from drivers.printer.sensors import ASKED
from drivers.printer.talk import PASSING_S, Talk
from kiosk.domain.health import Health, Offline, PaperOut, Unknown, can_print
from kiosk.domain.printing import NotPrinted, Printed, PrintOutcome, PrintUnknown

POLL_S = 0.2
"""How often the state is asked while a job prints, even of one that reports by itself: it may fall silent."""
GRACE_S = 3.0
"""What a job may take beyond twice its computed time before it counts as stuck: warming up, a slow cutter."""
DELIVERS_S = 0.05
"""How often the line is looked at while it still holds some of the job: 1,500 bytes at 9600 baud take 1.6 s."""
LAST_WORD_S = 0.1
"""An answer that was on its way when trouble came."""
AFTER_S = 1.0
"""How long the state must stay clean after the computed time, where nothing better confirms."""


@dataclass(frozen=True)
class Ended:
    """How an errand ended, and what it left at the printer.

    `held`: bytes may still be in its buffer. `cut_short`: it may wait for the rest of a command that was torn.
    """

    outcome: PrintOutcome
    strip: Strip = "clean"
    held: bool = False
    cut_short: bool = False


class Errand:
    """One job on one open, ready, probed line. LineLost passes through; `whole` tells whether the cut had been sent.

    The cut is kept back until the printer has answered that all before it is printed. Up to then nothing that happens
    can hand over a valid paper, so every fault in that long time ends as certainly not printed, whatever the printer
    still holds. Only in the moment between the cut and the answer to it can a fault leave the question open.
    """

    def __init__(self, talk: Talk, job: Job, before: bytes = b"") -> None:
        self._talk = talk
        self._job = job
        self._asks = talk.abilities is not None and talk.abilities.any
        self._by_id = talk.abilities is not None and talk.abilities.process_id
        self._tells = "status" in talk.profile.confirm and talk.sensors.heard.issuperset(ASKED)
        self._marks: set[bytes] = set()
        self._deaf = False
        self._asked_again = False
        self._deadline = 0.0
        self._body = self._with_questions(before)
        self._cut_at = sum(map(len, self._body))
        self._sent_before = talk.sent

    @property
    def sent(self) -> int:
        """Bytes of it that the line took."""
        return self._talk.sent - self._sent_before

    @property
    def whole(self) -> bool:
        """The line took a byte of the cut, so the printer may have handed the paper over."""
        return self.sent > self._cut_at

    @property
    def begun(self) -> bool:
        """At least one byte was taken."""
        return self.sent > 0

    def run(self) -> Ended:
        """Send it and wait for the word."""
        talk, seconds = self._talk, self._job.seconds(self._talk.profile)
        self._deadline = time.monotonic() + 2 * seconds + GRACE_S
        talk.begin()
        talk.heard.marks.clear()  # those of earlier jobs are asked for no more
        for part in self._body:
            if not talk.send(part, self._until()):
                talk.end_header()
                return self._stopped(cut_short=True)
        kept_back = self._asks or self._tells
        if kept_back and (ended := self._wait(seconds - CUT_S)):
            return ended
        if kept_back and self._unseen():
            return self._stopped()
        if not talk.send(self._cut(), self._until()):
            return self._stopped()
        return self._wait((CUT_S if kept_back else seconds) + AFTER_S) or self._verified()

    def _until(self) -> float:
        return self._deadline + (PASSING_S if self._talk.lingers else 0.0)

    def _with_questions(self, before: bytes) -> list[bytes]:
        """All before the cut, a sign of life asked for behind each part, and the question whether it is printed."""
        abilities = self._talk.abilities
        first, *rest = self._job.parts[:-1]
        reports = commands.AUTO_STATUS if abilities and abilities.auto_status else b""
        parts = [before + first + reports, *(part + commands.ask_status(1) for part in rest)]
        return [*parts, self._question()] if self._asks else parts

    def _cut(self) -> bytes:
        """The cut and the question behind it; the answers to what went before are no answers to that."""
        talk = self._talk
        self._asked_again = False
        self._marks.clear()
        self._deadline = max(self._deadline, time.monotonic() + GRACE_S)
        if self._asks and not self._by_id:
            talk.settle_barriers()
        return self._job.parts[-1] + self._question()

    def _question(self) -> bytes:
        """The best question that it answers once all before is worked up: GS ( H with a fresh mark, or GS r."""
        if self._by_id:
            mark = self._talk.mark()
            self._marks.add(mark)
            return commands.ask_process_id(mark)
        self._talk.barriers_due += self._asks
        return commands.ASK_BARRIER if self._asks else b""

    def _wait(self, timed: float) -> Ended | None:
        """Wait for the answer; None when it came. Where none can come, wait `timed` seconds for clean sensors."""
        talk = self._talk
        done_at = time.monotonic() + timed
        next_poll = time.monotonic() + POLL_S
        while (now := time.monotonic()) < self._until():
            if trouble := talk.trouble:
                return self._troubled(trouble)
            if self._answered() if self._asks else now >= done_at and self._well():
                return None
            if now < next_poll:
                talk.pump(min(next_poll, self._until() if self._asks else max(done_at, now)) - now)
            elif talk.delivers():
                done_at += DELIVERS_S
                next_poll = time.monotonic() + DELIVERS_S
            else:
                silent = isinstance(talk.check(), Unknown)
                next_poll = time.monotonic() + (0.0 if silent else POLL_S)
                self._heard_again(silent)
        return self._stopped()

    def _answered(self) -> bool:
        """All that was sent before the question is worked up."""
        heard = self._talk.heard
        return bool(self._marks & heard.marks) if self._by_id else heard.barriers > 0 and self._talk.barriers_due <= 0

    def _well(self) -> bool:
        """It says so; of one that never says anything nothing is expected."""
        return not self._tells or can_print(self._talk.check())

    def _heard_again(self, silent: bool) -> None:
        """After a silence the answer may have been lost: ask once more, if it was short enough to prove anything."""
        self._deaf = self._deaf or silent
        if silent or not self._deaf or self._asked_again or not self._asks or self._unseen():
            return
        self._asked_again = True
        if not self._by_id:
            self._talk.settle_barriers()
        self._talk.say(self._question())

    def _unseen(self) -> bool:
        """There was time enough to change a roll without our hearing of it: two halves, and clean sensors again."""
        abilities = self._talk.abilities
        return self._talk.unseen and (self._deaf or not (abilities and abilities.auto_status))

    def _verified(self) -> Ended:
        """A process id stands by itself, for the lines were printed before; the others need clean sensors after it."""
        if self._by_id:
            return Ended(Printed("process-id"))
        if not self._asks and not self._tells:
            return Ended(PrintUnknown(self._talk.sensors.health()), "maybe", held=True)
        health = self._talk.check()
        if self._talk.trouble is None and not isinstance(health, Unknown) and not self._unseen():
            return Ended(Printed("barrier" if self._asks else "status"))
        return Ended(PrintUnknown(health), "maybe", held=True)

    def _troubled(self, health: Health, *, cut_short: bool = False) -> Ended:
        """The printer stopped. What was on its way may still say that the paper is out; else drop what it holds."""
        talk = self._talk
        until = time.monotonic() + LAST_WORD_S
        while self.whole and not self._handed_over() and (left := until - time.monotonic()) > 0:
            talk.pump(left)
        cleared = not self._handed_over() and talk.clear()
        if self._handed_over():
            return Ended(Printed("process-id"))
        if self.whole:
            return Ended(PrintUnknown(health), "maybe", held=not cleared)
        strip: Strip = "torn" if cleared and isinstance(health, PaperOut) else "half"
        return Ended(NotPrinted(health), strip, held=not cleared, cut_short=cut_short and not cleared)

    def _handed_over(self) -> bool:
        return self.whole and self._by_id and self._answered()

    def _stopped(self, *, cut_short: bool = False) -> Ended:
        """It took too long, or trouble came while sending, or it was out of sight for too long."""
        talk = self._talk
        health = talk.trouble or talk.check()
        if isinstance(health, Unknown) and self.whole:
            return Ended(PrintUnknown(health), "maybe", held=True)
        if isinstance(health, Unknown):
            return Ended(NotPrinted(health), "half", held=True, cut_short=cut_short)
        if talk.trouble is None and self.whole:
            # It is ready and says nothing of the paper: its answer was lost, or it was switched off and on. Asking
            # now would prove nothing, for a printer that has forgotten the job would answer too.
            return Ended(PrintUnknown(health), "maybe", held=not talk.clear())
        if can_print(health):
            health = Offline("the printer took the job and did not finish it in time")
        return self._troubled(health, cut_short=cut_short)
