"""Sorts what a printer says by the bit patterns of the bytes, never by their position: strays and echoes do no harm."""

from dataclasses import dataclass
from typing import Literal

BLOCK_LIMIT = 96
"""No block of ours or of the makers' manuals is longer; a longer one has lost its end."""
PROCESS_ID, CLEARED = 0x22, 0x25
FLOW = (0x11, 0x13)


@dataclass(frozen=True)
class Status:
    """An answer to DLE EOT; which of the four it belongs to, only the question tells."""

    bits: int


@dataclass(frozen=True)
class Auto:
    """A report of automatic status back: four bytes that stand for themselves."""

    bits: bytes


@dataclass(frozen=True)
class Barrier:
    """An answer to GS r (or a one-byte GS I): everything sent before the question has been worked up."""

    bits: int


@dataclass(frozen=True)
class Printed:
    """An answer to GS ( H: all that was sent before the question with this mark is printed."""

    mark: bytes


@dataclass(frozen=True)
class Cleared:
    """The answer to DLE DC4 fn 8: nothing is held any more."""


@dataclass(frozen=True)
class Info:
    """An answer to GS I 65 to 69: a text about the printer."""

    text: str


Answer = Status | Auto | Barrier | Printed | Cleared | Info


class Sorter:
    """Takes bytes as they come, in any pieces, and gives the answers in them; unknown bytes are dropped."""

    def __init__(self) -> None:
        self._auto = bytearray()
        self._block = bytearray()

    def feed(self, data: bytes) -> list[Answer]:
        """Take bytes; give the answers that are complete now."""
        found: list[Answer] = []
        for byte in data:
            if self._block:
                self._blocked(byte, found)
            else:
                self._single(byte, found)
        return found

    def silence(self) -> None:
        """The line was silent: what has begun will not be ended."""
        self._auto.clear()
        self._block.clear()

    def _single(self, byte: int, found: list[Answer]) -> None:
        match kind(byte):
            case "status":
                found.append(Status(byte))
            case "auto":
                self._auto = bytearray([byte])
            case "plain" if self._auto:
                self._auto.append(byte)
                if len(self._auto) == 4:
                    found.append(Auto(bytes(self._auto)))
                    self._auto.clear()
            case "plain":
                found.append(Barrier(byte))
            case "block":
                self._auto.clear()
                self._block.append(byte)
            case "junk":
                self._auto.clear()
            case "flow":
                pass

    def _blocked(self, byte: int, found: list[Answer]) -> None:
        if byte:
            self._block.append(byte)
            if len(self._block) > BLOCK_LIMIT:
                self._block.clear()
            return
        block = bytes(self._block)
        self._block.clear()
        if block[0] == 0x5F:
            found.append(Info(block[1:].decode("ascii", "replace")))
        elif block[1:2] == bytes([PROCESS_ID]) and len(block) >= 6:
            found.append(Printed(block[-4:]))  # some models put a status byte before the mark
        elif block[1:] == bytes([CLEARED]):
            found.append(Cleared())


def kind(byte: int) -> Literal["status", "auto", "plain", "block", "flow", "junk"]:
    """Name the class of a byte that begins something: 0**1**10, 0**1**00, 0**0****, 37 or 5F, XON/XOFF, none."""
    if byte in (0x37, 0x5F):
        return "block"
    if byte in FLOW:
        return "flow"
    if byte & 0x93 == 0x12:
        return "status"
    if byte & 0x93 == 0x10:
        return "auto"
    return "plain" if byte & 0x90 == 0 else "junk"
