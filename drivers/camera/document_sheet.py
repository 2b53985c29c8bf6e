"""Finds the sheet of paper in a frame: several ways to part it from the table, and one way to judge its four sides."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.camera.document_lines import Corners, angles, clockwise, crossing
from drivers.camera.document_parting import LEAST_AREA, masks, quads

Colour = NDArray[np.uint8]

WORKING = 640
"""Pixels of the longer side in which the sheet is looked for; its corners are refined in the frame itself."""
_AT_EDGE = 0.006
"""Share of the frame's longer side; nearer to the frame's edge, a side of the sheet is that edge."""
_ONE_TINT = 9.0
"""Lab levels of colour by which the margins of one sheet differ at most; light and shadow change only its lightness."""
_APART = 1.5
"""Lab levels by which a sheet's margin differs from the table at least."""
_SUPPORT = 0.62
"""Share of a side's length on which an edge must be seen."""


@dataclass(frozen=True)
class Sheet:
    """Corners in the frame's pixels, clockwise, the first one top left. `cut`: part of it lies outside the frame."""

    corners: Corners
    cut: bool


def find(frame: Colour) -> Sheet | None:
    """Find the one sheet in a BGR frame, or nothing that could be one."""
    height, width = frame.shape[:2]
    scale = min(1.0, WORKING / max(height, width))
    small = cv2.resize(frame, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else frame
    lab = cv2.cvtColor(cv2.GaussianBlur(small, (0, 0), 1.0), cv2.COLOR_BGR2LAB).astype(np.float32)
    slopes = _slopes(lab)
    best: tuple[float, Corners, bool] | None = None
    for mask in masks(lab, slopes.size):
        for corners in quads(mask):
            judged = _judge(corners, lab, slopes)
            if judged is not None and (best is None or judged[0] > best[0]):
                best = (judged[0], corners, judged[1])
    if best is None:
        return None
    _, corners, cut = best
    if not cut:
        corners = _refined(corners, slopes)
        cut = _reaches_out(corners, small.shape[1], small.shape[0])
    return Sheet(clockwise((corners + 0.5) / scale - 0.5), cut)


@dataclass(frozen=True)
class _Slopes:
    """Gradients of the three Lab channels, and the level that is noise."""

    across: NDArray[np.float32]
    down: NDArray[np.float32]
    size: NDArray[np.float32]
    noise: float

    def towards(self, points: Corners, normal: NDArray[np.float64]) -> NDArray[np.float64]:
        """How steep it is at points (x, y) along a direction; the steepest channel counts, outside the picture 0."""
        height, width = self.size.shape
        xs, ys = np.rint(points[..., 0]).astype(int), np.rint(points[..., 1]).astype(int)
        inside = (xs >= 0) & (ys >= 0) & (xs < width) & (ys < height)
        xs, ys = xs.clip(0, width - 1), ys.clip(0, height - 1)
        steep = np.abs(self.across[ys, xs] * normal[0] + self.down[ys, xs] * normal[1]).max(axis=-1)
        return np.asarray(np.where(inside, steep, 0.0), dtype=np.float64)


def _slopes(lab: NDArray[np.float32]) -> _Slopes:
    across = (cv2.Sobel(lab, cv2.CV_32F, 1, 0, ksize=3) / 8).astype(np.float32)
    down = (cv2.Sobel(lab, cv2.CV_32F, 0, 1, ksize=3) / 8).astype(np.float32)
    size = np.sqrt(across**2 + down**2).max(axis=2)
    return _Slopes(across, down, size, float(np.median(size)))


def _judge(corners: Corners, lab: NDArray[np.float32], slopes: _Slopes) -> tuple[float, bool] | None:
    """How much like a sheet's outline four corners are, and whether it goes on outside; None: not at all."""
    height, width = slopes.size.shape
    area = float(cv2.contourArea(corners.astype(np.float32)))
    if area < LEAST_AREA * width * height or not cv2.isContourConvex(corners.astype(np.float32)):
        return None
    if not all(50 < angle < 130 for angle in angles(corners)):
        return None
    edge = _edge(width, height)
    supports, cut = [], 0
    for side in range(4):
        one, other = corners[side], corners[(side + 1) % 4]
        if _along_edge(one, other, width, height, edge):
            cut += 1
            continue
        supports.append(_support(one, other, slopes))
    if len(supports) < 2 or min(supports) < _SUPPORT:
        return None
    clear = _clear_of_table(corners, lab)
    if clear <= 0 or (cut and not _is_printed(corners, slopes)):
        return None
    score = float(np.mean(supports)) ** 2 * np.sqrt(area / (width * height)) * clear
    return score, bool(cut) or _reaches_out(corners, width, height)


def _is_printed(corners: Corners, slopes: _Slopes) -> bool:
    """Say whether there is print in it; a shadow that reaches the frame's edge has an outline too."""
    inside = np.zeros(slopes.size.shape, np.uint8)
    cv2.fillConvexPoly(inside, np.rint(corners).astype(np.int32), 1)
    deep = cv2.erode(inside, np.ones((15, 15), np.uint8))
    steep = slopes.size[deep > 0] > max(1.5, 5 * slopes.noise)
    return bool(steep.size) and float(steep.mean()) > 0.02


def _edge(width: int, height: int) -> float:
    return max(2.0, _AT_EDGE * max(width, height))


def _reaches_out(corners: Corners, width: int, height: int) -> bool:
    edge = _edge(width, height)
    return bool((corners < -edge).any() or (corners > np.array([width, height]) - 1 + edge).any())


def _along_edge(one: NDArray[np.float64], other: NDArray[np.float64], width: int, height: int, edge: float) -> bool:
    for axis, end in ((0, width - 1), (1, height - 1)):
        if max(one[axis], other[axis]) < edge or min(one[axis], other[axis]) > end - edge:
            return True
    return False


def _support(one: NDArray[np.float64], other: NDArray[np.float64], slopes: _Slopes) -> float:
    """On which share of a side there is an edge that runs with it."""
    along = other - one
    length = float(np.hypot(*along))
    normal = np.array([-along[1], along[0]]) / max(length, 1e-6)
    places = one + np.linspace(0.04, 0.96, max(12, int(length / 4)))[:, None] * along
    reach = np.arange(-3.0, 3.5)[None, :, None]
    steep = slopes.towards(places[:, None, :] + reach * normal, normal).max(axis=1)
    return float((steep > max(0.7, 2.5 * slopes.noise)).mean())


def _clear_of_table(corners: Corners, lab: NDArray[np.float32]) -> float:
    """A sheet's margin is blank and differs from the table beside it; a printed frame has the same paper on both sides.

    Gives a factor for the score, 0 for what is no sheet.
    """
    middle = corners.mean(axis=0)
    inner, outer = [], []
    height, width = lab.shape[:2]
    for side in range(4):
        one, other = corners[side], corners[(side + 1) % 4]
        places = one + np.linspace(0.06, 0.94, 40)[:, None] * (other - one)
        along = (other - one) / max(1e-6, float(np.linalg.norm(other - one)))
        out = np.array([along[1], -along[0]])
        if float((places.mean(axis=0) - middle) @ out) < 0:
            out = -out
        inner.append(_sample(lab, places - 6 * out))
        far = places + 9 * out
        seen = (far[:, 0] >= 0) & (far[:, 1] >= 0) & (far[:, 0] < width) & (far[:, 1] < height)
        if seen.mean() > 0.5:
            outer.append(_sample(lab, far[seen]))
    if not outer:
        return 0.0
    within = np.concatenate(inner)
    chroma = float(np.hypot(*(np.median(within[:, 1:], axis=0) - 128)))
    if chroma > 40:
        return 0.0  # no paper has so much colour
    tints = np.array([np.median(strip[:, 1:], axis=0) for strip in inner])
    if float(np.linalg.norm(tints - np.median(tints, axis=0), axis=1).max()) > _ONE_TINT:
        return 0.0  # one side of it is paper and another one is table
    darker = [float(np.median(o[:, 0])) - float(np.median(within[:, 0])) for o in outer]
    if float(np.median(darker)) > 40:
        return 0.0  # what is much darker than all around it is a print on the sheet, or no paper
    rough = float(np.mean([np.median(np.abs(i[:, 0] - np.median(i[:, 0]))) for i in inner]))
    apart = float(np.median([np.linalg.norm(np.median(o, axis=0) - np.median(within, axis=0)) for o in outer]))
    if apart < _APART:
        return 0.0
    return float(np.clip(apart / 12, 0.35, 1.0) / (1 + rough / 10))


def _sample(lab: NDArray[np.float32], points: Corners) -> NDArray[np.float32]:
    height, width = lab.shape[:2]
    xs, ys = np.rint(points[:, 0]).astype(int).clip(0, width - 1), np.rint(points[:, 1]).astype(int).clip(0, height - 1)
    return np.asarray(lab[ys, xs], dtype=np.float32)


def _refined(corners: Corners, slopes: _Slopes) -> Corners:
    """Each side moved on to the line of steepest change beside it; a curled or dented one is met in its mean."""
    sides = []
    for side in range(4):
        one, other = corners[side], corners[(side + 1) % 4]
        along = other - one
        length = max(1e-6, float(np.hypot(*along)))
        normal = np.array([-along[1], along[0]]) / length
        places = one + np.linspace(0.05, 0.95, 60)[:, None] * along
        reach = np.arange(-6.0, 6.5, 0.5)
        grid = places[:, None, :] + reach[None, :, None] * normal
        steep = slopes.towards(grid, normal)
        strong = steep.max(axis=1) > max(0.7, 2.5 * slopes.noise)
        if strong.sum() < 15:
            sides.append((one, other))
            continue
        points = grid[np.arange(60), steep.argmax(axis=1)][strong].astype(np.float32)
        vx, vy, x, y = cv2.fitLine(points, cv2.DIST_HUBER, 0, 0.01, 0.01).ravel()
        sides.append((np.array([x, y], np.float64), np.array([x + vx, y + vy], np.float64)))
    corners_new = [crossing(sides[i - 1], sides[i]) for i in range(4)]
    if any(corner is None for corner in corners_new):
        return corners
    found = np.array(corners_new, dtype=np.float64)
    near = np.linalg.norm(found - corners, axis=1).max() < 0.04 * float(np.linalg.norm(corners[2] - corners[0]))
    return found if near else corners
