"""Breaks text into lines as Chinese and English are set: no line begins with a closing mark, no number is torn."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

Measure = Callable[[str], float]
"""The width of a text, in whatever unit the width of the line is given."""

CLOSING = frozenset("，。、；：！？）】》〉”’」』％…—·%,.;:!?)]}")
LONELY = 0.2
"""A last line shorter than this part of the width looks forgotten."""
LONG_LABEL = 0.36
OPENING = frozenset("（【《〈“‘「『([{￥")


@dataclass
class _Piece:
    """What must stay together, and the blank before it (dropped at the beginning of a line)."""

    blank: str
    text: str


def wrap(text: str, width: float, measure: Measure, first: float | None = None) -> list[str]:
    """Break a text into lines of at most `width`; the first may have another width, `first`.

    A last line of a character or two is avoided. A piece wider than a whole line (the address of a page) is torn,
    since nothing else is possible.
    """
    room = width if first is None else first
    lines = _broken(text, width, measure, room)
    if len(lines) > 1 and measure(lines[-1]) < LONELY * width:
        for part in (19, 18, 17, 16):
            tighter = _broken(text, width * part / 20, measure, room * part / 20)
            if len(tighter) == len(lines) and measure(tighter[-1]) >= LONELY * width:
                return tighter
    return lines


def wrap_centred(text: str, width: float, measure: Measure) -> list[str]:
    """Break a centred text: at its middle dot if it has one, else into lines of nearly equal length."""
    if measure(text) <= width:
        return [text]
    if " · " in text:
        return [line for part in text.split(" · ") for line in wrap_centred(part.strip(), width, measure)]
    best = _broken(text, width, measure, width)
    for part in range(19, 10, -1):
        tighter = _broken(text, width * part / 20, measure, width * part / 20)
        if len(tighter) > len(best) or any(measure(line) > width for line in tighter):
            break
        best = tighter
    return best


def wrap_labelled(label: float, value: str, width: float, measure: Measure, indent: float) -> tuple[float, list[str]]:
    """Break a value that stands behind a label `label` wide; give the indent of its other lines, and its lines.

    Behind a short label the lines stand under each other. A value that would be torn behind a long label, and has
    room on a line of its own (a date with its time), goes there whole: then the first line is empty.
    """
    if label <= width * LONG_LABEL:
        return label, wrap(value, width - label, measure)
    if measure(value) > width - label and measure(value) <= width - indent:
        return indent, ["", value]
    return indent, wrap(value, width - indent, measure, first=width - label)


def _broken(text: str, width: float, measure: Measure, room: float) -> list[str]:
    lines: list[str] = []
    line = ""
    for piece in _pieces(text):
        if measure(line + (piece.blank if line else "") + piece.text) <= room:
            line += (piece.blank if line else "") + piece.text
            continue
        if line or (not lines and room < width):
            lines.append(line)
            room = width
        line = piece.text
        while measure(line) > room and len(line) > 1:
            fits = _fitting(line, room, measure)
            lines.append(line[:fits])
            line = line[fits:]
            room = width
    return [*lines, line] if line or not lines else lines


def _fitting(text: str, room: float, measure: Measure) -> int:
    count = 1
    while count < len(text) and measure(text[: count + 1]) <= room:
        count += 1
    return count


def _pieces(text: str) -> list[_Piece]:
    pieces: list[_Piece] = []
    blank = ""
    for char in text:
        if char.isspace():
            blank += " "
            continue
        last = pieces[-1] if pieces and not blank else None
        if last is not None and _together(last.text[-1], char):
            last.text += char
        else:
            pieces.append(_Piece(blank, char))
        blank = ""
    return pieces


def _together(before: str, after: str) -> bool:
    if after in CLOSING or before in OPENING:
        return True
    return not _wide(before) and not _wide(after)


def _wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in "WF"
