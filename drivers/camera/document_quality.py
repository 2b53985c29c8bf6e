"""Measures a straightened sheet: how light its paper is, how much of it is dazzled, how sharp its print is."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Colour = NDArray[np.uint8]
Level = NDArray[np.float32]

_TEXT_PX = 20.0
"""Print is measured at this height, so that one figure means the same for every camera and size of sheet."""
_LONGEST = 1600
_CELL = 40
"""Side of the cells, at measuring size, whose print is judged each by itself."""
_SATURATED = 250
_ALONG = np.array([[0, 0, 0], [1, -2, 1], [0, 0, 0]], dtype=np.float32)
_ASLANT = np.array([[1, 0, 0], [0, -2, 0], [0, 0, 1]], dtype=np.float32) / 2
_WAYS = (_ALONG, _ALONG.T, _ASLANT, _ASLANT[::-1])
"""Change of slope along rows, columns and both diagonals, whose steps are longer."""
_HIGHEST, _USUAL = 1 / 45, 1 / 80
"""Height of print as a share of the sheet's longer side: more than 6 mm on A4 is no text; 3.7 mm is usual."""
_INK = 0.12
"""Share of the paper's level by which print is darker at least."""


@dataclass(frozen=True)
class Quality:
    """`paper` and `contrast` in grey levels, `dazzled` as a share of the sheet, `text_px` in the sheet's pixels.

    `sharpness` is the change of slope across print at one size for all, against its contrast: some 0.2 where it is
    crisp, below 0.1 where strokes run together. `printed` is the share of cells that hold print.
    """

    paper: float
    contrast: float
    dazzled: float
    sharpness: float
    text_px: float
    printed: float


def measure(sheet: Colour) -> Quality:
    """Measure a straightened BGR sheet."""
    scale = min(1.0, _LONGEST / max(sheet.shape[:2]))
    small = cv2.resize(sheet, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else sheet
    rim_y, rim_x = max(2, small.shape[0] // 50), max(2, small.shape[1] // 50)
    small = small[rim_y:-rim_y, rim_x:-rim_x]
    level = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY).astype(np.float32)
    paper = _paper(level)
    ink = np.clip(paper - level, 0, None)
    mask = (ink > np.maximum(_INK * paper, 4.0)).astype(np.uint8)
    text, text_px = _text(mask)
    sharpness, contrast, printed = _print(level, ink, text, text_px)
    return Quality(
        paper=float(np.median(paper)),
        contrast=contrast,
        dazzled=_dazzled(np.asarray(small, dtype=np.uint8), float(np.median(paper))),
        sharpness=sharpness,
        text_px=text_px / scale,
        printed=printed,
    )


def _paper(level: Level) -> Level:
    """The level that the bare paper has around each pixel, through print and stamps, followed through shadows."""
    eighth = cv2.resize(level, None, fx=1 / 8, fy=1 / 8, interpolation=cv2.INTER_AREA)
    light = cv2.dilate(cv2.GaussianBlur(eighth, (0, 0), 0.7), np.ones((9, 9), np.uint8))
    calm = cv2.GaussianBlur(light, (0, 0), 4)
    return np.asarray(cv2.resize(calm, level.shape[::-1], interpolation=cv2.INTER_LINEAR), dtype=np.float32)


def _text(mask: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], float]:
    """What is printed without rules, frames and stamps; and its usual height in pixels."""
    long = max(mask.shape)
    joined = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((2, 2), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    shorter = np.minimum(stats[:, cv2.CC_STAT_HEIGHT], stats[:, cv2.CC_STAT_WIDTH]).astype(np.float64)
    longer = np.maximum(stats[:, cv2.CC_STAT_HEIGHT], stats[:, cv2.CC_STAT_WIDTH])
    kept = (shorter >= 3) & (longer < 8 * shorter) & (shorter < _HIGHEST * long)
    kept[0] = False
    if kept.sum() < 10:
        return mask, _USUAL * long
    sides, weights = shorter[kept], stats[kept, cv2.CC_STAT_AREA].astype(np.float64)
    order = np.argsort(sides)
    half = int(np.searchsorted(np.cumsum(weights[order]), weights.sum() * 0.5))
    height = float(sides[order][min(half, len(order) - 1)])
    return (kept[labels] & (mask > 0)).astype(np.uint8), height


def _print(level: Level, ink: Level, text: NDArray[np.uint8], text_px: float) -> tuple[float, float, float]:
    """Sharpness, contrast and share of print, by cells; a low quantile, so that half a sharp sheet is not enough.

    Four ways are judged apart and the worst one counts: a shaken picture is sharp across the way it was shaken.
    """
    zoom = float(np.clip(_TEXT_PX / text_px, 0.4, 2.5))
    how = cv2.INTER_AREA if zoom < 1 else cv2.INTER_CUBIC
    if abs(zoom - 1) > 0.05:
        size = (round(level.shape[1] * zoom), round(level.shape[0] * zoom))
        level, ink = (np.asarray(cv2.resize(one, size, interpolation=how), np.float32) for one in (level, ink))
        text = np.asarray(cv2.resize(text, size, interpolation=cv2.INTER_NEAREST), dtype=np.uint8)
    near = cv2.dilate(text, np.ones((3, 3), np.uint8)).astype(np.float32)
    calm = cv2.GaussianBlur(level, (0, 0), 0.8)
    rows, columns = level.shape[0] // _CELL, level.shape[1] // _CELL
    if not rows or not columns:
        return 0.0, 0.0, 0.0
    share = _cells(near, rows, columns).mean(axis=2)
    printed = share > 0.15
    if printed.sum() < 4:
        return 0.0, 0.0, float(printed.mean())
    deep = np.percentile(_cells(ink * near, rows, columns)[printed], 97, axis=1)
    sharp = []
    for kernel in _WAYS:
        bent = cv2.filter2D(calm, -1, kernel) ** 2
        bare = bent[near == 0]
        noise = float(np.median(bare[:: max(1, bare.size // 50_000)])) * 2.2 if bare.size else 0.0
        energy = _cells(bent * near, rows, columns).sum(axis=2)[printed] / (share[printed] * _CELL * _CELL)
        sharp.append(float(np.percentile(np.sqrt(np.maximum(energy - noise, 0)) / np.maximum(deep, 1.0), 25)))
    return min(sharp), float(np.median(deep)), float(printed.mean())


def _cells(values: Level, rows: int, columns: int) -> Level:
    """The values as rows x columns x pixels of a cell."""
    cut = values[: rows * _CELL, : columns * _CELL].reshape(rows, _CELL, columns, _CELL)
    return np.asarray(cut.transpose(0, 2, 1, 3).reshape(rows, columns, _CELL * _CELL), dtype=np.float32)


def _dazzled(sheet: Colour, paper: float) -> float:
    """The share that is white in one piece where the paper itself is not."""
    darkest = sheet.min(axis=2)
    white = (darkest >= max(_SATURATED, min(254.0, paper + 8))).astype(np.uint8)
    side = max(3, min(sheet.shape[:2]) // 60)
    solid = cv2.morphologyEx(white, cv2.MORPH_OPEN, np.ones((side, side), np.uint8))
    return float(solid.mean())
