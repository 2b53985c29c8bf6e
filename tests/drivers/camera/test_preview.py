"""What the camera sees is shown while it is wanted: small, soon, nothing of the citizen before, and gone afterwards."""

import re
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from drivers.camera.frame import Frame
from drivers.camera.preview import WIDTH, Preview, pgm
from drivers.camera.reading import Gray


class Camera:
    """Frames that a test lays before the lens, one by one."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._frame: Frame | None = None
        self.watched = False
        self.asked = 0

    def lay(self, grey: int, number: int) -> None:
        with self._changed:
            self._frame = Frame(scene(grey), float(number), number)
            self._changed.notify_all()

    def watch(self, on: bool) -> None:
        self.watched = on

    def newest(self, after: int, within_s: float) -> Frame | None:
        with self._changed:
            self.asked += within_s > 0
            self._changed.wait_for(lambda: self._frame is not None and self._frame.number > after, min(within_s, 0.05))
            return self._frame if self._frame is not None and self._frame.number > after else None


def scene(grey: int) -> Gray:
    picture = np.full((720, 1280), grey, dtype=np.uint8)
    picture[:, 640:] = 255
    return picture


def until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.002)


class Desk:
    """A camera, the preview on it, and the file that the screen would read."""

    def __init__(self, folder: Path) -> None:
        self.camera = Camera()
        self.file = folder / "live.pgm"
        self.slept: list[float] = []
        self.preview = Preview(self.camera, self.file, 0o640, self.slept.append)

    def shows(self, grey: int) -> bool:
        return self.file.exists() and self.file.read_bytes().endswith(bytes([grey]) * (WIDTH // 2) + b"\xff" * 160)

    def looked(self) -> None:
        """Wait until it has looked for another frame twice, so that what came before has been dealt with."""
        before = self.camera.asked
        until(lambda: self.camera.asked >= before + 2)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    one = Desk(tmp_path)
    yield one
    one.preview.close()


def test_a_frame_is_shown_small_and_grey_to_the_screen_alone(desk: Desk) -> None:
    desk.preview.show(True)
    desk.looked()
    desk.camera.lay(90, 1)
    until(lambda: desk.shows(90))
    assert re.match(rb"P5\n320 180\n255\n", desk.file.read_bytes())
    assert len(desk.file.read_bytes()) == 320 * 180 + 15
    assert desk.file.stat().st_mode & 0o777 == 0o640
    assert set(desk.slept) == {0.25}


def test_a_scene_that_stays_is_written_once(desk: Desk) -> None:
    desk.preview.show(True)
    desk.looked()
    desk.camera.lay(90, 1)
    until(lambda: desk.shows(90))
    first = desk.file.stat().st_ino, desk.file.stat().st_mtime_ns
    for number in range(2, 6):
        desk.camera.lay(91, number)
        desk.looked()
    assert (desk.file.stat().st_ino, desk.file.stat().st_mtime_ns) == first
    desk.camera.lay(140, 9)
    until(lambda: desk.shows(140))


def test_afterwards_the_picture_is_gone_and_the_camera_rests(desk: Desk) -> None:
    desk.preview.show(True)
    desk.looked()
    desk.camera.lay(90, 1)
    until(lambda: desk.shows(90))
    desk.preview.show(False)
    assert not desk.camera.watched
    until(lambda: not desk.file.exists())


def test_the_next_citizen_never_sees_what_lay_there_before(desk: Desk) -> None:
    desk.camera.lay(90, 7)
    desk.preview.show(True)
    desk.looked()
    assert not desk.file.exists()
    desk.camera.lay(140, 8)
    until(lambda: desk.shows(140))


def test_what_a_core_that_fell_over_left_is_removed_at_once(tmp_path: Path) -> None:
    (tmp_path / "live.pgm").write_bytes(b"somebody")
    desk = Desk(tmp_path)
    assert not desk.file.exists()
    desk.preview.close()
    desk.preview.close()


def test_a_folder_that_is_full_or_gone_is_said_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    desk = Desk(tmp_path / "none")
    desk.preview.show(True)
    desk.looked()
    for number, grey in enumerate((20, 90, 160), 1):
        desk.camera.lay(grey, number)
        desk.looked()
    desk.preview.close()
    assert [record.getMessage() for record in caplog.records] == [
        "preview: it cannot be shown (no such file or directory); scanning goes on"
    ]


def test_any_shape_of_frame_is_a_picture() -> None:
    for shape in ((480, 640), (1, 1), (3000, 40)):
        data = np.frombuffer(pgm(np.full(shape, 77, dtype=np.uint8)), np.uint8)
        found = cv2.imdecode(data, cv2.IMREAD_GRAYSCALE)
        assert found is not None
        assert found.shape[1] == WIDTH
        assert int(found.mean()) == 77
