"""A document camera that is not there: it draws what it is told to see, and judges it as the real one would."""

import threading
from pathlib import Path
from typing import get_args

import numpy as np

from drivers.camera.document import judge
from drivers.camera.document_camera import photograph
from drivers.camera.document_scene import Fault, draw, scene
from kiosk.domain.health import Health, Offline, Ready
from kiosk.domain.photo import Photograph

SEES: dict[str, Fault] = {"ready": "", **{fault: fault for fault in get_args(Fault) if fault}}
"""What can be laid under it: `ready` is a sheet that can be read, the others have one fault each."""
CONDITIONS = (*SEES, "offline", "silent")


class SimDocumentCamera:
    """Satisfies the engine's DocumentCamera; `font` is a font file that has Chinese characters."""

    def __init__(self, font: Path, seed: int = 1) -> None:
        self._font = font
        self._rng = np.random.default_rng(seed)
        self._condition = "ready"
        self._lock = threading.Lock()

    def condition(self, name: str) -> None:
        """Lay another sheet under it, or break it: `offline` (known at once) or `silent` (only when it is used)."""
        if name not in CONDITIONS:
            raise ValueError(f"{name!r} is no condition of a document camera; known are {', '.join(CONDITIONS)}")
        self._condition = name

    def take(self) -> Photograph:
        """Draw and judge one picture."""
        if self._condition not in SEES:
            return Photograph("camera")
        with self._lock:
            shot = draw(self._rng, scene(self._rng, SEES[self._condition]), self._font)
        return photograph(judge(shot.frame))

    def health(self) -> Health:
        """The condition that was set."""
        return Offline("unplugged") if self._condition == "offline" else Ready()

    def close(self) -> None:
        """Nothing is held."""
