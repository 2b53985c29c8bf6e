"""Files in the camera's place: a video that starts again at its end, or still pictures shown one after the other."""

import time
from pathlib import Path

import cv2
import numpy as np

from drivers.camera.image import BadPicture, load
from drivers.camera.reading import Gray
from drivers.camera.source import Wanted
from drivers.camera.v4l2 import grey
from drivers.device import LineLost

SHOWN_S = 1.5
"""How long each still picture is held before the camera that is not there."""
_REMEDY = "check camera.source"
_PICTURES = ("*.jpg", "*.jpeg", "*.png", "*.pgm", "*.bmp")


class VideoSource:
    """A video file, at the pace of its own frame rate: reading it is much faster than any camera."""

    live = False

    def __init__(self, wanted: Wanted) -> None:
        if not Path(wanted.where).is_file():
            raise LineLost(f"{wanted.where}: it does not exist", _REMEDY)
        self._capture = cv2.VideoCapture(wanted.where)
        if not self._capture.isOpened():
            raise LineLost(f"{wanted.where}: it is no video", _REMEDY)
        rate = float(self._capture.get(cv2.CAP_PROP_FPS))
        self._pace = Pace(rate if 1 <= rate <= 120 else wanted.fps)
        self._name = wanted.where

    def read(self) -> Gray:
        """The next frame when it is due; the first one again after the last."""
        self._pace.wait()
        good, frame = self._capture.read()
        if not good:
            self._capture.set(cv2.CAP_PROP_POS_FRAMES, 0)
            good, frame = self._capture.read()
        if not good or frame is None:
            raise LineLost(f"{self._name}: it gives no frames", _REMEDY)
        return grey(frame)

    def close(self) -> None:
        """Let go of the file."""
        self._capture.release()


class StillsSource:
    """One picture file, or the pictures of a folder in order of their names, over and over."""

    live = False

    def __init__(self, wanted: Wanted) -> None:
        place = Path(wanted.where)
        files = sorted(file for kind in _PICTURES for file in place.glob(kind)) if place.is_dir() else [place]
        if not files:
            raise LineLost(f"{place}: it holds no pictures", _REMEDY)
        try:
            self._pictures = [load(file).gray for file in files]
        except BadPicture as error:
            raise LineLost(f"{place}: {error}", _REMEDY) from error
        self._pace = Pace(wanted.fps)
        self._each = max(1, round(SHOWN_S * wanted.fps))
        self._count = 0

    def read(self) -> Gray:
        """The next frame when it is due."""
        self._pace.wait()
        frame = self._pictures[self._count // self._each % len(self._pictures)]
        self._count += 1
        return np.array(frame)

    def close(self) -> None:
        """Nothing is held."""


class Pace:
    """Lets a stand-in give frames no faster than a camera does."""

    def __init__(self, fps: float) -> None:
        self._step = 1 / fps
        self._due = time.monotonic()

    def wait(self) -> None:
        """Sleep until the next frame is due."""
        now = time.monotonic()
        self._due = max(self._due + self._step, now - self._step)
        time.sleep(max(0.0, self._due - now))
