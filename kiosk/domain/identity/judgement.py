"""What a judge of one kind of number says: problems refuse it, warnings only go with it."""

from datetime import date
from typing import Literal, NamedTuple, get_args

Kind = Literal[
    "resident_id", "hmt_residence_permit", "foreign_permanent_resident",
    "licence_core_number", "licence_archive_number", "vehicle_certificate_number",
    "vin", "plate", "mobile", "ticket", "receipt", "passport_mrz", "unknown",
]  # fmt: skip
KINDS: tuple[Kind, ...] = get_args(Kind)
Problem = Literal["length", "charset", "province", "date-impossible", "date-future", "check-digit", "old-15"]

_DECADES = {10: 5, 20: 3, 30: 7, 40: 6, 50: 4, 60: 5}
PROVINCES = frozenset(str(tens + unit) for tens, last in _DECADES.items() for unit in range(1 - (tens == 50), last + 1))
"""The first two digits of a region code (GB/T 2260); no further digit is checked, since abolished codes stay valid."""

EARLIEST_BIRTH = 1850


class Judgement(NamedTuple):
    """The answer of a judge."""

    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


FINE = Judgement()


def birth_problem(digits: str, today: date | None) -> Problem | None:
    """Judge a birth date of eight digits; without `today` the future is not looked at."""
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return "date-impossible"
    if born.year < EARLIEST_BIRTH:
        return "date-impossible"
    return "date-future" if today is not None and born > today else None
