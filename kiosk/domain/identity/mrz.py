"""The machine-readable zone of a passport or card (ICAO 9303): TD3, TD2 and TD1, with all their check digits."""

import re
from collections.abc import Iterator
from datetime import date

from kiosk.domain.identity.judgement import FINE, Judgement, Problem

_CHARACTERS = re.compile(r"[A-Z0-9<]*")
_VALUES = {**{str(digit): digit for digit in range(10)}, **{chr(65 + i): 10 + i for i in range(26)}, "<": 0}
_LENGTHS = {88: "P", 90: "IAC", 72: "IACPV"}
_WEIGHTS = (7, 3, 1)


def is_like_mrz(text: str) -> bool:
    """Say whether it is meant to be a zone: long, with fillers, and beginning with a document's letter."""
    return len(text) >= 40 and "<" in text and text[0] in "PIACV"


def check_digit(field: str) -> str:
    """Give the check digit of a field: values weighted 7, 3, 1 in turn, modulo 10."""
    return str(sum(_VALUES[character] * _WEIGHTS[index % 3] for index, character in enumerate(field)) % 10)


def judge_mrz(text: str, _today: date | None) -> Judgement:
    """Judge a zone whose lines have been joined: 88 characters (TD3), 90 (TD1) or 72 (TD2)."""
    if len(text) not in _LENGTHS:
        return Judgement(("length",) if _CHARACTERS.fullmatch(text) else ("length", "charset"))
    if not _CHARACTERS.fullmatch(text) or text[0] not in _LENGTHS[len(text)]:
        return Judgement(("charset",))
    birth, expiry = _dates(text)
    problems: list[Problem] = []
    if not (_is_date(birth, unknown_parts=True) and _is_date(expiry, unknown_parts=False)):
        problems.append("date-impossible")
    if any(not _agrees(field, digit) for field, digit in _checked(text)):
        problems.append("check-digit")
    return Judgement(tuple(problems)) if problems else FINE


def number_of(text: str) -> str:
    """Give the document number that a zone holds, without fillers."""
    if len(text) == 90:
        return text[5:14].rstrip("<")
    line = len(text) // 2
    return text[line : line + 9].rstrip("<")


def _dates(text: str) -> tuple[str, str]:
    if len(text) == 90:
        return text[30:36], text[38:44]
    line = text[len(text) // 2 :]
    return line[13:19], line[21:27]


def _checked(text: str) -> Iterator[tuple[str, str]]:
    """Give each checked field with its check digit; the last pair is the composite."""
    if len(text) == 90:
        upper, middle = text[:30], text[30:60]
        yield _long_number(upper[5:14], upper[14], upper[15:30])
        yield middle[0:6], middle[6]
        yield middle[8:14], middle[14]
        yield upper[5:30] + middle[0:7] + middle[8:15] + middle[18:29], middle[29]
        return
    line = text[len(text) // 2 :]
    yield _long_number(line[0:9], line[9], line[28:-1] if len(text) == 72 else "")
    yield line[13:19], line[19]
    yield line[21:27], line[27]
    if len(text) == 88:
        yield line[28:42], line[42]
    yield line[0:10] + line[13:20] + line[21:-1], line[-1]


def _long_number(number: str, digit: str, optional: str) -> tuple[str, str]:
    """Give number and digit where a number above nine characters goes on in the optional field, its digit after it."""
    rest = optional.split("<", 1)[0]
    return (number + rest[:-1], rest[-1]) if digit == "<" and rest else (number, digit)


def _agrees(field: str, digit: str) -> bool:
    if digit == "<":
        return not field.strip("<")
    return check_digit(field) == digit


def _is_date(digits: str, *, unknown_parts: bool) -> bool:
    """Say whether YYMMDD can be a date; a birth date may have unknown parts, written as fillers."""
    if "<" in digits:
        return unknown_parts and all(digits[i : i + 2] == "<<" or digits[i : i + 2].isdigit() for i in (0, 2, 4))
    try:  # a century does not matter: 2000 was a leap year, and nobody's zone tells of 29 February 1900
        date(2000 + int(digits[:2]), int(digits[2:4]), int(digits[4:6]))
    except ValueError:
        return False
    return True
