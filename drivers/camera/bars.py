"""Finds the bars of a linear code by their common direction, where noise, dimness or faint ink hide each single one.

Every pixel's edge direction is made a vector of length at most one. Noise points anywhere and cancels out, one strong
edge fills few pixels; only bars fill an area with vectors that agree.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.camera.reading import Gray

Level = NDArray[np.float32]
WORKING_WIDTH = 640
"""Finer frames are looked over at this width: bars are found long before they can be read."""
_CELL = 8
_AGREED = 0.45
"""Share of the strongest agreement that still belongs to the code."""
_LEAST = 0.08
"""Agreement below this comes from noise."""
_SHORTEST, _LOWEST = 60.0, 14.0
_MARGIN = 0.10


@dataclass(frozen=True)
class Band:
    """Where bars stand: middle and half lengths in pixels; `across` is the angle from bar to bar (radians)."""

    x: float
    y: float
    across: float
    half_length: float
    half_height: float
    strength: float


def find(gray: Gray, most: int = 2, width: int = WORKING_WIDTH) -> list[Band]:
    """The likeliest places of linear codes, the strongest first; looked for in a copy at most so many pixels wide."""
    if min(gray.shape) < 4 * _CELL:
        return []
    scale = max(1.0, gray.shape[1] / width)
    small = gray
    if scale > 1:
        size = (round(gray.shape[1] / scale), round(gray.shape[0] / scale))
        small = np.asarray(cv2.resize(gray, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    field = _field(small)
    bands = []
    for _ in range(most + 2):
        band = _strongest(field, scale)
        if band is None:
            break
        if band.half_length * 2 >= _SHORTEST * scale and band.half_height * 2 >= _LOWEST * scale:
            bands.append(band)
            if len(bands) == most:
                break
    return bands


def _field(small: Gray) -> NDArray[np.float32]:
    """Agreement of directions a cell, as vectors of the doubled angle: cells high x cells wide x 2."""
    soft = cv2.GaussianBlur(small, (0, 0), 1.0)
    gx = cv2.Sobel(soft, cv2.CV_32F, 1, 0)
    gy = cv2.Sobel(soft, cv2.CV_32F, 0, 1)
    xx, yy = cv2.multiply(gx, gx), cv2.multiply(gy, gy)
    power = xx + yy
    floor = 2.0 * float(np.median(power[::4, ::4])) + 4.0
    power += floor
    cos = (xx - yy) / power
    sin = cv2.multiply(gx, gy, scale=2.0) / power
    size = (small.shape[1] // _CELL, small.shape[0] // _CELL)
    cells = [
        cv2.resize(part[: size[1] * _CELL, : size[0] * _CELL], size, interpolation=cv2.INTER_AREA)
        for part in (cos, sin)
    ]
    calm = [cv2.blur(part, (3, 3), borderType=cv2.BORDER_CONSTANT) for part in cells]
    return np.dstack(calm).astype(np.float32)


def _strongest(field: NDArray[np.float32], scale: float) -> Band | None:
    """The strongest patch of agreeing cells; it is wiped from the field."""
    length = np.hypot(field[..., 0], field[..., 1])
    wide = cv2.blur(field, (5, 5), borderType=cv2.BORDER_CONSTANT)
    score = np.hypot(wide[..., 0], wide[..., 1])
    row, column = np.unravel_index(int(np.argmax(score)), score.shape)
    peak = float(score[row, column])
    if peak < _LEAST:
        return None
    along = wide[row, column] / peak
    agreed = field @ along
    mask = (agreed > _AGREED * peak).astype(np.uint8)
    _, labels = cv2.connectedComponents(mask, connectivity=4)
    label = labels[row, column]
    patch = (
        labels == label if label else (np.hypot(*np.indices(labels.shape) - np.array([row, column])[:, None, None]) < 2)
    )
    ys, xs = np.nonzero(patch)
    strength = agreed[patch]
    sums = field[patch].sum(axis=0)
    across = 0.5 * float(np.arctan2(sums[1], sums[0]))
    px, py = (xs + 0.5) * _CELL * scale, (ys + 0.5) * _CELL * scale
    u, v = px * np.cos(across) + py * np.sin(across), -px * np.sin(across) + py * np.cos(across)
    reach = _CELL * scale / 2
    low_u, high_u = float(u.min()) - reach, float(u.max()) + reach
    low_v, high_v = (float(np.quantile(v, share)) for share in (0.04, 0.96))
    mid_u, mid_v = (low_u + high_u) / 2, (low_v + high_v) / 2
    field[cv2.dilate(patch.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0] = 0
    return Band(
        mid_u * np.cos(across) - mid_v * np.sin(across),
        mid_u * np.sin(across) + mid_v * np.cos(across),
        across,
        (high_u - low_u) / 2 * (1 + _MARGIN) + 2 * reach,
        (high_v - low_v) / 2,
        float(strength.mean()) * float(length.size and 1),
    )
