"""`kiosk screen` as a process: it draws what core says, reports what is touched, and can be killed at any moment."""

import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from kiosk import wire
from kiosk.view.models import View
from tests.screens.fake_core import FakeCore, screen

Samples = dict[tuple[str, str], dict[str, View]]


@pytest.fixture
def core(tmp_path: Path) -> Iterator[FakeCore]:
    core = FakeCore(tmp_path / "s.sock")
    yield core
    core.close()


@pytest.fixture
def views(shown: Samples) -> dict[str, View]:
    return shown["zh", "normal"]


def same(one: Path, other: Path) -> bool:
    with Image.open(one) as first, Image.open(other) as second:
        return ImageChops.difference(first.convert("RGB"), second.convert("RGB")).getbbox() is None


def test_it_greets_draws_and_saves_pictures(core: FakeCore, tmp_path: Path, views: dict[str, View]) -> None:
    with screen(tmp_path / "s.sock", tmp_path, "--width", "720", "--height", "1280") as process:
        hello = core.accept()
        assert (hello.width, hello.height, hello.dpi) == (720, 1280, 102.0)
        assert hello.renderer
        core.send(wire.view_message(views["welcome"], 1))
        core.hear(wire.Ready)
        assert core.shoot(tmp_path / "a.png") == wire.Shot(str(tmp_path / "a.png"))
        with Image.open(tmp_path / "a.png") as picture:
            assert picture.size == (720, 1280)
            assert len(picture.convert("RGB").resize((200, 200)).getcolors(40_000) or []) > 50
        assert core.shoot(tmp_path / "no" / "folder.png").error
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0


def test_killed_and_started_again_it_shows_the_same_page(
    core: FakeCore, tmp_path: Path, views: dict[str, View]
) -> None:
    for name in ("before", "after"):
        with screen(tmp_path / "s.sock", tmp_path) as process:
            core.accept()
            core.show(views["check"], 7)
            assert not core.shoot(tmp_path / f"{name}.png").error
            process.kill()
            process.wait(20)
    assert same(tmp_path / "before.png", tmp_path / "after.png")


def test_garbage_is_passed_over(core: FakeCore, tmp_path: Path, views: dict[str, View]) -> None:
    with screen(tmp_path / "s.sock", tmp_path) as process:
        core.accept()
        core.show(views["welcome"], 1)
        for line in (b"garbage", b"{}", b'{"type":"view"}', b"\xff\x00\xfe", b"x" * (wire.LINE_LIMIT * 2), b""):
            core.send(line + b"\n")
        core.show(views["services-B"], 2)
        assert not core.shoot(tmp_path / "a.png").error
        assert process.poll() is None


def test_it_finds_core_again_and_stays_calm_meanwhile(core: FakeCore, tmp_path: Path, views: dict[str, View]) -> None:
    with screen(tmp_path / "s.sock", tmp_path) as process:
        core.accept()
        core.show(views["check"], 1)
        core.shoot(tmp_path / "check.png")
        core.hang_up()
        core.accept()
        core.shoot(tmp_path / "still.png")  # core is back at once: the page has not moved
        assert same(tmp_path / "check.png", tmp_path / "still.png")
        core.hang_up()
        time.sleep(1.2)
        core.accept()
        time.sleep(3.5)  # connected, but core says nothing: the citizen's page must not stand for ever
        core.shoot(tmp_path / "calm.png")
        assert not same(tmp_path / "check.png", tmp_path / "calm.png")
        core.show(views["check"], 2)
        core.shoot(tmp_path / "again.png")
        assert same(tmp_path / "check.png", tmp_path / "again.png")
        assert process.poll() is None


def test_without_core_it_waits(tmp_path: Path) -> None:
    with screen(tmp_path / "s.sock", tmp_path) as process:
        assert process.stdout is not None
        said = ""
        while "core is away" not in said:  # from then on the window stands, and its signals are its own
            line = process.stdout.readline()
            assert line, said
            said += line
        assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        output, _ = process.communicate(timeout=60)
        assert process.returncode == 0
        assert "Traceback" not in said + output


@pytest.mark.parametrize(
    "options", [["--zoom", "3"], ["--width", "9"], ["--dpi", "5"], ["--nonsense"], ["--width", "wide"]]
)
def test_wrong_options_are_refused_in_one_line(tmp_path: Path, options: list[str]) -> None:
    with screen(tmp_path / "s.sock", tmp_path, *options) as process:
        output, _ = process.communicate(timeout=60)
        assert process.returncode == 2
        assert output.count("\n") == 1


def test_the_screen_knows_no_device_no_network_and_no_database(tmp_path: Path) -> None:
    code = (
        "import sys, kiosk.wiring.screen as s; from screens import environment, theme, link, stage; "
        "print(sorted(m.split('.')[0] for m in sys.modules))"
    )
    import sys

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True,
        env={"PATH": "", "KIVY_HOME": str(tmp_path), "KIVY_NO_CONFIG": "1", "KIVY_NO_ARGS": "1"},
    )  # fmt: skip
    loaded = set(done.stdout.replace("'", " ").replace(",", " ").split())
    assert not loaded & {"serial", "escpos", "cv2", "sqlalchemy", "sqlite3", "requests", "fastapi", "drivers", "branch"}


def test_a_panel_too_small_for_citizens_says_so_and_serves_technicians(
    core: FakeCore, tmp_path: Path, views: dict[str, View]
) -> None:
    with screen(tmp_path / "s.sock", tmp_path, "--width", "800", "--height", "480", "--dpi", "133", "--zoom", "1"):
        core.accept()
        for seq, name in enumerate(("welcome", "services-B", "technician-menu"), 1):
            core.show(views[name], seq)
            core.shoot(tmp_path / f"{name}.png")
    assert same(tmp_path / "welcome.png", tmp_path / "services-B.png")
    assert not same(tmp_path / "welcome.png", tmp_path / "technician-menu.png")
