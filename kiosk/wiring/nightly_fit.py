"""Every night a short process of its own fits the waits anew from the branch's log; the hub itself only multiplies."""

import logging
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from datetime import datetime

from branch.moment import from_ms, to_ms

logger = logging.getLogger(__name__)

HOURS = range(2, 5)
LOOK_S = 300.0
FIT_S = 900.0


class NightlyFit:
    """Starts the process once a night, between two and five; a hub that was off then goes on with its last model."""

    def __init__(self, command: Sequence[str], now: Callable[[], datetime]) -> None:
        self._command = [sys.executable, "-m", "kiosk", *command]
        self._now = now
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="nightly-fit", daemon=True)
        self._done = ""

    def start(self) -> None:
        """Begin to watch the clock."""
        self._thread.start()

    def stop(self) -> None:
        """Watch no longer; a fit that runs is left to end by itself."""
        self._over.set()

    def look(self) -> bool:
        """Fit where it is time; say whether it was."""
        now = from_ms(to_ms(self._now()))
        if now.hour not in HOURS or self._done == now.date().isoformat():
            return False
        self._done = now.date().isoformat()
        try:
            subprocess.run(self._command, capture_output=True, timeout=FIT_S, check=True)  # noqa: S603 - our own
        except (OSError, subprocess.SubprocessError) as error:
            logger.warning("wait-fit-failed %s; run `kiosk branch refit` by hand to see why", type(error).__name__)
        return True

    def _run(self) -> None:
        while not self._over.wait(LOOK_S):
            self.look()
