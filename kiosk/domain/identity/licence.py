"""The numbers on a driving licence that are not the holder's ID number: core number and archive number."""

import re
from datetime import date

from kiosk.domain.identity.judgement import FINE, PROVINCES, Judgement, Problem

_CORE = re.compile(r"[0-9]{2}[0-9X][0-9]{10}")
_ARCHIVE = re.compile(r"[0-9]{12}")
_DIGITS = re.compile(r"[0-9]*")
_CORE_CHARACTERS = re.compile(r"[0-9X]*")
_WEIGHTS = (9, 8, 0, 8, 7, 3, 2, 3, 5, 6, 7, 8, 9)
_AS_VALUE = {digit: int(digit) for digit in "0123456789"} | {"4": 8, "X": 0}


def is_core(number: str) -> bool:
    """Say whether it is 13 characters, the third a digit or X, the others digits."""
    return _CORE.fullmatch(number) is not None


def is_archive(number: str) -> bool:
    """Say whether it is 12 digits."""
    return _ARCHIVE.fullmatch(number) is not None


def core_check(number: str) -> str:
    """Give the check character that belongs in third place: 4 counts as 8, weighted sum modulo 11, ten is X."""
    rest = sum(weight * _AS_VALUE[character] for weight, character in zip(_WEIGHTS, number, strict=True)) % 11
    return "X" if rest == 10 else str(rest)


def judge_core(number: str, _today: date | None) -> Judgement:
    """Judge a licence core number (证芯编号).

    Its check character is known from two programs and not from a standard, so a wrong one only warns.
    """
    if len(number) != 13:
        return Judgement(("length",) if _CORE_CHARACTERS.fullmatch(number) else ("length", "charset"))
    if not is_core(number):
        return Judgement(("charset",))
    warnings: tuple[Problem, ...] = () if core_check(number) == number[2] else ("check-digit",)
    if number[:2] not in PROVINCES:
        return Judgement(("province", *warnings))
    return Judgement((), warnings) if warnings else FINE


def judge_archive(number: str, _today: date | None) -> Judgement:
    """Judge a licence archive number (档案编号); a strange province only warns: certificates may have one."""
    if len(number) != 12:
        return Judgement(("length",) if _DIGITS.fullmatch(number) else ("length", "charset"))
    if not is_archive(number):
        return Judgement(("charset",))
    return FINE if number[:2] in PROVINCES else Judgement((), ("province",))


def judge_certificate(number: str, _today: date | None) -> Judgement:
    """Judge the number of a vehicle registration certificate (机动车登记证书编号): 12 digits."""
    if len(number) != 12:
        return Judgement(("length",) if _DIGITS.fullmatch(number) else ("length", "charset"))
    return FINE if is_archive(number) else Judgement(("charset",))
