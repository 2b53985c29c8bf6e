"""A camera that is not there and sees one QR code in an unsteady hand: for a trial without hardware."""

import cv2
import numpy as np
import segno

from drivers.camera.files import Pace
from drivers.camera.reading import Gray
from drivers.camera.source import Wanted

DEFAULT = "A012"


class SyntheticSource:
    """Draws `synthetic:TEXT`, a little elsewhere in each frame, with a sensor's noise; the same each time."""

    live = False

    def __init__(self, wanted: Wanted) -> None:
        self._rng = np.random.default_rng(1)
        self._size = (wanted.width, wanted.height)
        self._pace = Pace(wanted.fps)
        modules = np.array(segno.make_qr((wanted.where or DEFAULT).encode(), mode="byte").matrix, dtype=bool)
        fit = max(1, round(min(self._size) * 0.5 / (modules.shape[0] + 8)))
        sheet = np.where(np.pad(modules, 4), 30, 225).astype(np.uint8)
        self._sheet = cv2.resize(sheet, None, fx=fit, fy=fit, interpolation=cv2.INTER_NEAREST)

    def read(self) -> Gray:
        """The next frame when it is due."""
        self._pace.wait()
        width, height = self._size
        side = self._sheet.shape[0]
        turn = np.array(cv2.getRotationMatrix2D((side / 2, side / 2), float(self._rng.normal(0, 2)), 1.0), np.float64)
        turn[:, 2] += np.array([width - side, height - side]) / 2 + self._rng.normal(0, 3, 2)
        frame = cv2.warpAffine(self._sheet, turn, self._size, borderValue=(120.0,)).astype(np.float64)
        noisy: Gray = np.clip(frame + self._rng.normal(0, 4, frame.shape), 0, 255).astype(np.uint8)
        return noisy

    def close(self) -> None:
        """Nothing is held."""
