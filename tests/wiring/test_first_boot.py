"""A first boot through a real core, killed at every step: the next start shows the page that was on the glass."""

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kiosk.core.flows.wizard import STEPS
from kiosk.ops import progress

PATIENCE_S = 60.0


class Screen:
    """What stands where the window would: it reads Views and touches."""

    def __init__(self, state: Path) -> None:
        words = [sys.executable, "-m", "kiosk", "core", "--state", str(state)]
        self.core = subprocess.Popen(words, stderr=subprocess.DEVNULL, env=os.environ)
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(PATIENCE_S)
        end = time.monotonic() + PATIENCE_S
        while True:
            try:
                self._socket.connect(str(state / "screen.sock"))
                break
            except OSError:
                assert time.monotonic() < end
                time.sleep(0.05)
        self._lines = self._socket.makefile("rwb")
        self.seq = 0

    def title(self) -> str:
        while True:
            message = json.loads(self._lines.readline())
            if message["type"] == "view":
                self.seq = message["seq"]
                return str(message["view"]["title"])

    def touch(self, action: str) -> None:
        self._lines.write(json.dumps({"type": "touch", "action": action, "seq": self.seq}).encode() + b"\n")
        self._lines.flush()

    def kill(self) -> None:
        self.core.kill()
        self.core.wait(PATIENCE_S)
        self._socket.close()


@pytest.mark.parametrize("cut", [2, 6])
def test_killed_on_any_page_it_comes_back_with_that_page(tmp_path: Path, cut: int) -> None:
    progress.keep(tmp_path, step=STEPS[0])
    screen = Screen(tmp_path)
    try:
        shown = screen.title()
        for _ in range(cut):
            before = shown
            screen.touch("next")
            while shown == before:
                shown = screen.title()
        end = time.monotonic() + PATIENCE_S
        while progress.read(tmp_path).step != STEPS[cut]:  # the page is shown a moment before its step is on disk
            assert time.monotonic() < end
            time.sleep(0.01)
    finally:
        screen.kill()
    (tmp_path / "screen.sock").unlink(missing_ok=True)
    again = Screen(tmp_path)
    try:
        assert again.title() == shown
    finally:
        again.kill()
