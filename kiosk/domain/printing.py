"""What became of one print: out, certainly not, or unknown - three answers, and none of them is a guess."""

from dataclasses import dataclass
from typing import Literal

from kiosk.domain.health import Health

Confirmation = Literal["process-id", "barrier", "status"]


@dataclass(frozen=True)
class Printed:
    """The paper is out: the printer said so after the last byte. `confirmed` tells how it is known."""

    confirmed: Confirmation


@dataclass(frozen=True)
class NotPrinted:
    """Certainly no paper was handed over: the cut was never sent, and what hangs at the printer will be marked void."""

    health: Health


@dataclass(frozen=True)
class PrintUnknown:
    """Bytes went out and no answer settles what became of them."""

    health: Health


PrintOutcome = Printed | NotPrinted | PrintUnknown
