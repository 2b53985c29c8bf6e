"""Starts the machine anew without turning a citizen away: nobody begins before, and core ends before it is ordered."""

import time
from collections.abc import Callable
from pathlib import Path

from kiosk.core.events import RestartDue
from kiosk.core.state import Closed
from kiosk.engine.engine import Engine
from kiosk.ops.machine import switch

QUIET_S = 3.0
"""How long the engine may take to answer that nobody begins anything any more."""
GOES_DOWN_S = 8.0
"""How long systemd may take to end this process for a restart of the machine; the unit's own patience is 10 s."""


def nobody_begins(engine: Engine) -> bool:
    """Let nobody begin any more, and say whether nobody has: between this and the restart no citizen can come."""
    end = time.monotonic() + QUIET_S
    if not engine.occupied:
        engine.post(RestartDue())
        while not isinstance(engine.state.page, Closed) and time.monotonic() < end:
            time.sleep(0.02)
    return isinstance(engine.state.page, Closed)


def reboot(state: Path, ended: Callable[[], bool]) -> None:
    """Order it when everything is closed, and wait for the end: a core that ended at once would be started again."""
    switch(state, "reboot")
    end = time.monotonic() + GOES_DOWN_S
    while not ended() and time.monotonic() < end:
        time.sleep(0.1)
