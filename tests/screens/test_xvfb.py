"""A real window on a real X server: it opens, draws, and a real click is exactly one touch; keys do nothing."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk import wire
from kiosk.view.models import View
from tests.screens.fake_core import PATIENCE_S, FakeCore, screen

Samples = dict[tuple[str, str], dict[str, View]]
SIZE = ("720", "1280")

pytestmark = pytest.mark.skipif(
    not (shutil.which("Xvfb") and shutil.which("xdotool")), reason="needs the packages xvfb and xdotool"
)


@pytest.fixture
def display() -> Iterator[str]:
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", "1", "-screen", "0", "1000x1400x24", "-nolisten", "tcp"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert server.stdout is not None
    try:
        yield f":{server.stdout.readline().strip()}"
    finally:
        server.kill()
        server.communicate(timeout=PATIENCE_S)


def test_a_real_click_is_one_touch_and_keys_are_none(display: str, tmp_path: Path, shown: Samples) -> None:
    core = FakeCore(tmp_path / "s.sock")
    view = shown["zh", "normal"]["keypad"]

    def xdotool(*words: str) -> str:
        done = subprocess.run(
            ["xdotool", *words], env={"DISPLAY": display, "PATH": "/usr/bin:/bin"}, capture_output=True, text=True,
            timeout=PATIENCE_S, check=True,
        )  # fmt: skip
        return done.stdout.strip()

    options = ("--width", SIZE[0], "--height", SIZE[1], "--forward-keys")
    with screen(tmp_path / "s.sock", tmp_path, *options, SDL_VIDEODRIVER="x11", DISPLAY=display) as process:
        try:
            hello = core.accept()
            assert (hello.width, hello.height) == (720, 1280)
            core.show(view, 3)
            window = xdotool("search", "--onlyvisible", "--pid", str(process.pid)).split()[0]
            x, y = _place(view, "key:5")
            for _ in range(2):
                xdotool("mousemove", "--window", window, str(x), str(y), "click", "1")
            assert [core.hear(wire.Touch) for _ in range(2)] == [wire.Touch("key:5", 3)] * 2
            xdotool("windowfocus", window, "key", "Escape", "F1", "a")
            assert [core.hear(wire.Key).name for _ in range(3)] == ["escape", "f1", "a"]
            assert core.said.empty()
            assert not core.shoot(tmp_path / "window.png").error
            assert process.poll() is None
        finally:
            core.close()


def _place(view: View, action: str) -> tuple[int, int]:
    """Return the middle of a pressable on that panel; the arithmetic needs no window."""
    from screens.page import Composer
    from screens.theme import Panel

    page = Composer(Panel(720, 1280), lambda text, _face, px: len(text) * px / 2).compose(view)
    rect = next(piece.rect for piece in page.pressables() if piece.action and piece.action.id == action)
    return round(rect.x + rect.w / 2), round(rect.y + rect.h / 2)
