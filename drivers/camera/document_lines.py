"""Lines and corners in a picture's plane."""

import numpy as np
from numpy.typing import NDArray

Corners = NDArray[np.float64]
"""Points as rows of (x, y)."""


def crossing(
    one: tuple[NDArray[np.float64], NDArray[np.float64]], other: tuple[NDArray[np.float64], NDArray[np.float64]]
) -> NDArray[np.float64] | None:
    """Where two lines, each through two points, cross."""
    a, b = one[1] - one[0], other[1] - other[0]
    cross = float(a[0] * b[1] - a[1] * b[0])
    if abs(cross) < 1e-6 * float(np.linalg.norm(a) * np.linalg.norm(b)):
        return None
    away = other[0] - one[0]
    return np.asarray(one[0] + a * float(away[0] * b[1] - away[1] * b[0]) / cross, dtype=np.float64)


def angles(corners: Corners) -> list[float]:
    """The inner angle at each corner, in degrees."""
    found = []
    for at in range(4):
        a, b = corners[at - 1] - corners[at], corners[(at + 1) % 4] - corners[at]
        cosine = float(a @ b) / max(1e-6, float(np.linalg.norm(a) * np.linalg.norm(b)))
        found.append(float(np.degrees(np.arccos(np.clip(cosine, -1, 1)))))
    return found


def clockwise(corners: Corners) -> Corners:
    """Four corners clockwise in the picture, the one nearest to its top left first."""
    middle = corners.mean(axis=0)
    ordered = corners[np.argsort(np.arctan2(corners[:, 1] - middle[1], corners[:, 0] - middle[0]))]
    return np.asarray(np.roll(ordered, -int(np.argmin(ordered.sum(axis=1))), axis=0), dtype=np.float64)
