"""The screen is killed in mid-journey: core keeps the session, and a new screen shows the same page."""

import time
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.config import load
from kiosk.engine.clock import SystemClock
from kiosk.wiring.core import Core
from kiosk.wiring.desk import HEADLESS
from kiosk.wiring.processes import Process

PATIENCE_S = 40.0


@pytest.mark.timeout(180)
def test_a_killed_screen_comes_back_to_the_same_page_and_its_touches_count(tmp_path: Path) -> None:
    settings = replace(load(None), hub=replace(load(None).hub, url="http://127.0.0.1:9"))
    core = Core(settings, tmp_path, SystemClock())
    core.start()
    words = ["screen", "--state", str(tmp_path / "screen"), "--socket", str(tmp_path / "screen.sock"), "--zoom", "0.5"]
    try:
        first = Process(words, tmp_path / "first.log", HEADLESS)
        assert core.screen.ready(PATIENCE_S), first.last_words()
        for action, view in (("ticket-only", "services"), ("category:B", "services"), ("service:B1", "guide")):
            press(core, action, view)
        first.child.kill()
        first.child.wait()
        second = Process(words, tmp_path / "second.log", HEADLESS)
        assert core.screen.ready(PATIENCE_S), second.last_words()
        assert core.screen.drawn(PATIENCE_S)
        assert core.kiosk.engine.view.view == "guide"
        press(core, "back", "services")
        second.stop()
    finally:
        core.stop()
    assert not (tmp_path / "screen.sock").exists()


def press(core: Core, action: str, view: str) -> None:
    before = core.kiosk.engine.view
    until = time.monotonic() + PATIENCE_S
    while core.kiosk.engine.view.action(action) is None and time.monotonic() < until:
        time.sleep(0.02)
    assert core.screen.drawn(PATIENCE_S)
    core.screen.tap(action)
    while core.kiosk.engine.view == before and time.monotonic() < until:
        time.sleep(0.02)
    assert core.kiosk.engine.view.view == view
