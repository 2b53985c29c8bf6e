"""The camera as a copier: a few frames, each judged, until one of the sheet can be read."""

import logging
import time
from collections.abc import Callable
from typing import Protocol

import cv2
import numpy as np

from drivers.camera.document import Judged, Limits, judge
from drivers.camera.frame import Frame
from kiosk.domain.health import Health
from kiosk.domain.photo import Photograph

PATIENCE_S = 4.0
"""After so long without a good frame the last verdict is told: she stands there and waits."""
SETTLE = 2
"""Frames let pass at the beginning: exposure and focus follow the new scene."""
TRIES = 4
"""Frames judged at most; a hand that still moves is out of the picture by then."""
PREVIEW = 720
"""Pixels of the longer side of what is shown to her."""

log = logging.getLogger(__name__)


class Frames(Protocol):
    """What holds the camera; satisfied by a Seat at the Grabber, which it shares with the scanner of codes."""

    def watch(self, on: bool) -> None: ...
    def newest(self, after: int, within_s: float) -> Frame | None: ...
    def health(self) -> Health: ...


class DocumentCamera:
    """Satisfies the engine's DocumentCamera. It closes nothing: the frames belong to the scanner."""

    def __init__(
        self, frames: Frames, limits: Limits | None = None, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._frames = frames
        self._limits = limits or Limits()
        self._monotonic = monotonic

    def take(self) -> Photograph:
        """Take one picture; never raises, blocks for some five seconds at most."""
        self._frames.watch(True)
        try:
            return self._take()
        except Exception as error:  # noqa: BLE001 - one odd frame must not end the journey
            log.error("a document could not be photographed: %s", type(error).__name__)  # noqa: TRY400
            return Photograph("camera")
        finally:
            self._frames.watch(False)

    def health(self) -> Health:
        """The camera's condition."""
        return self._frames.health()

    def close(self) -> None:
        """Nothing is held."""

    def _take(self) -> Photograph:
        end = self._monotonic() + PATIENCE_S
        seen = self._frames.newest(-1, 0.0)
        number = seen.number if seen else 0
        last: Judged | None = None
        tried = passed = 0
        while tried < TRIES and (left := end - self._monotonic()) > 0:
            frame = self._frames.newest(number, left)
            if frame is None:
                break
            number = frame.number
            passed += 1
            if passed <= SETTLE:
                continue
            tried += 1
            last = judge(frame.gray, self._limits)
            if last.ok:
                break
        return photograph(last)


def photograph(judged: Judged | None) -> Photograph:
    """What the engine is told of a verdict; None stands for a camera that gave no frame."""
    if judged is None:
        return Photograph("camera")
    if judged.problem is not None:
        return Photograph(judged.problem)
    return Photograph("", judged.jpeg, preview(judged.jpeg))


def preview(jpeg: bytes) -> bytes:
    """A small JPEG of a JPEG."""
    picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    if picture is None:
        return b""
    shrink = min(1.0, PREVIEW / max(picture.shape[:2]))
    small = cv2.resize(picture, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
    _, packed = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, 75])
    return packed.tobytes()
