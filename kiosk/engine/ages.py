"""How long something has waited, when the wall clock may be years off: pure rules about time that can be believed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

PLAUSIBLE = timedelta(days=30)
"""No kiosk is switched off for longer with a request waiting; a clock that says so is wrong until the centre agrees."""


@dataclass(frozen=True)
class Up:
    """Seconds since the machine started, and which start that was: time that nobody can set."""

    boot: str
    seconds: float


def waited_s(since: datetime, now: datetime, since_up: Up | None, now_up: Up | None, *, trusted: bool = False) -> float:
    """Seconds between two moments, never less than none.

    Within one start of the machine only its own seconds count, whatever the wall clock does. Across a restart the
    wall clock is all there is: it is believed unless it went back, or forward by more than is plausible; `trusted`
    means that the centre's clock agrees with it.
    """
    if since_up is not None and now_up is not None and since_up.boot and since_up.boot == now_up.boot:
        return max(0.0, now_up.seconds - since_up.seconds)
    wall = (now - since).total_seconds()
    lived = now_up.seconds if now_up is not None else 0.0
    if wall < 0:
        return lived if now_up is not None else 0.0
    if wall - lived > PLAUSIBLE.total_seconds() and not trusted:
        return lived
    return wall
