"""Cuts an ESC/POS byte stream into commands: how long each is, and which part of it is its data."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

ESC, FS, GS, DLE = 0x1B, 0x1C, 0x1D, 0x10

FIXED: dict[int, dict[int, int]] = {
    ESC: {
        **dict.fromkeys(b"@2<iml\x0c", 0),
        **dict.fromkeys(b" !%-3=AEGJKMRSTUVadert{", 1),
        **dict.fromkeys(b"$\\Bc", 2),
        ord("p"): 3,
    },
    FS: {**dict.fromkeys(b"&.", 0), **dict.fromkeys(b"!-CW", 1), **dict.fromkeys(b"Sp", 2)},
    GS: {**dict.fromkeys(b"!BEHTabfhrwI", 1), **dict.fromkeys(b"LPW$\\", 2)},
}
"""How many bytes of parameters follow a prefix and a letter, for the commands whose length never varies."""


@dataclass(frozen=True)
class Command:
    """One command: `name` is its prefix and letter like `GS v`, `data` all that follows."""

    name: str
    data: bytes = b""


@dataclass(frozen=True)
class Character:
    """One character to print, as the printer's code page or its Chinese font has it."""

    char: str
    wide: bool


Item = Command | Character


def take(buffer: bytes, kanji: bool) -> tuple[Item, int] | None:
    """The first command or character of a stream and its length; None if its end has not come yet."""
    first = buffer[0]
    if first in (ESC, FS, GS):
        return _prefixed(buffer)
    if first == DLE:
        return _realtime(buffer)
    if first < 0x20 or first == 0x7F:
        return Command(f"{first:02X}"), 1
    return _character(buffer, kanji)


def _character(buffer: bytes, kanji: bool) -> tuple[Item, int] | None:
    first = buffer[0]
    if first < 0x80:
        return Character(chr(first), False), 1
    if not kanji:
        return Character(bytes([first]).decode("cp437"), False), 1
    if len(buffer) < 2:
        return None
    length = 4 if 0x30 <= buffer[1] <= 0x39 else 2
    if len(buffer) < length:
        return None
    try:
        return Character(buffer[:length].decode("gb18030"), True), length
    except UnicodeDecodeError:
        return Character("\N{REPLACEMENT CHARACTER}", True), 1


def _realtime(buffer: bytes) -> tuple[Item, int] | None:
    """Real-time commands were obeyed when they arrived; in the stream they are passed over."""
    if len(buffer) < 3:
        return None
    if buffer[1] == 0x14:
        length = 10 if buffer[2] == 8 else 5
        return (Command("DLE"), length) if len(buffer) >= length else None
    return Command("DLE"), 3 if buffer[1] in (0x04, 0x05) else 1


def _prefixed(buffer: bytes) -> tuple[Item, int] | None:
    if len(buffer) < 2:
        return None
    prefix: Literal["ESC", "FS", "GS"] = "ESC" if buffer[0] == ESC else "FS" if buffer[0] == FS else "GS"
    name = f"{prefix} {chr(buffer[1])}"
    length = FIXED[buffer[0]].get(buffer[1])
    if length is None:
        length = _variable(name, buffer[2:])
        if length is None:
            return None
        if length < 0:
            return Command("unknown", buffer[:2]), 2
    if len(buffer) < 2 + length:
        return None
    return Command(name, buffer[2 : 2 + length]), 2 + length


def _variable(name: str, rest: bytes) -> int | None:
    """Length of the parameters of a command that tells it itself; None for not yet known, -1 for no such command."""
    match name:
        case "GS v":
            return _sized(rest, 6, lambda: 6 + (rest[2] + 256 * rest[3]) * (rest[4] + 256 * rest[5]))
        case "GS (" | "ESC (":
            return _sized(rest, 3, lambda: 3 + rest[1] + 256 * rest[2])
        case "GS V":
            return _sized(rest, 1, lambda: 2 if rest[0] in (65, 66, 97, 98, 103, 104) else 1)
        case "ESC *":
            return _sized(rest, 3, lambda: 3 + (rest[1] + 256 * rest[2]) * (3 if rest[0] >= 32 else 1))
        case "GS k":
            return _barcode(rest)
        case "ESC D":
            end = rest.find(0)
            return end + 1 if end >= 0 else None if len(rest) < 33 else 33
        case _:
            return -1


def _barcode(rest: bytes) -> int | None:
    if not rest:
        return None
    if rest[0] > 64:
        return _sized(rest, 2, lambda: 2 + rest[1])
    end = rest.find(0, 1)
    return end + 1 if end > 0 else None


def _sized(rest: bytes, least: int, length: Callable[[], int]) -> int | None:
    return length() if len(rest) >= least else None
