"""One frame as the grabber hands it on, and how like the last one it is."""

from dataclasses import dataclass

import cv2
import numpy as np

from drivers.camera.reading import Gray

_THUMB = (80, 60)
STILL = 12
"""Largest difference of two thumbnails in grey levels: another small code in the same place makes more, noise less."""
DARK = 8.0
"""Mean grey level below which the lens is covered or the light is off."""


@dataclass(frozen=True)
class Frame:
    """A picture, when it came (monotonic seconds) and its number since the camera was opened."""

    gray: Gray
    at: float
    number: int


def thumb(gray: Gray) -> Gray:
    """A picture small enough to compare in no time."""
    return np.asarray(cv2.resize(gray, _THUMB, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def alike(one: Gray, other: Gray) -> bool:
    """Say whether two thumbnails show the same scene."""
    return int(np.abs(one.astype(np.int16) - other).max()) < STILL
