"""Other looks at the same picture, for codes that an engine misses as it stands; each knows the way back."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.camera.reading import Gray, Quad

_IDENTITY = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
_MOST_UPSCALED = 3_000_000
"""Pixels; a larger picture is not enlarged, its codes are large enough."""


@dataclass(frozen=True)
class Variant:
    """A picture made of another one; `back` maps its pixels to that one's (2 x 3, affine)."""

    name: str
    gray: Gray
    back: NDArray[np.float64] = field(default_factory=_IDENTITY.copy)


def evened(gray: Gray) -> Variant:
    """Even out light and contrast: each pixel against its neighbourhood, so that dim and glaring parts look alike."""
    side = max(gray.shape) // 6 | 1
    level = gray.astype(np.float32)
    mean = _neighbourhood(level, side)
    spread = np.sqrt(np.maximum(_neighbourhood((level - mean) ** 2, side), 0.0)) + 4.0
    return Variant("evened", np.clip((level - mean) / spread * 60 + 128, 0, 255).astype(np.uint8))


def enlarged(gray: Gray) -> Variant | None:
    """Twice the size, sharpened: for narrow bars of less than two pixels and for soft focus."""
    if gray.size > _MOST_UPSCALED or gray.size == 0:
        return None
    large = cv2.resize(gray, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    soft = cv2.GaussianBlur(large, (0, 0), 3)
    sharp = cv2.addWeighted(large, 2.0, soft, -1.0, 0)
    return Variant("enlarged", np.asarray(sharp, dtype=np.uint8), np.array([[0.5, 0.0, -0.25], [0.0, 0.5, -0.25]]))


def inverted(gray: Gray) -> Variant:
    """White for black: neither engine tries that for linear codes."""
    return Variant("inverted", np.asarray(255 - gray, dtype=np.uint8))


def calmed(gray: Gray) -> Variant:
    """Less noise."""
    return Variant("calmed", np.asarray(cv2.GaussianBlur(gray, (0, 0), 1.0), dtype=np.uint8))


def after(first: Variant, then: Variant) -> Variant:
    """A variant of a variant: its way back leads to the first one's picture."""
    back = np.vstack([first.back, [0.0, 0.0, 1.0]]) @ np.vstack([then.back, [0.0, 0.0, 1.0]])
    return Variant(then.name, then.gray, back[:2])


def coarse(gray: Gray, most_pixels: int) -> Variant:
    """Halved until it fits: the dearer looks at a large picture are taken at this size."""
    step = 1
    while gray.size > most_pixels * step * step:
        step *= 2
    if step == 1:
        return Variant("as it is", gray)
    small = cv2.resize(gray, (gray.shape[1] // step, gray.shape[0] // step), interpolation=cv2.INTER_AREA)
    shift = (step - 1) / 2
    return Variant("coarse", np.asarray(small, dtype=np.uint8), np.array([[step, 0.0, shift], [0.0, step, shift]]))


def shadows(gray: Gray) -> Variant | None:
    """Only the darker half of the grey levels: a dim sheet on a bright desk, which is brighter than its white."""
    border, _ = cv2.threshold(gray, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    dark = gray[gray <= border]
    if dark.size < 400:
        return None
    ink, _ = cv2.threshold(dark, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    if not (dark > ink).any():
        return None
    low, high = float(dark[dark <= ink].mean()), float(dark[dark > ink].mean())
    calm = cv2.GaussianBlur(gray, (0, 0), 0.8).astype(np.float32)
    return Variant("shadows", np.clip((calm - low) / max(high - low, 1.0) * 275, 0, 255).astype(np.uint8))


def reduced(gray: Gray) -> Variant | None:
    """Half the size: noise averages out where the picture is much finer than the code."""
    if min(gray.shape) < 400:
        return None
    small = cv2.resize(gray, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    return Variant("reduced", np.asarray(small, dtype=np.uint8), np.array([[2.0, 0.0, 0.5], [0.0, 2.0, 0.5]]))


def turned(gray: Gray, degrees: float) -> Variant:
    """Turned about its middle onto a larger sheet; linear codes are read along rows only to some ten degrees."""
    height, width = gray.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    cos, sin = abs(matrix[0, 0]), abs(matrix[0, 1])
    wide, high = int(np.ceil(width * cos + height * sin)), int(np.ceil(width * sin + height * cos))
    matrix[:, 2] += (wide / 2 - width / 2, high / 2 - height / 2)
    sheet = cv2.warpAffine(gray, matrix, (wide, high), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    back = cv2.invertAffineTransform(matrix)
    return Variant(f"turned {degrees:g}", np.asarray(sheet, dtype=np.uint8), np.asarray(back, dtype=np.float64))


def straightened(gray: Gray, place: Quad) -> Variant | None:
    """The surroundings of a linear code with its bars upright, judged by the bars themselves; None without bars."""
    xs, ys = [x for x, _ in place], [y for _, y in place]
    reach = 0.6 * max(max(xs) - min(xs), max(ys) - min(ys)) + 20
    left, top = max(0, int(min(xs) - reach)), max(0, int(min(ys) - reach))
    crop = gray[top : int(max(ys) + reach) + 1, left : int(max(xs) + reach) + 1]
    angle = _bar_angle(_middle(gray, place))
    if angle is None or crop.size == 0:
        return None
    upright = turned(np.ascontiguousarray(crop), angle)
    back = upright.back.copy()
    back[:, 2] += (left, top)
    return Variant("straightened", upright.gray, back)


def _neighbourhood(level: NDArray[np.float32], side: int) -> NDArray[np.float32]:
    """Mean over a square; its cost does not grow with the square, as a Gaussian's would."""
    mean = cv2.boxFilter(level, -1, (side, side), borderType=cv2.BORDER_REFLECT)
    return np.asarray(cv2.boxFilter(mean, -1, (side // 2 | 1, side // 2 | 1), borderType=cv2.BORDER_REFLECT))


def _middle(gray: Gray, place: Quad) -> Gray:
    """The inside of a linear code, a twelfth of its length to all sides at least: a read may be one pixel high."""
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = place
    x, y = (ax + bx + cx + dx) / 4, (ay + by + cy + dy) / 4
    length = max(np.hypot(bx - ax, by - ay), np.hypot(dx - ax, dy - ay))
    wide = max(abs(bx - ax), abs(cx - dx), length / 6) / 2
    high = max(abs(by - ay), abs(cy - by), abs(dy - ay), length / 6) / 2
    return gray[max(0, int(y - high)) : int(y + high) + 1, max(0, int(x - wide)) : int(x + wide) + 1]


def ladder(gray: Gray) -> Iterator[Variant]:
    """Every further look worth trying on a still picture, the most promising first."""
    makers: list[Callable[[Gray], Variant | None]] = [evened, enlarged, inverted, shadows, calmed, reduced]
    for make in makers:
        variant = make(gray)
        if variant is not None:
            yield variant
    level = evened(gray).gray
    own = _bar_angle(gray)
    if own is not None:
        yield turned(level, (own + 45) % 90 - 45)  # quarter turns the engines make themselves
    for degrees in (-9.0, 9.0, -20.0, 20.0, -32.0, 32.0, 45.0):
        yield turned(level, degrees)


def _bar_angle(patch: Gray) -> float | None:
    """By how many degrees to turn so that the strongest edges stand upright (structure tensor)."""
    if min(patch.shape, default=0) < 3:
        return None
    level = cv2.GaussianBlur(patch.astype(np.float32), (0, 0), 1.0)
    across, down = cv2.Sobel(level, cv2.CV_32F, 1, 0), cv2.Sobel(level, cv2.CV_32F, 0, 1)
    xx, yy, xy = float((across**2).sum()), float((down**2).sum()), float((across * down).sum())
    coherence = np.hypot(xx - yy, 2 * xy) / (xx + yy + 1e-9)
    if coherence < 0.3:
        return None
    return float(np.degrees(0.5 * np.arctan2(2 * xy, xx - yy)))
