"""Documents under the camera: seeded scenes with known truth, on every table, with every fault; hostile frames."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from drivers.camera.document import Judged, Limits, judge
from drivers.camera.document_camera import SETTLE, TRIES, DocumentCamera
from drivers.camera.document_scene import FAULTS, Fault, Scene, Shot, draw, scene
from drivers.camera.document_sheet import find
from drivers.camera.frame import Frame
from drivers.camera.scanner import make_camera
from drivers.sim.document_camera import SimDocumentCamera
from kiosk.domain.health import Health, Offline, Ready
from kiosk.domain.photo import MOST_BYTES

FONT = Path(__file__).parents[3] / "assets" / "fonts" / "NotoSansSC-Regular.ttf"
EACH = 2
Case = tuple[Fault, Scene, Shot, Judged]


def shot(seed: int, wanted: Scene) -> Shot:
    return draw(np.random.default_rng(seed), wanted, FONT)


def opened(jpeg: bytes) -> np.ndarray:
    return np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR), dtype=np.uint8)


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    found = []
    for fault in FAULTS:
        for seed in range(EACH):
            rng = np.random.default_rng([seed, 400 + FAULTS.index(fault)])
            wanted = scene(rng, fault)
            seen = draw(rng, wanted, FONT)
            found.append((fault, wanted, seen, judge(seen.frame)))
    return found


def test_good_sheets_are_taken_and_bad_ones_are_not(cases: list[Case]) -> None:
    assert all(judged.ok for fault, _, _, judged in cases if fault == "")
    assert [(fault, wanted) for fault, wanted, _, judged in cases if fault and judged.ok] == []


def test_the_hint_is_nearly_always_the_right_one(cases: list[Case]) -> None:
    wrong = [(fault, judged.problem) for fault, _, _, judged in cases if fault and judged.problem != fault]
    assert len(wrong) <= 1, wrong


def test_corners_are_met(cases: list[Case]) -> None:
    for fault, wanted, seen, _ in cases:
        if fault not in ("", "glare", "dark"):
            continue
        sheet = find(seen.frame)
        assert sheet is not None
        away = min(np.linalg.norm(np.roll(seen.corners, k, axis=0) - sheet.corners, axis=1).max() for k in range(4))
        assert away < 0.02 * np.linalg.norm(seen.corners[2] - seen.corners[0]), wanted


def test_what_is_taken_is_a_straight_jpeg_of_bounded_size(cases: list[Case]) -> None:
    for _, _, seen, judged in (case for case in cases if case[3].ok):
        assert judged.jpeg[:3] == b"\xff\xd8\xff"
        assert len(judged.jpeg) <= MOST_BYTES
        picture = opened(judged.jpeg)
        assert picture.shape[:2] == (judged.height, judged.width)
        # A margin all around: it is paper, not table.
        rim = np.concatenate([picture[8], picture[-9], picture[:, 8], picture[:, -9]]).astype(float)
        assert float(np.median(rim)) > 0.75 * float(np.median(picture))
        sides = np.linalg.norm(seen.corners - np.roll(seen.corners, 1, axis=0), axis=1)
        wanted = sides[[0, 2]].mean() / sides[[1, 3]].mean()
        assert min(abs(judged.width / judged.height / r - 1) for r in (wanted, 1 / wanted)) < 0.1


def test_what_is_not_taken_is_not_kept(cases: list[Case]) -> None:
    assert all(judged.jpeg == b"" for _, _, _, judged in cases if not judged.ok)
    assert all("jpeg" not in repr(judged) for _, _, _, judged in cases)


@pytest.mark.parametrize("surface", ["white", "grey", "wood", "black"])
def test_every_table(surface: str) -> None:
    assert judge(shot(3, Scene(surface=surface, shadow=0.2)).frame).problem is None  # type: ignore[arg-type]


def test_sharpness_falls_with_blur_whatever_the_size() -> None:
    for size in ((1400, 1050), (2000, 1500)):
        found = [judge(shot(5, Scene(size=size, blur=blur)).frame).quality for blur in (0.02, 0.06, 0.13)]
        sharp = [one.sharpness for one in found if one]
        assert len(sharp) == 3
        assert sharp[0] > sharp[1] > Limits().sharpness > sharp[2]


def test_grey_frames_are_judged_too() -> None:
    grey = cv2.cvtColor(shot(7, Scene()).frame, cv2.COLOR_BGR2GRAY)
    assert judge(np.asarray(grey, dtype=np.uint8)).ok


def hostile() -> Iterator[np.ndarray]:
    rng = np.random.default_rng(1)
    for shape in ((0, 0, 3), (1, 1, 3), (63, 900, 3), (64, 64, 3), (70, 3000, 3), (600, 800, 3), (600, 800)):
        yield np.zeros(shape, np.uint8)
        yield np.full(shape, 255, np.uint8)
        yield rng.integers(0, 256, shape, dtype=np.uint8)
    stripes = np.zeros((480, 640, 3), np.uint8)
    stripes[::7] = 255
    yield stripes
    yield (
        np.kron(np.indices((12, 16)).sum(axis=0) % 2, np.ones((40, 40)))[..., None].repeat(3, 2).astype(np.uint8) * 255
    )


def test_no_frame_whatever_raises_or_is_taken() -> None:
    assert all(not judge(frame).ok for frame in hostile())


def test_a_picture_full_of_noise_still_fits() -> None:
    from drivers.camera.document import _packed

    noise = np.random.default_rng(2).integers(0, 256, (2200, 2200, 3), dtype=np.uint8)
    assert len(_packed(noise)) <= MOST_BYTES


class Reel:
    """Frames as a grabber gives them."""

    def __init__(self, pictures: list[np.ndarray]) -> None:
        self.pictures = pictures
        self.given = 0
        self.watched: list[bool] = []

    def watch(self, on: bool) -> None:
        self.watched.append(on)

    def newest(self, after: int, within_s: float) -> Frame | None:
        assert within_s >= 0
        if after < 0:
            return Frame(self.pictures[0], 0.0, 5)
        if self.given >= len(self.pictures):
            return None
        picture = self.pictures[self.given]
        self.given += 1
        return Frame(picture, 0.0, 5 + self.given)

    def health(self) -> Health:
        return Ready()


def test_the_camera_takes_the_first_frame_that_can_be_read() -> None:
    good = shot(9, Scene()).frame
    table = shot(9, Scene(empty=True)).frame
    reel = Reel([good] * SETTLE + [table, good, table])
    taken = DocumentCamera(reel).take()
    assert taken.verdict == ""
    assert reel.given == SETTLE + 2
    assert reel.watched == [True, False]
    assert max(opened(taken.preview).shape) == 720
    assert "xff" not in repr(taken)


def test_the_camera_gives_up_with_the_last_verdict() -> None:
    table = shot(9, Scene(empty=True)).frame
    reel = Reel([table] * 20)
    assert DocumentCamera(reel).take().verdict == "none"
    assert reel.given == SETTLE + TRIES


def test_a_camera_that_gives_nothing_or_breaks() -> None:
    reel = Reel([shot(9, Scene(empty=True)).frame])
    assert DocumentCamera(reel).take().verdict == "camera"
    broken = Reel([np.zeros((99, 99, 5), np.uint8)] * 9)
    assert DocumentCamera(broken).take().verdict == "camera"
    assert broken.watched == [True, False]


def test_a_folder_of_pictures_in_the_place_of_the_camera(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "sheet.png"), shot(9, Scene()).frame)
    scanner = make_camera(str(tmp_path), lambda _scan: None)
    camera = DocumentCamera(scanner.grabber.seat())
    scanner.start()
    try:
        until = time.monotonic() + 30
        while camera.health() != Ready() and time.monotonic() < until:
            time.sleep(0.05)
        assert camera.health() == Ready()
        scanner.trigger(False)
        assert camera.take().verdict == ""
        scanner.trigger(True)
        assert camera.take().verdict == ""
        seen = scanner.grabber.newest(0, 30)
        assert seen is not None
        assert scanner.grabber.newest(seen.number + 2, 30) is not None  # the scanner's frames go on after the picture
    finally:
        scanner.close()


def test_the_simulated_camera_is_steered() -> None:
    camera = SimDocumentCamera(FONT)
    assert camera.take().verdict == ""
    camera.condition("dark")
    assert camera.take().verdict == "dark"
    camera.condition("silent")
    assert (camera.take().verdict, camera.health()) == ("camera", Ready())
    camera.condition("offline")
    assert isinstance(camera.health(), Offline)
    with pytest.raises(ValueError, match="no condition"):
        camera.condition("on fire")


def test_the_simulated_scenes_differ() -> None:
    one, other = shot(1, Scene()), shot(2, Scene())
    assert not np.array_equal(one.frame, other.frame)
    assert np.array_equal(one.frame, shot(1, Scene()).frame)
    assert not np.array_equal(one.frame, shot(1, replace(Scene(), light=0.5)).frame)
