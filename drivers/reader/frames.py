"""Frames of a SAM_V reader: AA AA AA 96 69, length, body, XOR - cut out of whatever comes, and wiped behind itself."""

from dataclasses import dataclass, field
from functools import reduce
from operator import xor

PREAMBLE = b"\xaa\xaa\xaa\x96\x69"
READ = 0x0508
"""The length field of text and photograph: status, two lengths, 256 and 1024 bytes, checksum."""
ADDRESS = 74
LENGTHS = frozenset({4, 8, 12, 20, ADDRESS, READ})
"""Every length that an answer to one of our commands can have; any other is a damaged header."""
SIZE = 4096
_HEAD = len(PREAMBLE) + 2
_STATUS = 3


def encode(command: bytes) -> bytes:
    """A command (CMD, Para, Data) as it goes out on the wire."""
    body = (len(command) + 1).to_bytes(2, "big") + command
    return PREAMBLE + body + bytes([checksum(body)])


def checksum(body: bytes | bytearray | memoryview) -> int:
    """XOR of everything behind the preamble, the length included."""
    return reduce(xor, body, 0)


def wipe(buffer: bytearray | memoryview) -> None:
    """Overwrite with zeros: what stood there was personal."""
    buffer[:] = bytes(len(buffer))


@dataclass(frozen=True)
class Reply:
    """One whole answer: its third status byte and its data, which whoever takes it must wipe."""

    sw3: int
    data: bytearray = field(repr=False)


class Frames:
    """Bytes go in through `room` and `arrived`, answers come out of `take`.

    A frame that does not hold is given up at its first byte and the search goes on behind it, so the next whole frame
    is found however the damaged one was damaged. Everything stands in one buffer of fixed size, which is never copied
    by growing; `keep` bytes of an answer's data are handed out, the rest (the photograph) is zeroed where it came in.
    """

    def __init__(self) -> None:
        self._buffer = bytearray(SIZE)
        self._view = memoryview(self._buffer)
        self._end = 0
        self.damaged = 0
        """Frames given up so far."""

    @property
    def pending(self) -> bool:
        """Whether something has begun that may still become a frame."""
        return self._end > 0

    def room(self) -> memoryview:
        """Where the next bytes go; never empty after `take` gave None."""
        return self._view[self._end :]

    def arrived(self, count: int) -> None:
        """So many bytes were written into `room`."""
        self._end += count

    def take(self, keep: int) -> Reply | None:
        """The next whole answer, if there is one."""
        while True:
            self._seek()
            if self._end < _HEAD:
                return None
            length = int.from_bytes(self._view[len(PREAMBLE) : _HEAD], "big")
            if length not in LENGTHS:
                self.give_up()
                continue
            whole = _HEAD + length
            if self._end < whole:
                return None
            status = self._view[_HEAD : _HEAD + _STATUS]
            if checksum(self._view[len(PREAMBLE) : whole]) or status[0] or status[1]:
                self.give_up()
                continue
            data = self._view[_HEAD + _STATUS : whole - 1]
            reply = Reply(status[2], bytearray(data[:keep]))
            self._drop(whole)
            return reply

    def give_up(self) -> None:
        """The frame that has begun is damaged, or its rest never came: look for the next one behind its first byte."""
        if self._end:
            self.damaged += 1
            self._drop(1)

    def clear(self) -> None:
        """Forget and wipe everything."""
        wipe(self._view[: self._end])
        self._end = 0

    def _seek(self) -> None:
        """Bring the next preamble, or what may be the beginning of one, to the front."""
        at = self._buffer.find(PREAMBLE, 0, self._end)
        if at < 0:
            first = max(0, self._end - len(PREAMBLE) + 1)
            at = next(n for n in range(first, self._end + 1) if PREAMBLE.startswith(bytes(self._view[n : self._end])))
        self._drop(at)

    def _drop(self, count: int) -> None:
        left = self._end - count
        self._view[:left] = self._view[count : self._end]
        wipe(self._view[left : self._end])
        self._end = left
