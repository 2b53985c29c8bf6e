"""Ticket labels, receipt references, addresses of status pages, and mobile numbers."""

import re
from datetime import date

from kiosk.domain.identity.judgement import FINE, Judgement

_LABEL = re.compile(r"[A-Z][0-9]{3,6}")
_ADDRESS = re.compile(
    r"https?://[A-Za-z0-9.:\[\]-]{1,255}(?:/[A-Za-z0-9._~-]{1,64}){0,4}/([st])/[A-Za-z0-9_-]{16,64}/?(?:[?#]\S{0,128})?"
)
_REFERENCE = re.compile(r"[A-Z]{2,4}-?20[0-9]{6}-?[0-9]{4,8}")
_REQUEST = re.compile(r"[0-9A-F]{8}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{12}")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_DIGITS = re.compile(r"[0-9]*")


def address_kind(text: str) -> str:
    """Give `receipt` or `ticket` for the address of a status page, which the QR code of a paper holds, else ""."""
    found = _ADDRESS.fullmatch(text) if text[:4].lower() == "http" else None
    return "" if found is None else {"s": "receipt", "t": "ticket"}[found[1]]


def is_reference(text: str) -> bool:
    """Say whether it is a reference like XN-20261122-000123, or the request number of a slip that was not yet sent."""
    capitals = text.upper()
    return bool(_REFERENCE.fullmatch(capitals) or _REQUEST.fullmatch(capitals))


def is_label(text: str) -> bool:
    """Say whether it is a ticket's label, e.g. B012, or B501 of an emergency range."""
    return _LABEL.fullmatch(text) is not None


def national(number: str) -> str:
    """Give a mobile number without +86 or 0086 before it."""
    for prefix in ("+86", "0086"):
        rest = number.removeprefix(prefix)
        if rest != number and _MOBILE.fullmatch(rest):
            return rest
    return number


def judge_mobile(number: str, _today: date | None) -> Judgement:
    """Judge a mobile number: 11 digits, the first a 1, the second 3 to 9."""
    if _MOBILE.fullmatch(number):
        return FINE
    if len(number) != 11:
        return Judgement(("length",) if _DIGITS.fullmatch(number) else ("length", "charset"))
    return Judgement(("charset",))


def judge_label(text: str, _today: date | None) -> Judgement:
    """Judge a ticket's label: a capital letter and three to six digits."""
    if is_label(text):
        return FINE
    return Judgement(("charset",) if 4 <= len(text) <= 7 else ("length",))


def judge_reference(text: str, _today: date | None) -> Judgement:
    """Judge a receipt's reference."""
    return FINE if is_reference(text) else Judgement(("charset",) if len(text) >= 14 else ("length",))
