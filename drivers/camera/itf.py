"""Makes sure of an ITF code: a line that crosses it aslant reads a shorter number without any sign of it.

Any part of an ITF code that begins and ends on white looks like a whole one, so the code is read again with its bars
upright, and the longest reading must be quiet at both ends. (Measured on tilted codes: a third of plain reads were
short, with either engine, and two equal reads did not help.)
"""

from collections.abc import Sequence

from drivers.camera.engines import Engine
from drivers.camera.quiet import is_quiet_beside
from drivers.camera.reading import Gray, Read, moved, overlap
from drivers.camera.variants import straightened

_ROUNDS = 2
"""The first reading may be one thin line; its second, longer one gives the angle of the bars exactly."""


def whole(gray: Gray, read: Read, engines: Sequence[Engine]) -> Read | None:
    """Give the whole code of which `read` is perhaps a part; None when that cannot be made sure of."""
    best, quiet = read, False
    for _ in range(_ROUNDS):
        upright = straightened(gray, best.points)
        if upright is None:
            return None
        again = [one for engine in engines for one in engine(upright.gray, frozenset({"ITF"}))]
        there = [(one, moved(one, upright.back)) for one in again]
        there = [(one, back) for one, back in there if overlap(back, read)]
        if not there:
            return None
        seen, best = max(there, key=lambda pair: (len(pair[0].text), _height(pair[0])))
        quiet = is_quiet_beside(upright.gray, seen)
    return best if quiet and len(best.text) >= len(read.text) else None


def _height(read: Read) -> float:
    ys = [y for _, y in read.points]
    return max(ys) - min(ys)
