"""The camera as a scanner: frames from stand-ins, votes, pages that ask for something, and a camera that goes away."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from drivers.camera.decoder import StreamDecoder
from drivers.camera.engines import zbar
from drivers.camera.frame import Frame as Seen
from drivers.camera.grabber import FROZEN_S, Grabber
from drivers.camera.reading import Gray, Read
from drivers.camera.scanner import CameraScanner, as_scan, make_camera, why_not
from drivers.camera.source import Wanted, open_source, parse
from drivers.device import BadAddress, LineLost
from kiosk.domain.errors import Refusal
from kiosk.domain.health import Health, Offline, Ready, Unknown
from kiosk.domain.scan import Scan
from tests.drivers.camera.frames import Look, nothing, picture

SEEN_S = 0.07


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.005)


class Film:
    """A camera whose frames the test chooses; it can be stuck, dark or torn out."""

    live = True

    def __init__(self) -> None:
        self.scene: Gray = nothing(3)
        self.steady = False
        self.torn = False
        self.opened = 0
        self.closed = 0
        self._rng = np.random.default_rng(1)

    def open(self, _wanted: Wanted) -> "Film":
        if self.torn:
            raise LineLost("it is not plugged in", "plug it in")
        self.opened += 1
        return self

    def read(self) -> Gray:
        time.sleep(0.01)
        if self.torn:
            raise LineLost("no frame came", "plug it in")
        if self.steady:
            return self.scene
        noise = self._rng.normal(0, 2, self.scene.shape)
        noisy: Gray = np.clip(self.scene + noise, 0, 255).astype(np.uint8)
        return noisy

    def close(self) -> None:
        self.closed += 1


@pytest.fixture
def film() -> Film:
    return Film()


class Desk:
    """A camera scanner on a film."""

    def __init__(self, film: Film) -> None:
        self.scans: list[Scan] = []
        self.healths: list[Health] = []
        self.camera = CameraScanner("/dev/video0", self.scans.append, self.healths.append, opener=film.open)


@pytest.fixture
def desk(film: Film) -> Iterator[Desk]:
    one = Desk(film)
    one.camera.start()
    yield one
    one.camera.close()
    one.camera.close()


def test_a_document_held_before_the_camera_is_one_scan(desk: Desk, film: Film) -> None:
    until(lambda: desk.camera.health() == Ready())
    film.scene = picture("QRCode", "鄂L7K3B9|2026").gray
    until(lambda: len(desk.scans) == 1)
    time.sleep(0.3)
    assert desk.scans == [Scan("鄂L7K3B9|2026", len("鄂L7K3B9|2026".encode()), "QRCode")]
    film.scene = picture("Code128", "1234567890123").gray
    until(lambda: len(desk.scans) == 2)
    assert desk.scans[1].text == "1234567890123"


def test_what_is_left_lying_is_told_once_and_again_when_it_was_away(desk: Desk, film: Film) -> None:
    lying, table = picture("QRCode", "A012").gray, film.scene
    film.scene = lying
    until(lambda: len(desk.scans) == 1)
    desk.camera.trigger(False)
    desk.camera.trigger(True)
    first = desk.camera.grabber.newest(0, 30)
    assert first is not None
    until(lambda: (desk.camera.grabber.newest(first.number, 1) or first).number > first.number + 150)
    assert len(desk.scans) == 1
    film.scene = table
    gone = time.monotonic()
    until(lambda: time.monotonic() - gone > 4)  # longer than the time in which a repeat is no news
    film.scene = lying
    until(lambda: len(desk.scans) == 2)


def test_while_it_is_off_nothing_is_read(desk: Desk, film: Film) -> None:
    until(lambda: desk.camera.health() == Ready())
    desk.camera.trigger(False)
    film.scene = picture("QRCode", "A012").gray
    time.sleep(0.3)
    assert desk.scans == []
    desk.camera.trigger(True)
    until(lambda: len(desk.scans) == 1)


def test_a_camera_torn_out_is_offline_and_found_again(desk: Desk, film: Film) -> None:
    until(lambda: desk.camera.health() == Ready())
    film.torn = True
    until(lambda: isinstance(desk.camera.health(), Offline))
    film.torn = False
    until(lambda: desk.camera.health() == Ready())
    assert film.opened >= 2
    film.scene = picture("QRCode", "A013").gray
    until(lambda: [scan.text for scan in desk.scans] == ["A013"])


def test_a_stuck_and_a_dark_camera_are_noticed(film: Film) -> None:
    step = [0.0]
    healths: list[Health] = []

    def clock() -> float:
        step[0] += FROZEN_S / 10  # time flies, so that nobody waits
        return step[0]

    film.steady = True
    grabber = Grabber(parse("/dev/video0"), healths.append, film.open, clock)
    assert grabber.health() == Unknown()
    grabber.start()
    until(lambda: any(isinstance(one, Offline) and "same frame" in one.reason for one in healths))
    film.steady = False
    film.scene = np.zeros((480, 640), dtype=np.uint8)
    until(lambda: any(isinstance(one, Offline) and "sees nothing" in one.reason for one in healths))
    film.scene = nothing(3)
    until(lambda: healths[-1] == Ready())
    grabber.close()


def test_the_newest_frame_is_given_and_older_ones_are_dropped(film: Film) -> None:
    grabber = Grabber(parse("/dev/video0"), None, film.open)
    assert grabber.newest(0, 0.01) is None
    grabber.start()
    first = grabber.newest(0, 10)
    assert first is not None
    until(lambda: (grabber.newest(first.number, 10) or first).number > first.number + 2)
    grabber.close()
    assert film.closed == film.opened


def test_a_failing_listener_does_not_end_the_camera(film: Film) -> None:
    heard = threading.Event()

    def listener(_scan: Scan) -> None:
        heard.set()
        raise RuntimeError

    camera = CameraScanner("/dev/video0", listener, opener=film.open)
    film.scene = picture("QRCode", "A012").gray
    camera.start()
    assert heard.wait(30)
    until(lambda: camera.health() == Ready())
    assert camera._thread.is_alive()
    camera.close()


# The decoder alone


def show(decoder: StreamDecoder, gray: Gray, frames: int = 12, at: float = 0.0) -> list[Read]:
    rng = np.random.default_rng(2)
    reads = []
    for number in range(frames):
        noisy = np.clip(gray + rng.normal(0, 3, gray.shape), 0, 255).astype(np.uint8)
        read = decoder.feed(Seen(noisy, at + number * SEEN_S, number))
        reads += [read] if read else []
    return reads


def test_one_read_is_not_enough() -> None:
    decoder = StreamDecoder(zbar())
    gray = picture("QRCode", "A012").gray
    assert decoder.feed(Seen(gray, 0.0, 1)) is None
    assert decoder.feed(Seen(gray, 5.0, 2)) is None  # the first vote is too old
    read = decoder.feed(Seen(gray, 5.1, 3))
    assert read is not None
    assert read.text == "A012"


@pytest.mark.parametrize("symbology", ["Code39", "ITF"])
def test_symbologies_without_a_check_need_three(symbology: str) -> None:
    decoder = StreamDecoder(zbar())
    gray = picture(symbology, "12345678").gray
    answers = [decoder.feed(Seen(gray, number * SEEN_S, number)) is not None for number in range(3)]
    assert answers == [False, False, True]


def test_a_page_limits_symbologies_and_shapes() -> None:
    gray = picture("Code128", "1234567890123").gray
    decoder = StreamDecoder(zbar(), lambda read: len(read.text) == 18)
    assert show(decoder, gray) == []
    only_qr = StreamDecoder(zbar())
    only_qr.wanted = frozenset({"QRCode"})
    assert show(only_qr, gray) == []


def test_a_still_scene_without_a_code_is_not_decoded_for_ever() -> None:
    decoder = StreamDecoder(zbar())
    assert show(decoder, nothing(3), 20) == []
    assert decoder.skipped >= 10
    assert show(decoder, picture("QRCode", "A012").gray, 12, at=10.0)


def test_a_turned_code_is_read_by_a_later_look() -> None:
    gray = picture("Code128", "1234567890123", Look(angle=19.0)).gray
    reads = show(StreamDecoder(zbar()), gray, 24)
    assert {read.text for read in reads} == {"1234567890123"}


def test_a_tilted_itf_code_never_gives_a_shorter_number() -> None:
    for seed, angle in enumerate((-14.0, 11.0, 18.0)):
        gray = picture("ITF", "12345678901231", Look(angle=angle), seed).gray
        assert {read.text for read in show(StreamDecoder(zbar()), gray)} <= {"12345678901231"}


def test_faults_of_codes_are_those_of_scans() -> None:
    place = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
    assert as_scan(Read("QRCode", b"A\x07", "A\x07", place)) == Scan(None, 2, "QRCode", "control")
    assert as_scan(Read("QRCode", b"A" * 5000, "A" * 5000, place)) == Scan(None, 5000, "QRCode", "too-long")


# The sources


def test_a_video_file_plays_over_and_over(tmp_path: Path) -> None:
    file = tmp_path / "film.avi"
    writer = cv2.VideoWriter(str(file), cv2.VideoWriter.fourcc(*"MJPG"), 60, (640, 480))
    for seed in range(3):
        writer.write(cv2.cvtColor(picture("QRCode", "A012", seed=seed).gray, cv2.COLOR_GRAY2BGR))
    writer.release()
    source = open_source(parse(str(file)))
    assert [source.read().shape for _ in range(7)] == [(480, 640)] * 7
    source.close()


def test_pictures_of_a_folder_come_one_after_the_other(tmp_path: Path) -> None:
    for text in ("A012", "B013"):
        cv2.imwrite(str(tmp_path / f"{text}.png"), picture("QRCode", text).gray)
    scans: list[Scan] = []
    camera = make_camera(f"{tmp_path}?fps=30", scans.append)
    camera.start()
    until(lambda: {scan.text for scan in scans} == {"A012", "B013"})
    camera.close()
    assert why_not(str(tmp_path)) == ""


def test_a_camera_that_is_not_there_sees_its_text() -> None:
    scans: list[Scan] = []
    camera = make_camera("synthetic:%E9%84%82L12345?size=640x480&fps=30", scans.append)
    camera.start()
    until(lambda: len(scans) == 1)
    camera.close()
    assert scans[0].text == "鄂L12345"


@pytest.mark.parametrize(
    ("setting", "says"),
    [
        ("/dev/video-none", "not plugged in"),
        ("/dev/null", "no video device"),
        ("/nowhere/film.avi", "does not exist"),
        ("/nowhere/x.png", "does not exist"),
        ("csi:0", "picamera2 is not installed"),
        ("webcam", "is no camera"),
    ],
)
def test_why_a_camera_cannot_be_used(setting: str, says: str) -> None:
    assert says in why_not(setting)


def test_an_empty_folder_and_broken_files_are_no_cameras(tmp_path: Path) -> None:
    assert "holds no pictures" in why_not(str(tmp_path))
    (tmp_path / "x.avi").write_bytes(b"nonsense")
    assert "no video" in why_not(str(tmp_path / "x.avi"))
    (tmp_path / "x.png").write_bytes(b"nonsense")
    assert "no JPEG" in why_not(str(tmp_path))


@pytest.mark.parametrize("wrong", ["", "video0", "/dev/video0?size=big", "/dev/video0?fps=0", "/dev/video0?zoom=2"])
def test_a_wrong_setting_is_refused(wrong: str) -> None:
    with pytest.raises(BadAddress):
        parse(wrong)
    with pytest.raises(Refusal, match=r"camera\.source"):
        make_camera(wrong, lambda _scan: None)
