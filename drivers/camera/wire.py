"""A camera at the other end of a socket: grey pictures (binary PGM) one after the other, as its twin sends them."""

import re
import time

import numpy as np

from drivers.camera.reading import Gray
from drivers.camera.source import Wanted
from drivers.device import LineLost
from drivers.transport.line import FdLine, wait
from drivers.transport.opening import open_tcp
from drivers.transport.urls import parse

FRAME_S = 10.0
"""As long as the kernel's own driver waits for a frame."""
LONGEST_HEAD = 64
MOST_PIXELS = 4096 * 4096
_HEAD = re.compile(rb"P5\n(\d{1,5}) (\d{1,5})\n255\n")
_REMEDY = "check that the camera at camera.source runs, and that nobody else looks through it"


class WireSource:
    """`tcp://host:port`. Its lines and columns are as it sends them; nothing is asked of it."""

    live = True

    def __init__(self, wanted: Wanted) -> None:
        self._line: FdLine = open_tcp(parse(wanted.where))
        self._name = wanted.where
        self._rest = b""

    def read(self) -> Gray:
        """Wait for the next whole frame; LineLost after ten seconds without one, or when what comes is none."""
        end = time.monotonic() + FRAME_S
        while (head := _HEAD.match(self._rest)) is None:
            if len(self._rest) > LONGEST_HEAD:
                raise LineLost(f"{self._name}: it sends no pictures", _REMEDY)
            self._wait(end)
            self._rest += self._line.receive()
        wide, high = int(head[1]), int(head[2])
        if not 0 < wide * high <= MOST_PIXELS:
            raise LineLost(f"{self._name}: it sends no pictures", _REMEDY)
        frame = bytearray(wide * high)
        begun = self._rest[head.end() : head.end() + len(frame)]
        frame[: len(begun)] = begun
        self._rest = self._rest[head.end() + len(begun) :]
        at = len(begun)
        with memoryview(frame) as room:
            while at < len(frame):
                self._wait(end)
                at += self._line.receive_into(room[at:])
        return np.frombuffer(frame, np.uint8).reshape(high, wide)

    def close(self) -> None:
        """Hang up."""
        self._line.close()

    def _wait(self, end: float) -> None:
        if (left := end - time.monotonic()) <= 0:
            raise LineLost(f"{self._name}: no frame came", _REMEDY)
        wait(self._line, left)
