"""Ribbon cameras of the Raspberry Pi through picamera2, which only its system's Python has."""

import importlib
from typing import Any

import numpy as np

from drivers.camera.reading import Gray
from drivers.camera.source import Wanted
from drivers.device import LineLost

_INSTALL = "apt install python3-picamera2, and make the virtual environment with --system-site-packages"
_REMEDY = "check the ribbon cable, and that `rpicam-hello --list-cameras` shows the camera"


class CsiSource:
    """The camera's small stream in YUV, whose first plane is the grey picture as it is."""

    live = True

    def __init__(self, wanted: Wanted) -> None:
        try:
            library: Any = importlib.import_module("picamera2")
        except ImportError as error:
            raise LineLost("picamera2 is not installed", _INSTALL) from error
        self._height, self._width = wanted.height, wanted.width
        try:
            self._camera = library.Picamera2(int(wanted.where or 0))
            size = (wanted.width, wanted.height)
            chosen = self._camera.create_video_configuration(lores={"size": size, "format": "YUV420"}, buffer_count=2)
            self._camera.configure(chosen)
            self._camera.start()
        except (RuntimeError, IndexError, ValueError, OSError) as error:
            raise LineLost("the ribbon camera cannot be opened", _REMEDY) from error

    def read(self) -> Gray:
        """Wait for the next frame."""
        try:
            planes = np.asarray(self._camera.capture_array("lores"))
        except (RuntimeError, OSError) as error:
            raise LineLost("the ribbon camera gives no frames", _REMEDY) from error
        return np.ascontiguousarray(planes[: self._height, : self._width], dtype=np.uint8)

    def close(self) -> None:
        """Let go of the camera."""
        self._camera.close()
