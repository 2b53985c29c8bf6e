"""Reads linear codes that no engine reads as they stand, from the bars themselves; more certain than it looks.

What is read this way has been averaged over all its rows, so it is never a line that crosses the code aslant. Where the
drawings of one line give different texts, none of them counts.
"""

import numpy as np
from numpy.typing import NDArray

from drivers.camera.bars import Band, find
from drivers.camera.engines import zxing_quick
from drivers.camera.profile import FINE, PER_PIXEL, QUIET, Line, drawn, lines_of
from drivers.camera.quiet import modules
from drivers.camera.reading import LINEAR, Gray, Read, Symbology, clockwise, quad

_QUIET_MODULES = 6
_QUIET_SHARE = 0.4
"""How much the brightness beside the code may vary, against that within it."""


def read_bars(gray: Gray, wanted: frozenset[Symbology]) -> list[Read]:
    """Read the code at the likeliest place of a frame: at most one, in a few milliseconds."""
    linear = wanted & LINEAR
    bands = find(gray, 1) if linear else []
    return [read for band in bands for line in lines_of(gray, band) for read in _read(line, band, linear)]


def read_halves(gray: Gray, wanted: frozenset[Symbology], width: int, most: int = 3) -> tuple[list[Read], list[Read]]:
    """Read the codes at several places of a picture, once by their upper halves and once by their lower ones.

    The two have noise of their own, so what both say is not chance. `width` is how finely bars are looked for.
    """
    linear = wanted & LINEAR
    halves: tuple[list[Read], list[Read]] = ([], [])
    for band in find(gray, most, width) if linear else []:
        for half, line in zip(halves, lines_of(gray, band, 2), strict=False):
            half.extend(_read(line, band, linear))
    return halves


def _read(line: Line, band: Band, wanted: frozenset[Symbology]) -> list[Read]:
    sheet = drawn(line)
    found = zxing_quick(sheet, wanted)
    if len({(read.symbology, read.text) for read in found}) != 1:
        return []
    return [_placed(read, band) for read in found[:1] if _is_whole(line, read)]


def _is_whole(line: Line, read: Read) -> bool:
    """Say whether it is quiet on both sides, where the symbology has no other proof of being whole."""
    if read.symbology not in ("ITF", "EAN13"):
        return True
    columns = np.array([x for x, _ in read.points])
    left, right = (columns.min() - QUIET) / FINE, (columns.max() - QUIET) / FINE
    module = (right - left) / modules(read)
    reach, edge = max(3, round(_QUIET_MODULES * module)), max(1, round(1.5 * module))
    before = line[max(0, round(left) - edge - reach) : max(0, round(left) - edge)]
    after = line[round(right) + edge : round(right) + edge + reach]
    inside = float(np.std(line[max(0, round(left)) : round(right)]))
    return all(side.size >= reach // 2 and float(np.std(side)) < _QUIET_SHARE * inside for side in (before, after))


def _placed(read: Read, band: Band) -> Read:
    """The same read with its corners in the frame."""
    points = np.array(read.points)
    along = (points[:, 0] - QUIET) / FINE / PER_PIXEL - band.half_length
    down = np.where(points[:, 1] < points[:, 1].mean(), -band.half_height, band.half_height)
    cos, sin = np.cos(band.across), np.sin(band.across)
    corners: NDArray[np.float64] = np.stack(
        [band.x + along * cos - down * sin, band.y + along * sin + down * cos], axis=1
    )
    return Read(read.symbology, read.data, read.text, clockwise(quad(corners)))
