"""Break text into lines: never inside a number, a date or a plate, never with a closing mark in front.

Kivy wraps Chinese after any character and was seen to split 2026-11-22 and to start a line with a comma, so every text
is broken here before Kivy sees it.
"""

import re
from collections.abc import Callable

Measure = Callable[[str], float]

_UNITS = "个?工作日|分钟|小时|周岁|[人元项位秒天个次号岁年月日页份张步点]"
_TOKEN = re.compile(
    rf"""
      \d+年\d+月(?:\d+日)? | \d+月\d+日                     # a date in words
    | [\u4e00-\u9fff][A-Z][ ]?[·•]?[ ]?[A-Z0-9]{{5,6}}        # a number plate
    | \d[\d:.,–~-]*[ ]?(?:{_UNITS})                               # a number with its unit
    | [0-9A-Za-z\u00c0-\u024f*@\#&%+\-–_./:,;!?'’"()\[\]$¥€°℃<>=]+  # a word, a number, an address
    | \s+
    | .
    """,
    re.VERBOSE | re.DOTALL,
)  # fmt: skip
_CLAUSE = re.compile(r"[^、，；：。]*[、，；：。]+|[^、，；：。]+")
_NOT_FIRST = set("、。，．：；！？）】》〉」』”’…—·～%℃,.;:!?)]}")
STEPS = 8  # widths that are tried for a heading
LONELY = 3  # characters that should not stand on a last line by themselves
_NOT_LAST = set("（【《〈「『“‘([{¥￥$")


def units(text: str) -> list[str]:
    """Split one paragraph into what must stay together; white space is a unit of its own."""
    found: list[str] = []
    for token in _TOKEN.findall(text):
        if token.isspace():
            found.append(" ")
        elif found and not found[-1].isspace() and (token[0] in _NOT_FIRST or found[-1][-1] in _NOT_LAST):
            found[-1] += token
        else:
            found.append(token)
    return found


def _pieces(unit: str, width: float, measure: Measure) -> list[str]:
    """Cut a unit that is wider than a line, as late as possible; closing marks stay with what they close."""
    cut: list[str] = []
    line = ""
    for character in unit:
        if line and measure(line + character) > width and character not in _NOT_FIRST:
            cut.append(line)
            line = ""
        line += character
    return [*cut, line]


def _fill(text: str, width: float, measure: Measure, *, clauses: bool = False) -> list[str]:
    """Fill lines one after another, with what must stay together or, if asked, with whole clauses."""
    lines: list[str] = []
    line, used = "", 0.0
    for unit in _CLAUSE.findall(text) if clauses else units(text):
        if unit == " " and not line:
            continue
        wide = measure(unit)
        if line and used + (wide if unit != " " else 0) > width:
            lines.append(line.rstrip())
            line, used = "", 0.0
            if unit == " ":
                continue
        if wide > width:
            *whole, unit = _pieces(unit, width, measure)  # noqa: PLW2901
            lines.extend(whole)
            wide = measure(unit)
        line += unit
        used += wide
    return [*lines, line.rstrip()]


def break_lines(text: str, width: float, measure: Measure, *, balance: bool = False) -> list[str]:
    """Break a text at its newlines and wherever a line would be wider than `width` px.

    With `balance` the lines of a heading are made about equally long. A last line of a character or two is avoided.
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        filled = _fill(paragraph, width, measure)
        if balance and 1 < len(filled) <= 4:
            filled = _balanced(paragraph, width, len(filled), measure)
        elif len(filled) > 1 and len(filled[-1]) <= LONELY:
            filled = _joined(paragraph, width, filled, measure)
        lines.extend(filled)
    return lines


def _joined(text: str, width: float, filled: list[str], measure: Measure) -> list[str]:
    """Return as many lines in a slightly narrower measure, so that the last is not left with a word's tail."""
    step, widest = measure("国"), max(map(measure, units(text)))
    for back in range(1, LONELY + 2):
        if width - back * step < widest:  # never so narrow that a word is cut
            break
        tried = _fill(text, width - back * step, measure)
        if len(tried) == len(filled) and len(tried[-1]) > LONELY and max(map(measure, tried)) <= width:
            return tried
    return filled


def _balanced(text: str, width: float, count: int, measure: Measure) -> list[str]:
    """Return as many lines, about equally long, broken after marks rather than within words of Chinese."""
    low = min(width, max(map(measure, units(text))))  # never so narrow that a word is cut
    tries = [_fill(text, low + (width - low) * step / STEPS, measure) for step in range(STEPS + 1)]
    if all(measure(clause) <= width for clause in _CLAUSE.findall(text)):  # else one would be cut, within a word
        tries.append(_fill(text, width, measure, clauses=True))
    fitting = [tried for tried in tries if len(tried) <= count and max(map(measure, tried)) <= width]

    def worse(lines: list[str]) -> tuple[int, float]:
        inside = sum(1 for line in lines[:-1] if line[-1:] not in _NOT_FIRST)
        return inside, max(map(measure, lines))

    return min(fitting, key=worse, default=_fill(text, width, measure))
