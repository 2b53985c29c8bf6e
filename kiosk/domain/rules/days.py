"""Reckoning with dates as the regulations do: months and years by the calendar, both ends of a window inside it."""

from calendar import monthrange
from datetime import date


def add_months(day: date, months: int) -> date:
    """Give the same day some months later or earlier; where that month is too short, its last day."""
    month = day.year * 12 + day.month - 1 + months
    year, index = divmod(month, 12)
    if not 1 <= year <= 9999:
        return date.max if year > 9999 else date.min
    if day.day <= 28:
        return date(year, index + 1, day.day)
    return date(year, index + 1, min(day.day, monthrange(year, index + 1)[1]))


def birthday(born: date, age: int) -> date:
    """Give the day on which somebody reaches an age; born on 29 February, it is 28 February in a common year."""
    return add_months(born, age * 12)


def age_on(born: date, day: date) -> int:
    """Give the age in full years on a day."""
    return day.year - born.year - (day < birthday(born, day.year - born.year))
