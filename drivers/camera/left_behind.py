"""Whether something lies on the tray that did not lie there before: two small pictures of the same place compared.

Only edges count: a card or a sheet has a rim and print. Light that grows, falls from another side or is kept off by
somebody changes slowly from place to place.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.camera.frame import DARK
from drivers.camera.reading import Gray
from kiosk.domain.tray import TrayVerdict

Small = NDArray[np.float32]

SIZE = (128, 96)
"""Pixels; a card on a tray as wide as A4 is long covers a thousand of them, and no letter can be made out."""
STEP = 0.16
"""Logarithm of brightness; two pictures of one moment differ by less, noise included."""
STEEP = 0.05
"""How much steeper or flatter a place must have become to count; the soft shadow of an arm stays below."""
SMALLEST = 0.015
"""Share of the view: a card covers 0.05 or more, what noise and shadows leave is below 0.001."""


def small(gray: Gray) -> Small:
    """A frame as the logarithm of its brightness, small: all that is kept of an empty tray."""
    level = cv2.resize(gray, SIZE, interpolation=cv2.INTER_AREA).astype(np.float32)
    return np.asarray(cv2.GaussianBlur(np.log(level + 6.0), (0, 0), 0.8), dtype=np.float32)


def is_dark(picture: Small) -> bool:
    """Nothing can be seen there."""
    return float(np.exp(picture).mean()) - 6.0 < DARK


def at_rest(one: Small, other: Small) -> bool:
    """Whether two pictures taken one after the other show the same: no hand is in them."""
    return float(np.abs(one - other).max()) < STEP


def compare(empty: Small, now: Small) -> TrayVerdict:
    """Compare the tray with how it looks when nobody is there; the light may be another one."""
    if is_dark(empty) or is_dark(now):
        return "unknown"
    difference = now - empty
    steep = np.hypot(*(cv2.Sobel(difference, cv2.CV_32F, *way, scale=0.25) for way in ((1, 0), (0, 1))))
    new = cv2.morphologyEx((steep > STEEP).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    _, _, about, _ = cv2.connectedComponentsWithStats(new)
    largest = int(about[1:, cv2.CC_STAT_AREA].max(initial=0))
    return "left" if largest > SMALLEST * new.size else "clear"
