"""Watches the board while the kiosk runs: its heat and its supply, as far as the machine lets itself be read."""

import logging
import time
from collections.abc import Callable
from pathlib import Path

from kiosk.domain.health import Health, Overheated, Ready, UnderVoltage, Unknown, word

HOT_CELSIUS = 80.0
"""From here on a Raspberry Pi slows itself down."""
COOL_CELSIUS = 75.0
"""It has to come down to this before it is no longer called hot, or the news would come every minute."""
COLDEST, WARMEST = -60.0, 150.0
"""Degrees; what is beyond comes from a sensor that is broken or not connected."""
SAG_HOLD_S = 60.0
"""How long a sag of the supply is told: the kernel forgets it after two seconds, and nobody looks that often."""
REMEDIES = {
    "overheated": "clear the vents, check the fan, keep it out of the sun",
    "under-voltage": "use the board's own power supply and a short cable; feed the printer separately",
}

_log = logging.getLogger(__name__)


def celsius(root: Path = Path("/")) -> float | None:
    """The warmest of the board's sensors; None where it has none."""
    readings = [number(file) for file in root.glob("sys/class/thermal/thermal_zone*/temp")]
    known = [reading / 1000 for reading in readings if reading is not None and COLDEST <= reading / 1000 <= WARMEST]
    return max(known) if known else None


def sagging(root: Path = Path("/")) -> bool | None:
    """Whether the supply is too low now; None where the board cannot tell.

    The Raspberry Pi's driver raspberrypi-hwmon asks the firmware every two seconds and makes it forget each time, so
    the alarm is of these two seconds alone, not of the time since the start.
    """
    for folder in root.glob("sys/class/hwmon/hwmon*"):
        if text(folder / "name") == "rpi_volt":
            alarm = number(folder / "in0_lcrit_alarm")
            return None if alarm is None else bool(alarm)
    return None


class BoardWatch:
    """Satisfies the engine's Board. Ask it once a second; each edge is logged once, with the remedy."""

    def __init__(self, root: Path = Path("/"), monotonic: Callable[[], float] = time.monotonic) -> None:
        self._root = root
        self._monotonic = monotonic
        self._hot = False
        self._sagged: float | None = None
        self._health: Health = Unknown()

    @property
    def there(self) -> bool:
        """Whether this machine can be watched at all."""
        return celsius(self._root) is not None or sagging(self._root) is not None

    def health(self) -> Health:
        """Ready, Overheated or UnderVoltage, the supply first; Unknown where neither can be read any more."""
        health = self._judged(celsius(self._root), sagging(self._root))
        if health != self._health:
            name = word(health)
            if name in REMEDIES:
                _log.warning("board: %s; %s", name, REMEDIES[name])
            elif word(self._health) in REMEDIES:
                _log.info("board: well again")
            self._health = health
        return health

    def _judged(self, warmth: float | None, sags: bool | None) -> Health:
        if sags:
            self._sagged = self._monotonic()
        if self._sagged is not None and self._monotonic() - self._sagged < SAG_HOLD_S:
            return UnderVoltage()
        if warmth is not None:
            self._hot = warmth >= (COOL_CELSIUS if self._hot else HOT_CELSIUS)
            return Overheated() if self._hot else Ready()
        return Unknown() if sags is None else Ready()


def text(file: Path) -> str:
    """What stands in a small file of the kernel's; empty where there is none."""
    try:
        return file.read_text("ascii", "replace").strip()
    except OSError:
        return ""


def number(file: Path) -> int | None:
    """The number in such a file; None where there is none."""
    try:
        return int(text(file))
    except ValueError:
        return None
