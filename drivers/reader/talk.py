"""One conversation with a SAM_V reader: a command out, its answer in, a second try, and nothing left in memory."""

import time
from typing import Protocol

from drivers.device import LineLost
from drivers.reader import frames
from drivers.reader.answers import outcome
from drivers.reader.delays import Delays
from drivers.reader.frames import Frames, Reply
from drivers.transport.line import FdLine, wait

SAM_ID = b"\x12\xff"
STATUS, FIND, SELECT, TEXT, NEWEST = b"\x11\xff", b"\x20\x01", b"\x20\x02", b"\x30\x01", b"\x30\x03"
_LENGTHS = {STATUS: 0, SAM_ID: 16, FIND: 4, SELECT: 8, TEXT: frames.READ - 4, NEWEST: frames.ADDRESS - 4}
"""Bytes of data in the answer that says yes; every other answer has none."""
_YES = {0x90, 0x9F}
_KEPT = {TEXT: 4 + 256}
_FLOOD = 64 * 1024
"""More than this without a pause is no answer to anything."""
_GARBLED = 3
"""So many commands in a row, each tried twice, without one whole answer: the line itself is at fault."""


class Beats(Protocol):
    """The owner thread's sign of life."""

    def beat(self) -> None: ...


class Talk:
    """Asks over one open line. LineLost when the reader is silent, or garbled for too long."""

    def __init__(self, line: FdLine, delays: Delays, owner: Beats) -> None:
        self._line = line
        self._delays = delays
        self._owner = owner
        self._frames = Frames()
        self._garbled = 0
        self.repeated = False
        """The last command was given twice: its first answer was lost, whatever it said."""

    def ask(self, command: bytes) -> Reply | None:
        """Give the answer, or None when two answers in a row were damaged. Whoever takes it wipes its data."""
        heard = False
        for attempt in (1, 2):
            self.repeated = attempt > 1
            self._owner.beat()
            self.hush()
            self._send(command)
            reply, some = self._listen(command)
            heard = heard or some
            self._frames.clear()
            if reply is not None and (outcome(reply.sw3) != "again" or attempt == 2):
                self._garbled = 0
                return reply
        if not heard:
            raise LineLost("it does not answer", "check its power and cable, and baud in reader.url")
        self._garbled += 1
        if self._garbled >= _GARBLED:
            self._garbled = 0
            raise LineLost("its answers are damaged", "check the cable and its shield, and baud in reader.url")
        return None

    def forget(self) -> None:
        """Wipe what has come in."""
        self._frames.clear()

    def hush(self) -> bool:
        """Throw away what comes unasked, e.g. the late answer to a question given up; say whether there was any."""
        count = 0
        while (got := self._receive()) and count < _FLOOD:
            count += got
            self._frames.clear()
        self._frames.clear()
        return count > 0

    def _send(self, command: bytes) -> None:
        """Hand over a command without reading: a quick answer is there before this thread comes round again."""
        deadline = time.monotonic() + self._delays.write_s
        left = frames.encode(command)
        while left := left[self._line.send(left) :]:
            if (patience := deadline - time.monotonic()) <= 0:
                raise LineLost("it takes no commands", "unplug it and plug it in again")
            wait(self._line, patience, writable=True)

    def _listen(self, command: bytes) -> tuple[Reply | None, bool]:
        """The answer to this command, if it comes in time, and whether anything was heard at all."""
        patience = self._delays.read_s if command == TEXT else self._delays.short_s
        deadline = time.monotonic() + patience
        heard, overtime, sound = False, False, self._frames.damaged
        while True:
            reply = self._frames.take(_KEPT.get(command, frames.ADDRESS))
            if reply is not None and _answers(reply, command):
                return reply, True
            if reply is not None:
                frames.wipe(reply.data)
                continue
            left = deadline - time.monotonic()
            if left <= 0:
                # A machine that was busy all that while has not looked yet whether the answer is there: once more.
                if overtime or self._receive() == 0:
                    return None, heard
                heard = overtime = True
                deadline = time.monotonic() + self._delays.gap_s
                continue
            if wait(self._line, min(left, self._delays.gap_s)):
                heard = self._receive() > 0 or heard
            elif self._frames.pending:
                self._frames.give_up()
            elif self._frames.damaged > sound:
                return None, heard

    def _receive(self) -> int:
        """Read straight into the one buffer: no copy of what is personal is made on the way."""
        count = self._line.receive_into(self._frames.room())
        self._frames.arrived(count)
        return count


def _answers(reply: Reply, command: bytes) -> bool:
    """Whether this can be the answer to the command: an answer does not say what it answers, but its shape does."""
    data = len(reply.data)
    if reply.sw3 not in _YES:
        return data == 0
    wanted = min(_LENGTHS[command], _KEPT.get(command, _LENGTHS[command]))
    return data == wanted and (reply.sw3 == 0x9F) == (command == FIND)
