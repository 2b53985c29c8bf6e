"""PURE: when the branch takes tickets - opening hours, lunch, days off - and how many a day and service."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Literal

from branch.moment import ZONE, from_ms, to_ms

Standing = Literal["open", "lunch", "closed", "day-off"]

_SEARCH_DAYS = 21  # the longest run of days off in China is shorter by far


def every_day(_day: date) -> bool:
    """A branch that works on every day of the week."""
    return True


@dataclass(frozen=True)
class Opening:
    """The branch's rules for giving out tickets; without hours it always does.

    `hours` and `lunch` read `09:00-17:00`; tickets stop `last_minutes` before the end. `works_on` says which days of
    the calendar are worked; `closed_on` and `open_on` (ISO dates) are the branch's own exceptions. `limit` is for all
    tickets of a day, `contingents` for those of one service; 0 and a missing service have none.
    """

    hours: str = ""
    lunch: str = ""
    last_minutes: int = 0
    works_on: Callable[[date], bool] = every_day
    closed_on: frozenset[str] = frozenset()
    open_on: frozenset[str] = frozenset()
    limit: int = 0
    contingents: Mapping[str, int] = field(default_factory=dict)

    @property
    def counts(self) -> bool:
        """Whether any number of tickets is limited."""
        return bool(self.limit or self.contingents)

    def working(self, day: date) -> bool:
        """Whether the branch opens at all on a day."""
        if day.isoformat() in self.open_on:
            return True
        return day.isoformat() not in self.closed_on and self.works_on(day)

    def at(self, now_ms: int) -> Standing:
        """How the branch stands at a moment."""
        if not self.hours:
            return "open"
        now = from_ms(now_ms)
        if not self.working(now.date()):
            return "day-off"
        opens, closes = _span(self.hours)
        minute = now.time()
        if not opens <= minute < _earlier(closes, self.last_minutes):
            return "closed"
        if self.lunch:
            begins, ends = _span(self.lunch)
            if begins <= minute < ends:
                return "lunch"
        return "open"

    def opens_next(self, now_ms: int) -> int | None:
        """When tickets are given again, in ms since 1970; None while they are, or where no such day is in sight."""
        if self.at(now_ms) == "open":
            return None
        starts = [_span(self.hours)[0]] + ([_span(self.lunch)[1]] if self.lunch else [])
        today = from_ms(now_ms).date()
        for ahead in range(_SEARCH_DAYS):
            for start in starts:
                moment = to_ms(datetime.combine(today + timedelta(days=ahead), start, ZONE))
                if moment > now_ms and self.at(moment) == "open":
                    return moment
        return None


def within(span: str, moment: time) -> bool:
    """Say whether a time of day lies in `12:00-13:30`, or in `21:00-07:00` over midnight; an empty span has none."""
    if not span:
        return False
    begins, ends = _span(span)
    return begins <= moment < ends if begins <= ends else moment >= begins or moment < ends


def is_open(hours: str, now_ms: int) -> bool:
    """Say whether a moment lies within `09:00-17:00`; without hours the lobby never closes."""
    return Opening(hours).at(now_ms) == "open"


def _span(text: str) -> tuple[time, time]:
    begins, _, ends = text.partition("-")
    return time.fromisoformat(begins), time.fromisoformat(ends)


def _earlier(moment: time, minutes: int) -> time:
    whole = max(0, moment.hour * 60 + moment.minute - minutes)
    return time(whole // 60, whole % 60)
