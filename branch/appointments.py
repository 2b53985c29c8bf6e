"""PURE: appointments as they are imported, and when somebody who holds one may check in."""

import csv
import io
import re
from dataclasses import dataclass
from datetime import datetime

from branch.moment import ZONE, date_of, to_ms
from kiosk.domain.visit import Arrival

COLUMNS = ("number", "service", "starts_at")
MOST_ROWS = 5000
_NUMBER = re.compile(r"[A-Z0-9-]{4,24}")


@dataclass(frozen=True, slots=True)
class Booking:
    """One appointment: a number that its holder knows, and nothing about the holder."""

    number: str
    service: str
    starts_ms: int


@dataclass(frozen=True, slots=True)
class Windows:
    """How early and how late one may come, in minutes."""

    early: int = 15
    late: int = 15

    def arrival(self, starts_ms: int, now_ms: int) -> Arrival:
        """How somebody arrives who checks in now."""
        if date_of(starts_ms) != date_of(now_ms):
            return "another-day"
        if now_ms < starts_ms - self.early * 60_000:
            return "early"
        return "late" if now_ms > starts_ms + self.late * 60_000 else "on-time"


def read_number(text: str) -> str:
    """The number as it is kept: capitals, no blanks; ValueError where it cannot be one."""
    number = "".join(text.split()).upper()
    if not _NUMBER.fullmatch(number):
        raise ValueError("a number has 4 to 24 letters, digits or dashes")
    return number


def read_csv(text: str, services: frozenset[str]) -> tuple[list[Booking], list[tuple[int, str]]]:
    """The bookings of a CSV file with the columns number, service, starts_at; and what is wrong, by line.

    A time without a zone is Shanghai's. Other columns are not looked at, so that a list with names leaves them behind.
    """
    rows = csv.DictReader(io.StringIO(text.lstrip("\ufeff")))
    missing = [name for name in COLUMNS if name not in (rows.fieldnames or [])]
    if missing:
        return [], [(1, f"the columns {', '.join(missing)} are missing; the first line names them")]
    good: list[Booking] = []
    wrong: list[tuple[int, str]] = []
    for line, row in enumerate(rows, 2):
        if line > MOST_ROWS + 1:
            wrong.append((line, f"only {MOST_ROWS} lines are taken at a time"))
            break
        try:
            good.append(_booking(row, services))
        except ValueError as error:
            wrong.append((line, str(error)))
    return good, wrong


def _booking(row: dict[str, str | None], services: frozenset[str]) -> Booking:
    service = (row["service"] or "").strip()
    if service not in services:
        raise ValueError("this service is not offered here")
    try:
        starts = datetime.fromisoformat((row["starts_at"] or "").strip())
    except ValueError as error:
        raise ValueError("starts_at is no time like 2026-11-23T10:30") from error
    return Booking(
        read_number(row["number"] or ""), service, to_ms(starts if starts.tzinfo else starts.replace(tzinfo=ZONE))
    )
