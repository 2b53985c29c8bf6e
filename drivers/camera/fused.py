"""Lays several frames of one still scene onto each other: noise cancels out, what stands still stays."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.camera.reading import Gray

_WORKING_WIDTH = 320
"""Where frames lie to each other is found in copies so small that noise has gone from them."""
_STEPS = 12
_SAME = 0.6
"""Correlation below which two frames do not show the same thing."""
_FARTHEST = 0.06
"""A frame that lies farther away than this share of the width is another scene."""
_LEAST = 3
_SMALLEST = 32
_TAIL = 1.0
"""Per cent of the pixels that may go black or white when the sum is stretched."""


def fuse(frames: Sequence[Gray]) -> Gray | None:
    """The mean of frames of one size, turned and moved onto the last one and stretched to full contrast.

    None where fewer than three agree: nothing would be gained.
    """
    *before, last = frames
    if min(last.shape) < _SMALLEST or len(frames) < _LEAST:
        return None
    scale = max(1.0, last.shape[1] / _WORKING_WIDTH)
    small = _calm(last, scale)
    total, count = last.astype(np.float32), 1
    for gray in before:
        way = _way(small, _calm(gray, scale))
        if way is None:
            continue
        way[:, 2] *= scale
        size = (last.shape[1], last.shape[0])
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        moved = cv2.warpAffine(gray, way, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
        cv2.accumulate(moved, total)
        count += 1
    if count < _LEAST:
        return None
    low, high = np.percentile(total[::4, ::4], (_TAIL, 100 - _TAIL))
    gain = 255.0 / max(1.0, float(high - low))
    return np.asarray(cv2.convertScaleAbs(np.maximum(total - low, 0), alpha=gain), dtype=np.uint8)


def _calm(gray: Gray, scale: float) -> NDArray[np.float32]:
    size = (round(gray.shape[1] / scale), round(gray.shape[0] / scale))
    small = cv2.resize(gray, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    return np.asarray(cv2.GaussianBlur(small, (0, 0), 1.0), dtype=np.float32)


def _way(to: NDArray[np.float32], other: NDArray[np.float32]) -> NDArray[np.float32] | None:
    """How a frame lies against another one (2 x 3, in their pixels); None if they do not show the same."""
    window = cv2.createHanningWindow((to.shape[1], to.shape[0]), cv2.CV_32F)
    (dx, dy), _ = cv2.phaseCorrelate(to.copy(), other.copy(), window)  # OpenCV 5.0.0 lays the window on its arguments
    reach = _FARTHEST * to.shape[1]
    if max(abs(dx), abs(dy)) > reach:
        dx = dy = 0.0
    way = np.array([[1, 0, dx], [0, 1, dy]], dtype=np.float32)
    everywhere = np.ones(to.shape, dtype=np.uint8)
    until = (cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, _STEPS, 1e-3)
    try:
        agreed, found = cv2.findTransformECC(to, other, way, cv2.MOTION_EUCLIDEAN, until, everywhere, 1)
    except cv2.error:  # it does not converge: nothing in common, or nothing to see
        return None
    if agreed < _SAME or float(np.abs(found[:, 2]).max()) > reach:
        return None
    return np.asarray(found, dtype=np.float32)
