"""PURE: moments as the hub keeps them - milliseconds since 1970, shown in Shanghai time - and its business day."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
_EPOCH = datetime(1970, 1, 1, tzinfo=ZoneInfo("UTC"))
_MILLISECOND = timedelta(milliseconds=1)
_DAY_MS = 86_400_000


def to_ms(moment: datetime) -> int:
    """Give an aware moment in milliseconds since 1970."""
    return (moment - _EPOCH) // _MILLISECOND


def from_ms(ms: int) -> datetime:
    """Give a stored moment in Shanghai time."""
    return (_EPOCH + ms * _MILLISECOND).astimezone(ZONE)


def rfc3339(ms: int | None) -> str | None:
    """Write a stored moment as contracts want it, e.g. `2026-11-22T10:42:05.120+08:00`; None stays None."""
    return None if ms is None else from_ms(ms).isoformat(timespec="milliseconds")


def date_of(ms: int) -> str:
    """Give the calendar day in Shanghai, e.g. `2026-11-22`."""
    return from_ms(ms).date().isoformat()


def business_day(stored: str | None, now_ms: int) -> str:
    """Give the business day: today by the hub's clock, and not the day before again for a clock that is set back.

    A stored day further ahead than tomorrow came from a wrong clock, and must not last for years.
    """
    today = date_of(now_ms)
    if stored is None or today > stored:
        return today
    return stored if stored <= date_of(now_ms + _DAY_MS) else today
