"""The camera's twin: it sends what it sees over a real socket, is shown codes, and fails in the middle of one."""

import socket
import threading
from pathlib import Path
from typing import Literal, get_args

import numpy as np

from drivers.camera.files import Pace, StillsSource
from drivers.camera.reading import Gray
from drivers.camera.source import FrameSource, Wanted
from drivers.camera.synthetic import SyntheticSource

Condition = Literal["ready", "offline", "silent", "frozen", "dark", "lost-mid-job"]
CONDITIONS: tuple[Condition, ...] = get_args(Condition)
FPS = 12.0
TABLE = 120
"""Grey level of the table on which nothing lies."""


class SimCamera:
    """A camera for one viewer at `url`, as a real one has but one reader.

    Conditions: `ready`; `offline` unplugs; `silent` sends no frames; `frozen` sends the same one for ever; `dark`
    covers the lens; `lost-mid-job` sends half of the next frame and unplugs.
    """

    def __init__(self, host: str = "127.0.0.1", port: int = 0, size: tuple[int, int] = (640, 480)) -> None:
        self._size = size
        self._sees: FrameSource = _Table(size)
        self._shown = ""
        self._condition: Condition = "ready"
        self._closing = threading.Event()
        self._held = b""
        self._sent = 0
        self._listener = socket.create_server((host, port))
        self._listener.settimeout(0.1)
        bound = self._listener.getsockname()
        self._url = f"tcp://{host}:{bound[1]}"
        self._thread = threading.Thread(target=self._live, name="sim-camera", daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """The address to give to the kiosk."""
        return self._url

    @property
    def present(self) -> Condition:
        """The condition it is in."""
        return self._condition

    @property
    def shown(self) -> str:
        """What lies before it."""
        return self._shown

    @property
    def sent(self) -> int:
        """How many frames went out."""
        return self._sent

    def show(self, text: str = "", picture: Path | None = None) -> None:
        """Hold a QR code with this text before it, or a picture file; LineLost for a file that is none."""
        if picture is not None:
            self._sees = StillsSource(Wanted("stills", str(picture), *self._size, FPS))
        else:
            self._sees = SyntheticSource(Wanted("synthetic", text, *self._size, FPS))
        self._shown = str(picture or text)

    def lift(self) -> None:
        """Take away what lies before it."""
        self._sees, self._shown = _Table(self._size), ""

    def condition(self, word: str) -> None:
        """Put it into a condition; ValueError names the known ones."""
        known = next((one for one in CONDITIONS if one == word), None)
        if known is None:
            raise ValueError(f"a camera has no condition {word!r:.40}; known are {', '.join(CONDITIONS)}")
        self._condition, self._held = known, b""

    def close(self) -> None:
        """Unplug it for good; twice is fine."""
        self._closing.set()
        self._thread.join()
        self._listener.close()

    def _live(self) -> None:
        while not self._closing.is_set():
            try:
                viewer, _ = self._listener.accept()
            except OSError:
                continue
            with viewer:
                viewer.settimeout(0.5)
                self._serve(viewer)

    def _serve(self, viewer: socket.socket) -> None:
        while not self._closing.is_set() and self._condition != "offline":
            try:
                if self._condition == "silent":
                    if not viewer.recv(1):
                        return
                    continue
                self._send(viewer)
            except TimeoutError:
                continue  # a viewer that looks elsewhere misses nothing that it wants
            except OSError:
                return

    def _send(self, viewer: socket.socket) -> None:
        frame = self._frame()
        if self._condition == "lost-mid-job":
            viewer.sendall(frame[: len(frame) // 2])
            self._condition = "offline"
            return
        left = memoryview(frame)
        while left and not self._closing.is_set():
            try:
                left = left[viewer.send(left) :]
            except TimeoutError:
                continue
        self._sent += 1

    def _frame(self) -> bytes:
        gray = self._sees.read()
        if self._condition == "dark":
            gray = np.asarray(gray // 48, dtype=np.uint8)
        high, wide = gray.shape
        frame = b"P5\n%d %d\n255\n" % (wide, high) + gray.tobytes()
        if self._condition == "frozen":
            self._held = self._held or frame
            return self._held
        return frame


class _Table:
    """A table with a sensor's noise."""

    live = True

    def __init__(self, size: tuple[int, int]) -> None:
        rng = np.random.default_rng(2)
        level = TABLE + rng.normal(0, 3, (size[1] + 16, size[0] + 16))
        self._noise: Gray = np.clip(level, 0, 255).astype(np.uint8)
        self._pace, self._turn = Pace(FPS), 0

    def read(self) -> Gray:
        """The next frame when it is due."""
        self._pace.wait()
        self._turn += 1
        x, y = self._turn * 7 % 16, self._turn * 3 % 16
        return np.ascontiguousarray(self._noise[y : self._noise.shape[0] - 16 + y, x : self._noise.shape[1] - 16 + x])

    def close(self) -> None:
        """Nothing is held."""
