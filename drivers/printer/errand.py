"""One print, from the first byte to the word whether paper came out: process id, barrier, timed status, or unknown."""

import time
from dataclasses import dataclass
from typing import Literal

from drivers.printer import commands
from drivers.printer.encoder import Job
from drivers.printer.talk import Talk
from kiosk.domain.health import Health, Offline, PaperOut, Unknown
from kiosk.domain.printing import Confirmation, NotPrinted, Printed, PrintOutcome, PrintUnknown

Strip = Literal["clean", "torn", "half", "maybe"]
"""What hangs under the cutter: nothing; a piece that whoever loads paper tears off; half a paper that is certainly
not valid; perhaps a paper that somebody holds."""

POLL_S = 0.2
"""How often the state is asked while a job prints, where the printer does not report by itself."""
REPORTED_POLL_S = 1.0
"""And where it does: only to notice that it has fallen silent."""
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
    """How an errand ended, and what it left at the printer. `held`: bytes may still be in its buffer."""

    outcome: PrintOutcome
    strip: Strip = "clean"
    held: bool = False


class Errand:
    """One job on one open, ready, probed line. LineLost passes through; `whole` tells whether all had been taken."""

    def __init__(self, talk: Talk, job: Job, before: bytes = b"") -> None:
        self._talk = talk
        self._job = job
        self._guard, self._mark = talk.mark(), talk.mark()
        self._cut_at = 0
        self._deaf = False
        self._parts = self._with_questions(before)
        self.total = sum(map(len, self._parts))
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
        talk = self._talk
        allowed = 2 * self._job.seconds(talk.profile) + GRACE_S
        deadline = time.monotonic() + allowed
        talk.begin()
        talk.barriers_due += bool(talk.abilities and talk.abilities.barrier)
        for part in self._parts:
            if not talk.send(part, deadline):
                talk.end_header()
                return self._stopped()
        talk.heard.status.clear()
        return self._confirm(time.monotonic(), deadline)

    def _with_questions(self, before: bytes) -> list[bytes]:
        """The job with a question behind it, and another one between its last line and the cut.

        A printer that stops between the cut and the last question has handed over a valid paper and confirms nothing.
        The answer to the question before the cut tells that this may have happened. One that does not report by itself
        is asked for a sign of life behind each part.
        """
        abilities = self._talk.abilities
        first, *rest, cut = self._job.parts
        guard = questions = b""
        if abilities and abilities.process_id:
            guard = commands.ask_process_id(self._guard)
            questions += commands.ask_process_id(self._mark)
        if abilities and abilities.barrier:
            questions += commands.ASK_BARRIER
        reports = commands.AUTO_STATUS if abilities and abilities.auto_status else b""
        alive = b"" if reports else commands.ask_status(1)
        whole = [before + first + reports, *(part + alive for part in rest), *([guard] if guard else [])]
        self._cut_at = sum(map(len, whole))
        return [*whole, cut, *([questions] if questions else [])]

    def _confirm(self, sent_at: float, deadline: float) -> Ended:
        talk = self._talk
        abilities = talk.abilities
        asks = abilities is not None and (abilities.process_id or abilities.barrier)
        pause = REPORTED_POLL_S if abilities and abilities.auto_status else POLL_S
        done_at = sent_at + self._job.seconds(talk.profile) + AFTER_S
        next_poll = sent_at + pause
        while time.monotonic() < deadline:
            if trouble := talk.trouble:
                return self._troubled(trouble)
            if by := self._answered():
                return self._verified(by)
            if not asks and time.monotonic() >= done_at:
                return self._timed()
            if time.monotonic() >= next_poll:
                if talk.delivers():
                    done_at += DELIVERS_S
                    next_poll = time.monotonic() + DELIVERS_S
                    continue
                silent = isinstance(talk.check(), Unknown)
                self._deaf = self._deaf or silent
                next_poll = time.monotonic() + (0.0 if silent else pause)
                continue
            talk.pump(min(next_poll, deadline, done_at if not asks else deadline) - time.monotonic())
        return self._stopped()

    def _answered(self) -> Confirmation | None:
        """The best word so far; a barrier is waited for only where no process id can come."""
        heard, abilities = self._talk.heard, self._talk.abilities
        if self._mark in heard.marks and self._undisturbed():
            return "process-id"
        if abilities and not abilities.process_id and heard.barriers > 0 and self._talk.barriers_due <= 0:
            return "barrier"
        return None

    def _undisturbed(self) -> bool:
        """Nothing was wrong before the last line was printed."""
        talk = self._talk
        return not self._unseen() and (talk.trouble is None or self._guard in talk.marks_before_trouble)

    def _unseen(self) -> bool:
        """There was time enough to change a roll without our hearing of it: two halves, and clean sensors again."""
        abilities = self._talk.abilities
        return self._talk.unseen and not (abilities and abilities.auto_status)

    def _verified(self, by: Confirmation) -> Ended:
        """A process id stands by itself; a barrier needs clean sensors after it, and none that were not meanwhile."""
        if by == "process-id":
            return Ended(Printed(by))
        return self._clean(by)

    def _clean(self, by: Confirmation) -> Ended:
        health = self._talk.check()
        if self._talk.trouble is None and not isinstance(health, Unknown) and not self._unseen():
            return Ended(Printed(by))
        return Ended(PrintUnknown(health), "maybe", held=True)

    def _timed(self) -> Ended:
        if "status" not in self._talk.profile.confirm:
            return Ended(PrintUnknown(self._talk.sensors.health()), "maybe", held=True)
        return self._clean("status")

    def _troubled(self, health: Health) -> Ended:
        """The printer stopped. What was on its way may still say that the paper is out; else drop what it holds."""
        talk = self._talk
        until = time.monotonic() + LAST_WORD_S
        while self._answered() is None and (left := until - time.monotonic()) > 0:
            talk.pump(left)
        if self._answered() == "process-id":
            return Ended(Printed("process-id"))
        cleared = talk.clear()
        if self._answered() == "process-id":
            return Ended(Printed("process-id"))
        if not cleared or self._may_be_cut():
            return Ended(PrintUnknown(health), "maybe", held=not cleared)
        return Ended(NotPrinted(health), "torn" if isinstance(health, PaperOut) else "half")

    def _may_be_cut(self) -> bool:
        """Whether it may have got as far as the cut before it stopped and dropped the rest."""
        abilities = self._talk.abilities
        if abilities and abilities.process_id and not self._deaf:
            return self._guard in self._talk.heard.marks
        return self.whole

    def _stopped(self) -> Ended:
        """It took too long, or trouble came while sending."""
        health = self._talk.trouble or self._talk.check()
        if isinstance(health, Unknown):
            return Ended(PrintUnknown(health), "maybe", held=True)
        trouble = self._talk.trouble
        if trouble is None and self.whole:
            # It is ready and says nothing of the paper: its answer was lost, or it was switched off and on. Asking
            # once more would prove nothing, for a printer that has forgotten the job would answer too.
            return Ended(PrintUnknown(health), "maybe", held=not self._talk.clear())
        return self._troubled(trouble or Offline("the printer took the job and did not finish it in time"))
