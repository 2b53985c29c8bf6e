"""What a decoder read in a picture: symbology, bytes, text and where; and the geometry of that "where"."""

from dataclasses import dataclass, field
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

Gray = NDArray[np.uint8]
"""A picture in grey levels, rows by columns."""
Symbology = Literal["Code128", "Code39", "ITF", "EAN13", "QRCode", "DataMatrix", "PDF417", "Aztec"]
SYMBOLOGIES: frozenset[Symbology] = frozenset(get_args(Symbology))
LINEAR: frozenset[Symbology] = frozenset({"Code128", "Code39", "ITF", "EAN13"})
Point = tuple[float, float]
Quad = tuple[Point, Point, Point, Point]


@dataclass(frozen=True)
class Read:
    """One code. `points` in pixels, clockwise in the picture, from the code's own top left. Content stays out of repr.

    `spare` is the share of error correction left over where the symbology has any, else 1; below about a third the
    text may be a lucky guess.
    """

    symbology: Symbology
    data: bytes = field(repr=False)
    text: str = field(repr=False)
    points: Quad
    spare: float = 1.0

    @property
    def centre(self) -> Point:
        """The middle of the code."""
        return sum(x for x, _ in self.points) / 4, sum(y for _, y in self.points) / 4


def quad(points: NDArray[np.floating]) -> Quad:
    """Make a Quad of a 4 x 2 array."""
    a, b, c, d = ((float(x), float(y)) for x, y in points)
    return a, b, c, d


def clockwise(points: Quad) -> Quad:
    """Turn a quad whose rows are upside down: zxing names the rows of a linear code by the picture, not by the code."""
    (ax, ay), (bx, by), _, (dx, dy) = points
    if (bx - ax) * (dy - ay) - (by - ay) * (dx - ax) >= 0:
        return points
    return points[3], points[2], points[1], points[0]


def overlap(one: Read, other: Read) -> bool:
    """Say whether two reads are of the same code: the middle of one lies in the other's box, with a little margin."""
    return _covers(one, other.centre) or _covers(other, one.centre)


def moved(read: Read, matrix: NDArray[np.float64]) -> Read:
    """The same read in another picture's pixels, by a 2 x 3 affine matrix."""
    points = np.array(read.points) @ matrix[:, :2].T + matrix[:, 2]
    return Read(read.symbology, read.data, read.text, quad(points), read.spare)


def _covers(read: Read, point: Point) -> bool:
    xs, ys = [x for x, _ in read.points], [y for _, y in read.points]
    margin = 0.1 * max(max(xs) - min(xs), max(ys) - min(ys), 1.0)
    return min(xs) - margin <= point[0] <= max(xs) + margin and min(ys) - margin <= point[1] <= max(ys) + margin
