"""USB cameras through OpenCV's V4L2: opened by number, compressed frames, the shortest queue that the driver allows."""

import os
import re

import cv2
import numpy as np

from drivers.camera.reading import Gray
from drivers.camera.source import Wanted
from drivers.device import LineLost

_REMEDY = "check the camera's cable and camera.source (`v4l2-ctl --list-devices`), and that no other program uses it"
_NODE = re.compile(r"/dev/video(\d+)")


class V4l2Source:
    """A UVC camera at /dev/videoN or a link to it, such as one under /dev/v4l/by-id."""

    live = True

    def __init__(self, wanted: Wanted) -> None:
        # OpenCV refuses a by-id name with V4L2 ("can't be used to capture by name"), so the link is followed here.
        node = os.path.realpath(wanted.where)
        found = _NODE.fullmatch(node)
        if not os.path.exists(node):  # noqa: PTH110 - beside realpath
            raise LineLost(f"{wanted.where}: it is not plugged in", _REMEDY)
        if found is None:
            raise LineLost(f"{wanted.where}: it is no video device", _REMEDY)
        self._capture = cv2.VideoCapture(int(found[1]), cv2.CAP_V4L2)
        if not self._capture.isOpened():
            raise LineLost(f"{wanted.where}: it cannot be opened", _REMEDY)
        # In this order: uncompressed 1280 x 720 comes at some 5 frames a second over USB 2.
        self._capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
        self._capture.set(cv2.CAP_PROP_FRAME_WIDTH, wanted.width)
        self._capture.set(cv2.CAP_PROP_FRAME_HEIGHT, wanted.height)
        self._capture.set(cv2.CAP_PROP_FPS, wanted.fps)
        self._capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
        self._name = wanted.where

    def read(self) -> Gray:
        """Wait for the next frame; the driver itself gives up after some ten seconds."""
        good, frame = self._capture.read()
        if not good or frame is None:
            raise LineLost(f"{self._name}: no frame came", _REMEDY)
        return grey(frame)

    def close(self) -> None:
        """Let go of the device."""
        self._capture.release()


def grey(frame: np.ndarray) -> Gray:
    """A frame of OpenCV as grey levels."""
    return np.asarray(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY) if frame.ndim == 3 else frame, dtype=np.uint8)
