"""The camera's twin at the other end of a real socket: shown codes, darkened, frozen, torn in a frame, steered."""

import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
import requests

from drivers.camera import wire
from drivers.camera.scanner import CameraScanner
from drivers.camera.source import Wanted, open_source, parse
from drivers.device import BadAddress, LineLost
from drivers.sim.camera import SimCamera
from drivers.sim.camera_control import CameraControl
from kiosk.domain.health import Offline, Ready
from kiosk.domain.scan import Scan


def until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.005)


@pytest.fixture
def sim() -> Iterator[SimCamera]:
    one = SimCamera(size=(320, 240))
    yield one
    one.close()
    one.close()


def test_a_code_is_held_before_it_while_it_runs_and_it_is_pulled_out_and_comes_back(sim: SimCamera) -> None:
    scans: list[Scan] = []
    camera = CameraScanner(sim.url, scans.append)
    camera.start()
    try:
        until(lambda: camera.health() == Ready())
        assert scans == []
        sim.show("A012")
        until(lambda: [scan.text for scan in scans] == ["A012"])
        sim.condition("lost-mid-job")
        until(lambda: isinstance(camera.health(), Offline))
        sim.lift()
        sim.condition("ready")
        until(lambda: camera.health() == Ready())
        sim.condition("dark")
        until(lambda: isinstance(camera.health(), Offline))
    finally:
        camera.close()


def test_frames_come_whole_with_their_noise_and_a_frozen_one_is_the_same_for_ever(sim: SimCamera) -> None:
    source = open_source(Wanted("tcp", sim.url))
    one, other = source.read(), source.read()
    assert one.shape == (240, 320)
    assert not np.array_equal(one, other)
    sim.condition("frozen")
    until(lambda: np.array_equal(source.read(), source.read()))
    source.close()


def test_a_picture_is_shown_as_it_is(sim: SimCamera, tmp_path: Path) -> None:
    picture = np.random.default_rng(1).integers(0, 255, (100, 160), dtype=np.uint8)
    cv2.imwrite(str(tmp_path / "one.png"), picture)
    sim.show(picture=tmp_path / "one.png")
    source = open_source(Wanted("tcp", sim.url))
    until(lambda: source.read().shape == (100, 160))
    assert np.array_equal(source.read(), picture)
    source.close()


@pytest.mark.parametrize(
    "junk", [b"HTTP/1.1 400 Bad Request\r\n" * 9, b"P5\n0 7\n255\n" * 9, b"P5\n99999 99999\n255\n" * 9]
)
def test_what_is_no_camera_is_lost(junk: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        source = open_source(Wanted("tcp", f"tcp://127.0.0.1:{server.getsockname()[1]}"))
        peer, _ = server.accept()
        peer.sendall(junk)
        with pytest.raises(LineLost, match="sends no pictures"):
            source.read()
        source.close()
        peer.close()


def test_one_that_is_silent_or_away_is_lost(sim: SimCamera, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "FRAME_S", 0.3)
    sim.condition("silent")
    source = open_source(Wanted("tcp", sim.url))
    with pytest.raises(LineLost, match="no frame came"):
        source.read()
    source.close()
    with pytest.raises(BadAddress, match=r"port"):
        parse("tcp://:0")


def test_it_is_steered_from_outside(sim: SimCamera) -> None:
    control = CameraControl(sim)
    try:
        said = requests.post(f"{control.url}/show", json={"text": "鄂L12345"}, timeout=10).json()
        assert (said["shows"], said["condition"]) == ("鄂L12345", "ready")
        assert requests.post(f"{control.url}/lift", json={}, timeout=10).json()["shows"] == ""
        assert (
            requests.post(f"{control.url}/condition", json={"condition": "dark"}, timeout=10).json()["condition"]
            == "dark"
        )
        for path, body in (
            ("/show", {}), ("/show", {"picture": "/nowhere.png"}), ("/show", {"text": "x" * 2000}),
            ("/condition", {"condition": "on-fire"}),
        ):  # fmt: skip
            refused = requests.post(control.url + path, json=body, timeout=10)
            assert (refused.status_code, bool(refused.json()["error"])) == (422, True)
        assert requests.post(f"{control.url}/nowhere", json={}, timeout=10).status_code == 404
        assert "frozen" in requests.get(f"{control.url}/panel", timeout=10).text
    finally:
        control.close()
