"""Lamps and a beeper, each an LED of the kernel's with a meaning: lit while the meaning holds, or for a moment only."""

import re
import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from drivers.device import BadAddress, LineLost
from drivers.fittings.files import number, put

LONGEST_S = 2.0
"""A beep that lasts longer annoys the hall, and holds up the other lamps."""
_WIRE = re.compile(r"([a-z]+)=(/[^\s?\0]+)(?:\?pulse=(\d+(?:\.\d+)?))?")
RIGHT = "it looks like scan=/sys/class/leds/kiosk-scan or left=/sys/class/leds/kiosk-beeper?pulse=0.3"


@dataclass(frozen=True)
class Wire:
    """What makes an LED shine; `pulse_s` is how long it shines at most, 0 for as long as the meaning holds."""

    meaning: str
    folder: Path
    pulse_s: float = 0.0


def wires(pairs: Iterable[str], known: Collection[str]) -> tuple[Wire, ...]:
    """Read settings like `scan=/sys/class/leds/kiosk-scan`; BadAddress says which is wrong."""
    found = []
    for pair in pairs:
        read = _WIRE.fullmatch(pair)
        if read is None:
            raise BadAddress(f"{pair!r:.80} is no lamp; {RIGHT}")
        meaning, folder, pulse = read.groups()
        if meaning not in known:
            raise BadAddress(f"a lamp cannot mean {meaning!r:.20}; known are {', '.join(sorted(known))}")
        if float(pulse or 0) > LONGEST_S:
            raise BadAddress(f"{pair!r:.80}: a pulse lasts {LONGEST_S:g} s at most")
        found.append(Wire(meaning, Path(folder), float(pulse or 0)))
    return tuple(found)


class Lamps:
    """All lamps of a kiosk. Two meanings may share an LED: it shines while either holds."""

    def __init__(self, wired: Collection[Wire], sleep: Callable[[float], None] = time.sleep) -> None:
        self._wired = tuple(wired)
        self._sleep = sleep
        self._lit: frozenset[str] = frozenset()

    def show(self, lit: Collection[str]) -> None:
        """Light the lamps of these meanings and no other; LineLost names one that cannot be reached, after the rest."""
        before, self._lit = self._lit, frozenset(lit)
        lost: LineLost | None = None
        shining: dict[Path, bool] = {}
        beeps = [wire for wire in self._wired if wire.pulse_s and wire.meaning in self._lit - before]
        for wire in self._wired:
            steady = not wire.pulse_s and wire.meaning in self._lit
            shining[wire.folder] = shining.get(wire.folder, False) or steady
        for folder, on in (*shining.items(), *((wire.folder, True) for wire in beeps)):
            try:
                self._put(folder, on=on)
            except LineLost as error:
                lost = error
        if beeps:
            self._sleep(max(wire.pulse_s for wire in beeps))
            for wire in beeps:
                try:
                    self._put(wire.folder, on=shining[wire.folder])
                except LineLost as error:
                    lost = error
        if lost is not None:
            raise lost

    def _put(self, folder: Path, *, on: bool) -> None:
        put(folder / "brightness", number(folder / "max_brightness") if on else 0)


def why_not(pairs: Iterable[str], known: Collection[str]) -> str:
    """Why the lamps cannot be lit, with the remedy; empty where all can."""
    try:
        for wire in wires(pairs, known):
            put(wire.folder / "brightness", number(wire.folder / "brightness"))
    except (BadAddress, LineLost) as error:
        return str(error)
    return ""
