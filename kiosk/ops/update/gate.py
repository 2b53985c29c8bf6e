"""The gate of a trial: the kiosk has to show every sign that it showed before, within three minutes."""

from collections.abc import Callable
from datetime import timedelta

from kiosk.domain.update import Healthy, Unhealthy
from kiosk.ops.update.signs import Look, lacking

PATIENCE = timedelta(seconds=180)
AGAIN_S = 5.0
HOLDS = 3
"""So many looks one after the other have to be good: a core that falls after ten seconds is not good."""


def gate(
    before: tuple[str, ...],
    look: Callable[[], Look],
    monotonic: Callable[[], float],
    sleep: Callable[[float], None],
) -> Healthy | Unhealthy:
    """Look until it has been good for a while; Unhealthy says what was lacking at the end."""
    end = monotonic() + PATIENCE.total_seconds()
    good = 0
    while True:
        missing = lacking(before, look())
        good = 0 if missing else good + 1
        if good >= HOLDS:
            return Healthy()
        if monotonic() >= end:
            return Unhealthy(missing or "it was well only at the very end")
        sleep(AGAIN_S)
