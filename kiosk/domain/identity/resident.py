"""The 18-character numbers of GB 11643 and their relatives: resident, residence permit, foreign permanent resident."""

import re
from datetime import date

from stdnum.iso7064 import mod_11_2

from kiosk.domain.identity.judgement import FINE, PROVINCES, Judgement, Kind, Problem, birth_problem

_SHAPE = re.compile(r"[0-9]{17}[0-9X]")
_CHARACTERS = re.compile(r"[0-9]*X?")
_DIGITS_15 = re.compile(r"[0-9]{15}")
_FOREIGN_OLD = re.compile(r"[A-Z]{3}[0-9]{12}")
_PERMIT = frozenset(("81", "82", "83"))


def is_shape(number: str) -> bool:
    """Say whether it is 17 digits and a digit or X."""
    return _SHAPE.fullmatch(number) is not None


def is_cut_short(number: str) -> bool:
    """Say whether it is 16 digits and an X: a number of 18 that lost a digit, and no VIN, which ends in digits."""
    return len(number) == 17 and number[-1] == "X" and _SHAPE.fullmatch("0" + number) is not None


def is_old(number: str) -> bool:
    """Say whether it is 15 digits, the form of before 1999."""
    return _DIGITS_15.fullmatch(number) is not None


def is_foreign_old(number: str) -> bool:
    """Say whether it has the form of the foreign permanent resident's number of before December 2023."""
    return _FOREIGN_OLD.fullmatch(number) is not None


def kind_of(number: str) -> Kind:
    """Give the kind that the first digits of an 18-character number tell."""
    if number[:1] == "9":
        return "foreign_permanent_resident"
    return "hmt_residence_permit" if number[:2] in _PERMIT else "resident_id"


def judge_resident(number: str, today: date | None) -> Judgement:
    """Judge a resident ID number (GB 11643)."""
    if is_old(number):
        return _judge_old(number, today)
    return _judge(number, today, PROVINCES)


def judge_permit(number: str, today: date | None) -> Judgement:
    """Judge the number of a residence permit for Hong Kong (81), Macau (82) or Taiwan (83) residents."""
    return _judge(number, today, _PERMIT)


def judge_foreign(number: str, today: date | None) -> Judgement:
    """Judge a foreign permanent resident's number of either generation.

    Where the birth date stands inside the new one is not confirmed by any text at hand, so it only warns.
    """
    if is_foreign_old(number):
        return FINE
    if (wrong := _form(number)) is not None:
        return wrong
    if number[0] != "9":
        return Judgement(("charset",))
    problems: tuple[Problem, ...] = () if mod_11_2.checksum(number) == 1 else ("check-digit",)
    born = birth_problem(number[6:14], today)
    return Judgement(problems, () if born is None else (born,))


def _form(number: str) -> Judgement | None:
    problems: list[Problem] = []
    if len(number) != 18:
        problems.append("length")
        if not _CHARACTERS.fullmatch(number):
            problems.append("charset")
    elif not is_shape(number):
        problems.append("charset")
    return Judgement(tuple(problems)) if problems else None


def _judge(number: str, today: date | None, prefixes: frozenset[str]) -> Judgement:
    if (wrong := _form(number)) is not None:
        return wrong
    problems: list[Problem] = []
    if number[:2] not in prefixes:
        problems.append("province")
    if (born := birth_problem(number[6:14], today)) is not None:
        problems.append(born)
    if mod_11_2.checksum(number) != 1:
        problems.append("check-digit")
    return Judgement(tuple(problems)) if problems else FINE


def _judge_old(number: str, today: date | None) -> Judgement:
    """Judge the old form: never valid on a current card, and never without what else is wrong with it."""
    problems: list[Problem] = ["old-15"]
    if number[:2] not in PROVINCES:
        problems.append("province")
    if (born := birth_problem("19" + number[6:12], today)) is not None:
        problems.append(born)
    return Judgement(tuple(problems))
