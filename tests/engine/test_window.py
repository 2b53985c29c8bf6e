"""Core's end of the screen's socket: a screen that stands still holds nobody up, and the next one is shown all."""

import socket
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.engine.mint import uuid7
from kiosk.engine.window import Window
from kiosk.view.models import Paragraph, View
from kiosk.wire import Hello, Show, encode, parse_message

LONG = View("notice", "一", blocks=(Paragraph("字" * 20_000),))
PATIENCE_S = 60.0


@pytest.fixture
def path() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="kiosk-window-") as folder:
        yield Path(folder) / "screen.sock"


def screen(path: Path) -> socket.socket:
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    line.settimeout(PATIENCE_S)
    line.connect(str(path))
    return line


def test_a_screen_that_stands_still_holds_core_up_no_longer_than_a_moment(path: Path) -> None:
    window = Window(path, lambda _event: None, uuid7)
    with screen(path) as still:
        still.sendall(encode(Hello(1, 1, 1.0)))
        shown = threading.Event()

        def show() -> None:
            for _ in range(40):  # far more than a socket holds
                window.show(LONG)
            shown.set()

        threading.Thread(target=show, daemon=True).start()
        assert shown.wait(PATIENCE_S)
        while still.recv(1 << 20):  # what was under way, then the end: it has been let go
            pass
        with screen(path) as new, new.makefile("rb") as lines:
            told = parse_message(lines.readline())
            assert isinstance(told, Show)
            assert told.view == LONG
    window.close()


def test_who_hears_core_hang_up_may_come_again(path: Path) -> None:
    window = Window(path, lambda _event: None, uuid7)
    window.show(LONG)
    with screen(path) as first, screen(path) as second, first.makefile("rb") as lines:
        assert isinstance(parse_message(lines.readline()), Show)
        assert lines.readline() == b""  # the second took its place
        with second.makefile("rb") as its:
            assert isinstance(parse_message(its.readline()), Show)
    window.close()
