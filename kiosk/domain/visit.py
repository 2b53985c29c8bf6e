"""What the hub says of a visit: the ticket whose slip somebody holds."""

from dataclasses import dataclass

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
