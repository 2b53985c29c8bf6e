"""Cuts a scanner's byte stream into messages: a terminator or silence ends one, and none grows past the cap."""

import re
from dataclasses import dataclass, field

_TERMINATOR = re.compile(rb"[\r\n]")


@dataclass(frozen=True)
class Message:
    """One message as it came. `data` is empty when `length` (bytes, without terminator) went over the cap."""

    data: bytes = field(repr=False)
    length: int
    too_long: bool = False


class Framer:
    """Feed it bytes and silences; it gives back the messages that they complete. CR, LF and CR LF end a message."""

    def __init__(self, cap: int) -> None:
        self._cap = cap
        self._buffer = bytearray()
        self._length = 0
        self._skipping = False

    @property
    def pending(self) -> bool:
        """Something has begun that a terminator or silence must still end."""
        return self._length > 0 or self._skipping

    @property
    def flooded(self) -> bool:
        """The present message is over the cap, or the rest of one is being thrown away."""
        return self._length > self._cap or self._skipping

    @property
    def skipping(self) -> bool:
        """Everything up to the next terminator or silence is thrown away."""
        return self._skipping

    def feed(self, chunk: bytes) -> list[Message]:
        """Take bytes; give the messages that a terminator among them has ended."""
        ended: list[Message] = []
        start = 0
        for match in _TERMINATOR.finditer(chunk):
            self._take(chunk[start : match.start()])
            ended += self._end()
            start = match.end()
        self._take(chunk[start:])
        return ended

    def silence(self) -> list[Message]:
        """Nothing more came for a while: give the message that this ends, if one had begun."""
        return self._end()

    def give_up(self) -> list[Message]:
        """End the present message now and throw away what may still follow of it."""
        ended = self._end()
        self._skipping = True
        return ended

    def skip(self) -> None:
        """Throw away everything up to the next terminator or silence: the head of it is lost."""
        self._forget()
        self._skipping = True

    def reset(self) -> None:
        """Forget what has begun."""
        self._forget()
        self._skipping = False

    def _take(self, piece: bytes) -> None:
        if self._skipping or not piece:
            return
        self._length += len(piece)
        if self._length <= self._cap:
            self._buffer += piece
        else:
            self._buffer.clear()

    def _end(self) -> list[Message]:
        data, length = bytes(self._buffer), self._length
        self.reset()
        return [Message(data, length, too_long=length > self._cap)] if length else []

    def _forget(self) -> None:
        self._buffer.clear()
        self._length = 0
