"""Reads a still picture with more effort than a frame gets - and lets no later effort add a text that is not there.

zxing-cpp as the picture stands comes first and is believed, but for what it is known to misread: an ITF code scanned
aslant gives a shorter number, stripes may pass for an EAN, and a damaged PDF417 may give plausible rubbish. A linear
code found later needs two looks that agree; the bars themselves, averaged, are looked at before any other effort.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from drivers.camera import itf, variants
from drivers.camera.engines import Engine, zxing
from drivers.camera.quiet import stands_alone
from drivers.camera.reading import LINEAR, SYMBOLOGIES, Gray, Read, Symbology, moved, overlap
from drivers.camera.restored import read_halves

BUDGET_S = 2.0
"""After so long no further look is begun; a person waits for the answer."""
DEAR_PIXELS = 3_000_000
"""The first look is at the picture itself; the others, of which there are many, at no more pixels than these."""
FINENESS = (640, 1600)
"""Widths at which bars are looked for: large faint ones, and small ones in a large picture."""
SURE_SPARE = 0.3
"""With less of its error correction left, a matrix code counts only when another look agrees."""


@dataclass
class Ballot:
    """What has been seen so far: accepted reads, and those that still lack a second look."""

    accepted: list[Read] = field(default_factory=list)
    doubtful: list[tuple[str, Read]] = field(default_factory=list)

    @property
    def settled(self) -> bool:
        """There is an answer, and no open question."""
        return bool(self.accepted) and not self.doubtful

    def trust(self, read: Read) -> None:
        """Accept a read, unless its place is taken."""
        if not any(overlap(read, other) for other in self.accepted):
            self.accepted.append(read)
            self._close(read)

    def weigh(self, read: Read, look: str) -> None:
        """Count a read as the vote of one look; an equal one of the same place by another look makes it accepted."""
        if any(overlap(read, other) for other in self.accepted):
            return
        if any(look != earlier and _same(read, other) for earlier, other in self.doubtful):
            self.accepted.append(read)
            self._close(read)
        else:
            self.doubtful.append((look, read))

    def _close(self, read: Read) -> None:
        self.doubtful = [(look, other) for look, other in self.doubtful if not overlap(read, other)]


def read_still(
    gray: Gray,
    second: Engine | None,
    wanted: frozenset[Symbology] = SYMBOLOGIES,
    budget_s: float = BUDGET_S,
    monotonic: Callable[[], float] = time.monotonic,
) -> list[Read]:
    """Read the codes of a still picture, top to bottom; `second` is zbar where there is one."""
    end = monotonic() + budget_s
    ballot = Ballot()
    engines: dict[str, Engine] = {"zxing": zxing} | ({"zbar": second} if second is not None else {})
    whole = list(engines.values())
    for read in _sure_of_itf(gray, zxing(gray, wanted), whole):
        if read.spare < SURE_SPARE or (read.symbology == "EAN13" and not stands_alone(gray, read)):
            ballot.weigh(read, "first")
        else:
            ballot.trust(read)
    base = variants.coarse(gray, DEAR_PIXELS)
    if second is not None:
        _look(ballot, base, "zbar", _alone(base.gray, _sure_of_itf(base.gray, second(base.gray, wanted), whole)))
    for width in FINENESS:
        if ballot.settled or monotonic() >= end:
            break
        for half, reads in zip(("upper", "lower"), read_halves(base.gray, wanted, width), strict=True):
            for read in reads:
                ballot.weigh(moved(read, base.back), f"{half} halves of bars {width} wide")
    looks = variants.ladder(base.gray)
    while not ballot.settled and monotonic() < end and (look := next(looks, None)) is not None:
        variant = variants.after(base, look)
        for name, engine in engines.items():
            found = _sure_of_itf(variant.gray, engine(variant.gray, wanted), whole)
            _look(ballot, variant, name, _alone(variant.gray, found))
    return sorted(ballot.accepted, key=lambda read: (read.centre[1], read.centre[0]))


def _look(ballot: Ballot, variant: variants.Variant, engine: str, reads: list[Read]) -> None:
    for read in reads:
        found = moved(read, variant.back)
        if (found.symbology in LINEAR and found.symbology != "ITF") or found.spare < SURE_SPARE:
            ballot.weigh(found, f"{variant.name}, {engine}")
        else:
            ballot.trust(found)


def _sure_of_itf(gray: Gray, reads: list[Read], engines: list[Engine]) -> list[Read]:
    """The same reads, ITF ones only as far as they are whole."""
    whole = (itf.whole(gray, read, engines) if read.symbology == "ITF" else read for read in reads)
    return [read for read in whole if read is not None]


def _alone(gray: Gray, reads: list[Read]) -> list[Read]:
    """The same reads without EANs among stripes: two looks at the same stripes agree all too easily."""
    return [read for read in reads if read.symbology != "EAN13" or stands_alone(gray, read)]


def _same(one: Read, other: Read) -> bool:
    return one.symbology == other.symbology and one.text == other.text and overlap(one, other)
