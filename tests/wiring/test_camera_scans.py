"""A real core with a camera that is files: what is laid before it is scanned, once, and its health is known."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from kiosk.config import Camera, Settings
from kiosk.core.events import Touched
from kiosk.domain.health import Ready
from kiosk.engine.clock import open_clock
from kiosk.engine.mint import uuid7
from kiosk.view.models import Picture
from kiosk.wiring.core import Core
from tests.core.citizen import resident_id
from tests.drivers.camera.frames import Look, picture


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def kiosk(source: str, state: Path) -> Core:
    state.mkdir()
    core = Core(replace(Settings(), camera=Camera(source=source)), state, open_clock(False, {}))
    core.start()
    return core


def test_a_document_before_the_camera_is_one_scan_and_not_another_when_she_leaves_it_there(tmp_path: Path) -> None:
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    frame = picture("QRCode", resident_id(), Look(module=6, noise=6, dark=60, light=120))
    cv2.imwrite(str(pictures / "card.png"), frame.gray)
    core = kiosk(f"{pictures}?fps=30", tmp_path / "state")
    try:
        engine = core.kiosk.engine
        until(lambda: engine.view.view != "welcome")
        assert engine.state.session.identity is not None
        until(lambda: engine.state.parts.camera == engine.state.parts.scanner == Ready())
        assert core.kiosk.scanner is not None
        engine.post(Touched("home", uuid7()))
        engine.post(Touched("choice:yes", uuid7()))
        until(lambda: engine.view.view == "welcome")
        camera = core.kiosk.scanner.grabber  # type: ignore[attr-defined]
        seen = camera.newest(0, 30)
        until(lambda: (camera.newest(seen.number, 1) or seen).number > seen.number + 60)
        assert engine.view.view == "welcome"
    finally:
        core.stop()


def test_a_camera_that_sees_nothing_is_told(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "dark.png"), np.zeros((480, 640), dtype=np.uint8))
    core = kiosk(f"{tmp_path / 'dark.png'}?fps=30", tmp_path / "state")
    try:
        until(lambda: "sees nothing" in str(getattr(core.kiosk.engine.state.parts.camera, "reason", "")))
    finally:
        core.stop()


def test_what_the_camera_sees_is_shown_on_the_page_that_asks_for_it_and_nowhere_else(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "sheet.png"), np.tile(np.arange(256, dtype=np.uint8), (480, 3)))
    core = kiosk(f"{tmp_path / 'sheet.png'}?fps=30", tmp_path / "state")
    try:
        engine = core.kiosk.engine
        until(lambda: engine.state.parts.camera == engine.state.parts.scanner == Ready())
        live = Path(engine.state.parts.preview)
        assert live.is_relative_to("/dev/shm")
        time.sleep(0.3)
        assert not live.exists()
        engine.post(Touched("identify:scan", uuid7()))
        until(live.exists)
        assert any(
            isinstance(block, Picture) and block.live and block.path == str(live) for block in engine.view.blocks
        )
        assert live.stat().st_mode & 0o777 == 0o600
        assert live.read_bytes().startswith(b"P5\n320 ")
        engine.post(Touched("home", uuid7()))
        until(lambda: not live.exists())
        assert not any(isinstance(block, Picture) for block in engine.view.blocks)
        engine.post(Touched("identify:scan", uuid7()))
        until(live.exists)
    finally:
        core.stop()
    assert not live.exists()
    assert not live.parent.exists()
