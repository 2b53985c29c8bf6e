"""The pages about a visit that has a number already: where it stands, the number typed, a rating."""

from dataclasses import dataclass, field
from typing import Literal

from kiosk.domain.visit import Appointment, Slip

Stands = Literal["asking", "known", "unknown", "away"]
Did = Literal["", "give-back", "rejoin"]


@dataclass(frozen=True)
class SlipPage:
    """Her slip's place in the queue. `sure`: she is asked whether to give the number back; `did`: what she ordered."""

    code: str = field(repr=False)
    stands: Stands = "asking"
    slip: Slip | None = None
    sure: bool = False
    did: Did = ""


@dataclass(frozen=True)
class NumberPage:
    """She types the number on her slip, or that of her appointment."""

    typed: str = ""
    problem: str = ""


@dataclass(frozen=True)
class RatingPage:
    """Five levels, asked once after a visit; `level` is what she chose while it is on its way."""

    slip: Slip
    level: int | None = None
    problem: Literal["", "away"] = ""


@dataclass(frozen=True)
class BookingPage:
    """Her appointment, by its number; `typed`: not scanned, so that an unknown one is said to be that."""

    number: str
    typed: bool = False
    stands: Stands = "asking"
    appointment: Appointment | None = None


@dataclass(frozen=True)
class NeedsPage:
    """What would help her at the counter; it rides with the ticket for `service` and changes no order."""

    service: str


VisitPage = SlipPage | NumberPage | RatingPage | BookingPage | NeedsPage
