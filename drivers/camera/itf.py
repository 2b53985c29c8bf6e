"""Makes sure of an ITF code: a line that crosses it aslant reads a shorter number without any sign of it.

Any part of an ITF code that begins and ends on white looks like a whole one, so the code is read again with its bars
upright, and the longest reading must be quiet at both ends. (Measured on tilted codes: a third of plain reads were
short, with either engine, and two equal reads did not help.)
"""

from collections.abc import Sequence

import numpy as np

from drivers.camera.engines import Engine
from drivers.camera.reading import Gray, Read, moved, overlap
from drivers.camera.variants import straightened

_ROUNDS = 2
"""The first reading may be one thin line; its second, longer one gives the angle of the bars exactly."""
_QUIET_MODULES = 8
_QUIET_SHARE = 0.4
"""How much the brightness beside the code may vary, against that within it."""


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
        quiet = _is_quiet_beside(upright.gray, seen)
    return best if quiet and len(best.text) >= len(read.text) else None


def _height(read: Read) -> float:
    ys = [y for _, y in read.points]
    return max(ys) - min(ys)


def _is_quiet_beside(gray: Gray, read: Read) -> bool:
    xs, ys = [x for x, _ in read.points], [y for _, y in read.points]
    left, right, middle = min(xs), max(xs), sum(ys) / 4
    module = (right - left) / (9 * len(read.text) + 9)
    reach = max(2, round(_QUIET_MODULES * module))
    half = max(1, round(2 * module))
    top, bottom = max(0, round(middle) - half), round(middle) + half + 1
    row = gray[top:bottom].mean(axis=0)
    edge = max(1, round(module))
    before = row[max(0, round(left) - edge - reach) : max(0, round(left) - edge)]
    after = row[round(right) + edge : round(right) + edge + reach]
    inside = float(np.std(row[max(0, round(left)) : round(right)]))
    return all(len(side) < 2 or float(np.std(side)) < _QUIET_SHARE * inside for side in (before, after))
