"""Surfaces on which a sheet may lie under the camera, drawn from a seed."""

from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

Table = Literal["wood", "dark wood", "grey", "white", "black", "cloth"]


def table(rng: np.random.Generator, surface: Table, width: int, height: int) -> NDArray[np.float32]:
    """The bare surface in full light, as BGR levels."""
    plain = np.ones((height, width, 3), np.float32)
    match surface:
        case "wood":
            return _wood(rng, plain * np.array([110, 160, 195], np.float32), 16)
        case "dark wood":
            return _wood(rng, plain * np.array([45, 65, 95], np.float32), 9)
        case "grey":
            return _grain(rng, plain * float(rng.uniform(110, 170)), 2.0)
        case "white":
            return _grain(rng, plain * float(rng.uniform(226, 240)), 1.0)
        case "black":
            return _grain(rng, plain * float(rng.uniform(25, 45)), 2.0)
        case "cloth":
            base = plain * rng.uniform(60, 180, 3).astype(np.float32)
            ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
            weave = 5 * np.sin(xs * 1.1) * np.sin(ys * 1.1)
            return _grain(rng, (base + weave[..., None]).astype(np.float32), 3.0)


def _wood(rng: np.random.Generator, base: NDArray[np.float32], depth: float) -> NDArray[np.float32]:
    height, width = base.shape[:2]
    rough = rng.normal(0, 1, (height // 3 + 1, 8)).astype(np.float32)
    streaks = cv2.resize(rough, (width, height), interpolation=cv2.INTER_CUBIC)
    broad = cv2.resize(rng.normal(0, 1, (12, 3)).astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
    grown = base + depth * (0.6 * streaks + 0.8 * broad)[..., None]
    return _grain(rng, grown.astype(np.float32), 2.0)


def _grain(rng: np.random.Generator, base: NDArray[np.float32], depth: float) -> NDArray[np.float32]:
    return np.asarray(base + rng.normal(0, depth, base.shape[:2]).astype(np.float32)[..., None], dtype=np.float32)
