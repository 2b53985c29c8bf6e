"""The pages about a visit that has a number already: where it stands, the number typed, a rating."""

from dataclasses import dataclass, field
from typing import Literal

from kiosk.domain.visit import Slip

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
    """She types the number that stands on her slip."""

    typed: str = ""
    problem: str = ""


@dataclass(frozen=True)
class RatingPage:
    """Five levels, asked once after a visit; `level` is what she chose while it is on its way."""

    slip: Slip
    level: int | None = None
    problem: Literal["", "away"] = ""


VisitPage = SlipPage | NumberPage | RatingPage
