"""The screen's socket takes its own old place, and nobody else's."""

import socket
from pathlib import Path

import pytest

from kiosk.domain.errors import Refusal
from kiosk.engine.mint import uuid7
from kiosk.engine.window import Window


def test_a_file_that_is_no_socket_is_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "letters.txt"
    file.write_text("kept")
    with pytest.raises(Refusal, match="is left as it is"):
        Window(file, lambda _touch: None, uuid7)
    assert file.read_text() == "kept"


def test_the_socket_of_a_core_that_died_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "screen.sock"
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as dead:
        dead.bind(str(path))
    window = Window(path, lambda _touch: None, uuid7)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as peer:
        peer.connect(str(path))
    window.close()
    assert not path.exists()
