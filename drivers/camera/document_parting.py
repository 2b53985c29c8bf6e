"""Ways to part a sheet of paper from the table it lies on, and the four-sided outlines of what they leave."""

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.camera.document_lines import Corners, crossing

LEAST_AREA = 0.01
"""Share of the frame below which nothing is taken for a sheet."""


def masks(lab: NDArray[np.float32], slope: NDArray[np.float32]) -> Iterator[NDArray[np.uint8]]:
    """Ways to part a sheet from what lies around it; one of them works on nearly every table."""
    level = lab[..., 0]
    bright = np.clip(level, 0, 255).astype(np.uint8)
    border, otsu = cv2.threshold(bright, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    yield _whole(np.asarray(otsu, dtype=np.uint8))
    upper = bright[bright > border]
    if upper.size > 400:
        higher, _ = cv2.threshold(upper, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
        yield _whole((bright > higher).astype(np.uint8) * 255)
    yield _whole(_unlike_border(lab))
    colour = np.hypot(lab[..., 1] - 128, lab[..., 2] - 128)
    pale = np.clip(255 - 4 * colour, 0, 255).astype(np.uint8)
    if float(pale.std()) > 8:
        yield _whole(cv2.threshold(pale, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[1])
    noise = float(np.median(slope))
    for times in (3.0, 6.0, 14.0):
        edges = (slope > max(0.6, times * noise)).astype(np.uint8) * 255
        closed = cv2.morphologyEx(edges, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
        yield np.asarray(closed, dtype=np.uint8)
        # What is calm and enclosed by edges: the blank margin of a sheet joined over its text.
        yield _whole(_enclosed(np.asarray(cv2.dilate(edges, np.ones((3, 3), np.uint8)), dtype=np.uint8)))


def _whole(mask: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Close what is printed on the sheet, drop what hangs on to it by a thread."""
    closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((7, 7), np.uint8))
    return np.asarray(cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((9, 9), np.uint8)), dtype=np.uint8)


def _unlike_border(lab: NDArray[np.float32]) -> NDArray[np.uint8]:
    """How far each pixel is from the colours along the frame's edge, which are mostly the table's."""
    rim = max(4, lab.shape[0] // 30)
    strips = (lab[:rim], lab[-rim:], lab[:, :rim], lab[:, -rim:])
    edge = np.concatenate([strip.reshape(-1, 3) for strip in strips])
    middle = np.median(edge, axis=0)
    spread = 1.5 * np.median(np.abs(edge - middle), axis=0) + 2.0
    far = np.sqrt((((lab - middle) / spread) ** 2).sum(axis=2))
    levels = np.clip(far * 12, 0, 255).astype(np.uint8)
    return np.asarray(cv2.threshold(levels, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[1], dtype=np.uint8)


def _enclosed(edges: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Everything that the frame's edge cannot reach without crossing an edge of the picture."""
    padded = cv2.copyMakeBorder(edges, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    cv2.floodFill(padded, None, (0, 0), 128)
    return np.asarray((padded[1:-1, 1:-1] != 128).astype(np.uint8) * 255, dtype=np.uint8)


def quads(mask: NDArray[np.uint8]) -> Iterator[Corners]:
    """Four-sided outlines of the largest pieces of a mask."""
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    large = sorted(contours, key=cv2.contourArea, reverse=True)[:3]
    for contour in large:
        hull = cv2.convexHull(contour)
        if cv2.contourArea(hull) < LEAST_AREA * mask.size:
            continue
        yield cv2.boxPoints(cv2.minAreaRect(hull)).astype(np.float64)
        around = cv2.arcLength(hull, closed=True)
        for share in (0.01, 0.02, 0.03, 0.05, 0.08):
            shape = cv2.approxPolyDP(hull, share * around, closed=True)
            if len(shape) == 4:
                yield shape.reshape(4, 2).astype(np.float64)
                break
            if len(shape) < 4:
                break
        if len(shape) > 4:
            yield from _sides_prolonged(shape.reshape(-1, 2).astype(np.float64))


def _sides_prolonged(shape: Corners) -> Iterator[Corners]:
    """A sheet with a dented corner: its four longest sides, made longer until they meet."""
    lengths = np.linalg.norm(np.roll(shape, -1, axis=0) - shape, axis=1)
    longest = sorted(np.argsort(lengths)[-4:])
    sides = [(shape[i], shape[(i + 1) % len(shape)]) for i in longest]
    corners = [crossing(sides[i - 1], sides[i]) for i in range(4)]
    found = [corner for corner in corners if corner is not None]
    if len(found) == 4:
        yield np.array(found)
