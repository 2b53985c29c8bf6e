"""Working days in China, moved ones included, from the holidays library's calendar."""

from datetime import date, timedelta

from holidays.countries.china import China


class WorkingDays:
    """Counts working days. A year whose calendar the State Council has not yet announced is the library's estimate."""

    def __init__(self) -> None:
        self._calendar = China()  # type: ignore[no-untyped-call]
        self._known: dict[date, bool] = {}

    def is_working_day(self, day: date) -> bool:
        """Say whether offices work on a day: a Saturday that makes up for a holiday counts, the holiday does not."""
        known = self._known.get(day)
        if known is None:
            known = self._known[day] = bool(self._calendar.is_working_day(day))
        return known

    def after(self, start: date, count: int) -> date:
        """Give the last day of a limit of `count` working days, the day of the request not counted; 0 is that day."""
        day = start
        while count > 0:
            day += timedelta(days=1)
            count -= self.is_working_day(day)
        return day
