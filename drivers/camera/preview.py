"""What the camera sees, small and grey, a few times a second, for the screen to show while somebody holds something."""

import contextlib
import logging
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np

from drivers.camera.frame import Frame, alike, thumb
from drivers.camera.reading import Gray

WIDTH = 320
"""Pixels; enough to see whether a document lies straight and whole, too few to read a number on it."""
STEP_S = 0.25
"""Four pictures a second: a hand sees where it goes, and a Raspberry Pi hardly notices."""
WAIT_S = 0.5

log = logging.getLogger(__name__)


class Frames(Protocol):
    """What holds the camera; satisfied by a Seat at the Grabber."""

    def watch(self, on: bool) -> None: ...
    def newest(self, after: int, within_s: float) -> Frame | None: ...


class Preview:
    """Satisfies the engine's Preview. The picture lies in `file`, in shared memory, for as long as it is wanted.

    A scene that stays as it is costs one comparison of thumbnails. `mode` are the rights of the file. Nothing of it is
    kept: the next picture takes the place of the last, and the last is removed.
    """

    def __init__(
        self, frames: Frames, file: Path, mode: int = 0o600, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._frames, self._file, self._mode, self._sleep = frames, file, mode, sleep
        self._wanted = threading.Event()
        self._stopping = False
        self._silent = False
        self._removed()
        self._thread = threading.Thread(target=self._run, name="preview", daemon=True)
        self._thread.start()

    def show(self, on: bool) -> None:
        """Begin or end; when it has ended, the picture is gone within a second. Never blocks."""
        if on:
            self._frames.watch(True)
            self._wanted.set()
        else:
            self._wanted.clear()
            self._frames.watch(False)

    def close(self) -> None:
        """End the thread and leave nothing behind; calling it twice is fine."""
        self._stopping = True
        self.show(False)
        self._wanted.set()
        self._thread.join()
        self._removed()

    def _run(self) -> None:
        while not self._stopping:
            self._wanted.wait()
            self._follow()
            self._removed()

    def _follow(self) -> None:
        """Show what comes until it is no longer wanted."""
        last: Gray | None = None
        # The camera's last frame may be of the citizen before, and is not for this one.
        old = self._frames.newest(-1, 0.0)
        seen = old.number if old is not None else 0
        while self._wanted.is_set() and not self._stopping:
            frame = self._frames.newest(seen, WAIT_S)
            if frame is None:
                continue
            seen = frame.number
            small = thumb(frame.gray)
            if last is None or not alike(small, last):
                last = small
                self._put(pgm(frame.gray))
            self._sleep(STEP_S)

    def _put(self, picture: bytes) -> None:
        draft = self._file.with_name(f".{self._file.name}")
        try:
            handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
            with os.fdopen(handle, "wb") as out:
                os.fchmod(handle, self._mode)
                out.write(picture)
            draft.replace(self._file)
        except OSError as error:
            if not self._silent:
                log.warning("preview: it cannot be shown (%s); scanning goes on", (error.strerror or "").lower())
            self._silent = True

    def _removed(self) -> None:
        for file in (self._file, self._file.with_name(f".{self._file.name}")):
            with contextlib.suppress(OSError):
                file.unlink(missing_ok=True)


def pgm(gray: Gray) -> bytes:
    """A frame as a small PGM picture."""
    height = max(1, round(gray.shape[0] * WIDTH / gray.shape[1]))
    small = np.ascontiguousarray(cv2.resize(gray, (WIDTH, height), interpolation=cv2.INTER_AREA))
    return b"P5\n%d %d\n255\n" % (WIDTH, height) + small.tobytes()
