"""Whether it is quiet beside a linear code, as it must be: where stripes go on, the code is a part or chance."""

import numpy as np

from drivers.camera.reading import Gray, Read, moved
from drivers.camera.variants import straightened

_QUIET_MODULES = 8
_QUIET_SHARE = 0.4
"""How much the brightness beside the code may vary, against that within it."""


def modules(read: Read) -> int:
    """About how many narrow bars the code is long."""
    return 95 if read.symbology == "EAN13" else 9 * len(read.text) + 9


def is_quiet_beside(gray: Gray, read: Read) -> bool:
    """Say so of a code that lies level in the picture. The margin may be cut off where the picture ends, on one side.

    A code from edge to edge is a piece of stripes that go on outside: nothing shows where it begins or ends.
    """
    xs, ys = [x for x, _ in read.points], [y for _, y in read.points]
    left, right, middle = min(xs), max(xs), sum(ys) / 4
    module = (right - left) / modules(read)
    reach = max(2, round(_QUIET_MODULES * module))
    half = max(1, round(2 * module))
    row = gray[max(0, round(middle) - half) : round(middle) + half + 1].mean(axis=0)
    edge = max(1, round(module))
    before = row[max(0, round(left) - edge - reach) : max(0, round(left) - edge)]
    after = row[round(right) + edge : round(right) + edge + reach]
    inside = float(np.std(row[max(0, round(left)) : round(right)]))
    if max(len(before), len(after)) < 2 * module:
        return False
    return all(len(side) < 2 or float(np.std(side)) < _QUIET_SHARE * inside for side in (before, after))


def stands_alone(gray: Gray, read: Read) -> bool:
    """Say whether a linear code, lying anyhow, is quiet at both ends; False where its bars give no direction."""
    upright = straightened(gray, read.points)
    if upright is None:
        return False
    forth = np.linalg.inv(np.vstack([upright.back, [0.0, 0.0, 1.0]]))[:2]
    return is_quiet_beside(upright.gray, moved(read, forth))
