"""A document photographed: finds the sheet, straightens it, and says whether somebody can read it afterwards."""

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.camera.document_quality import Quality, measure
from drivers.camera.document_sheet import Sheet, find
from kiosk.domain.photo import MOST_BYTES, PhotoProblem

Colour = NDArray[np.uint8]


@dataclass(frozen=True)
class Limits:
    """From when on a picture is refused. Each is measured on the straightened sheet.

    `night` is the level of a frame's lighter parts below which nothing can be found; `least_px` is the sheet's longer
    side in the frame's own pixels; `paper` its bare paper's grey level; `contrast` between print and paper; `dazzled`
    the share that a mirrored lamp whitens; `sharpness` as in Quality.
    """

    night: float = 22.0
    least_px: int = 800
    text_px: float = 6.0
    paper: float = 70.0
    contrast: float = 18.0
    dazzled: float = 0.006
    sharpness: float = 0.036
    longest_px: int = 2200


@dataclass(frozen=True)
class Judged:
    """The verdict. `jpeg` is the straightened sheet, empty where there is none; the picture stays out of repr."""

    ok: bool
    problem: PhotoProblem | None
    jpeg: bytes = field(default=b"", repr=False)
    width: int = 0
    height: int = 0
    quality: Quality | None = None


def judge(frame: Colour, limits: Limits | None = None) -> Judged:
    """Judge one frame, BGR or grey, of any size; never raises on a frame, whatever is in it."""
    limits = limits or Limits()
    if frame.ndim == 2:
        frame = np.asarray(cv2.cvtColor(frame, cv2.COLOR_GRAY2BGR), dtype=np.uint8)
    if min(frame.shape[:2], default=0) < 64:
        return Judged(False, "none")
    sheet = find(frame)
    if sheet is None:
        return Judged(False, "dark" if float(np.percentile(frame, 95)) < limits.night else "none")
    if sheet.cut:
        return Judged(False, "cut-off")
    flat = straighten(frame, sheet, limits.longest_px)
    quality = measure(flat)
    height, width = flat.shape[:2]
    problem = _problem(quality, _long_side(sheet), limits)
    if problem:
        return Judged(False, problem, width=width, height=height, quality=quality)
    return Judged(True, None, _packed(flat), width, height, quality)


def straighten(frame: Colour, sheet: Sheet, longest: int) -> Colour:
    """The sheet alone, as if seen from above, at most `longest` pixels on its longer side."""
    wide, high = _sides(sheet)
    shrink = min(1.0, longest / max(wide, high))
    wide, high = max(2, round(wide * shrink)), max(2, round(high * shrink))
    goal = np.array([[0, 0], [wide - 1, 0], [wide - 1, high - 1], [0, high - 1]], dtype=np.float32)
    matrix = cv2.getPerspectiveTransform(sheet.corners.astype(np.float32), goal)
    how = cv2.INTER_AREA if shrink < 1 else cv2.INTER_LINEAR
    flat = cv2.warpPerspective(frame, matrix, (wide, high), flags=how, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(flat, dtype=np.uint8)


def _problem(quality: Quality, long_side: float, limits: Limits) -> PhotoProblem | None:
    """The one thing to mend first: light before sharpness, because a dark print looks blurred too."""
    if quality.paper < limits.paper:
        return "dark"
    if long_side < limits.least_px:
        return "small"
    if quality.dazzled > limits.dazzled:
        return "glare"
    if quality.contrast < limits.contrast or quality.sharpness < limits.sharpness:
        return "blurred"
    if quality.text_px < limits.text_px:
        return "small"
    return None


def _sides(sheet: Sheet) -> tuple[float, float]:
    a, b, c, d = sheet.corners
    wide = max(float(np.linalg.norm(b - a)), float(np.linalg.norm(c - d)))
    high = max(float(np.linalg.norm(d - a)), float(np.linalg.norm(c - b)))
    return wide, high


def _long_side(sheet: Sheet) -> float:
    return max(_sides(sheet))


def _packed(flat: Colour) -> bytes:
    """As JPEG of at most MOST_BYTES: first with less quality, then with fewer pixels."""
    for shrink in (1.0, 0.8, 0.6, 0.4):
        picture = cv2.resize(flat, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA) if shrink < 1 else flat
        for quality in (88, 78, 66, 55):
            _, packed = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
            if packed.size <= MOST_BYTES:
                return packed.tobytes()
    return packed.tobytes()
