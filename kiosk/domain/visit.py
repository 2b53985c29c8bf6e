"""What the hub says of a visit: the ticket whose slip somebody holds, or the appointment that she has."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from kiosk.domain.ticket import TicketState

LEVELS = (5, 4, 3, 2, 1)
"""好差评: 非常满意, 满意, 基本满意, 不满意, 非常不满意 (the State Council's five levels), the best first."""


@dataclass(frozen=True)
class Slip:
    """Today's ticket behind a slip; the wait in seconds. `may`: what its holder may do: cancel, rejoin, rate."""

    id: str
    label: str
    service: str
    state: TicketState
    counter: int | None = None
    ahead: int | None = None
    low_s: int | None = None
    high_s: int | None = None
    may: frozenset[str] = frozenset()


Arrival = Literal["early", "on-time", "late", "another-day"]
PREFIX = "appointment:"
"""With this before it, a code is an appointment's number, whatever else it looks like."""
_NUMBER = re.compile(r"(?=.*[0-9])[A-Z0-9-]{4,24}")


@dataclass(frozen=True)
class Appointment:
    """What is booked, how somebody arrives who checks in now, from when on she may, and whether she has already."""

    number: str
    service: str
    starts_at: datetime
    opens_at: datetime
    arrival: Arrival
    used: bool = False


@dataclass(frozen=True)
class Booking:
    """The appointment that a ticket is asked for by."""

    number: str
    starts_at: datetime


def booking_number(text: str) -> str:
    """The number of an appointment as it is kept, or empty where the text cannot be one."""
    number = text.strip().removeprefix(PREFIX).upper()
    return number if _NUMBER.fullmatch(number) else ""
