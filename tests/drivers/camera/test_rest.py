"""A camera that rested: what its driver held all that while is of the citizen before, and is never looked at."""

import time
from collections import deque
from collections.abc import Callable

import numpy as np

from drivers.camera.frame import Frame
from drivers.camera.reading import Gray
from drivers.camera.scanner import CameraScanner
from drivers.camera.source import Wanted
from kiosk.domain.health import Ready
from kiosk.domain.scan import Scan
from tests.drivers.camera.frames import nothing, picture


def until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.005)


class Driver:
    """Hands out what it holds at one moment of `now`, then a frame every twentieth of a second."""

    live = True

    def __init__(self) -> None:
        self.held: deque[Gray] = deque()
        self.scene: Gray = nothing(3)
        self.now = 100.0
        self._rng = np.random.default_rng(1)

    def open(self, _wanted: Wanted) -> "Driver":
        return self

    def read(self) -> Gray:
        time.sleep(0.03)  # time enough for each to be looked at
        if self.held:
            return self.held.popleft()
        self.now += 0.05
        return np.clip(self.scene + self._rng.normal(0, 2, self.scene.shape), 0, 255).astype(np.uint8)

    def close(self) -> None: ...


def test_the_code_of_the_one_before_starts_nothing_when_the_camera_wakes() -> None:
    driver, scans = Driver(), list[Scan]()
    camera = CameraScanner("/dev/video0", scans.append, opener=driver.open, monotonic=lambda: driver.now)
    camera.start()
    try:
        until(lambda: camera.health() == Ready())
        camera.trigger(False)
        until(lambda: camera.grabber.newest(camera_number(camera), 0.3) is None)
        rng, hers = np.random.default_rng(2), picture("QRCode", "A012").gray
        for _ in range(8):
            driver.held.append(np.clip(hers + rng.normal(0, 2, hers.shape), 0, 255).astype(np.uint8))
        before = camera_number(camera)
        camera.trigger(True)
        until(lambda: camera_number(camera) > before + 20)
        assert not driver.held
        assert scans == []
        driver.scene = picture("QRCode", "A013").gray
        until(lambda: [scan.text for scan in scans] == ["A013"])
    finally:
        camera.close()


def camera_number(camera: CameraScanner) -> int:
    """The number of the newest frame that anybody could look at."""
    frame: Frame | None = camera.grabber.newest(-1, 0.0)
    return frame.number if frame is not None else -1
