"""The screen's end of the socket: it finds core, loses it, finds it again."""

import queue
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk import wire
from screens.link import Link

PATIENCE_S = 10.0


@pytest.fixture
def news() -> "queue.Queue[object]":
    return queue.Queue()


@pytest.fixture
def link(tmp_path: Path, news: "queue.Queue[object]") -> Iterator[Link]:
    link = Link(tmp_path / "s", lambda: news.put("up"), news.put, lambda: news.put("lost"))
    link.start()
    yield link
    link.close()


def serve(path: Path) -> socket.socket:
    path.unlink(missing_ok=True)
    server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    server.bind(str(path))
    server.listen(1)
    return server


def test_it_connects_late_and_again(link: Link, tmp_path: Path, news: "queue.Queue[object]") -> None:
    for _ in range(2):
        with serve(tmp_path / "s") as server:
            peer, _ = server.accept()
        with peer:
            assert news.get(timeout=PATIENCE_S) == "up"
            assert link.send(wire.Touch("home", 1))
            assert wire.parse_message(peer.recv(4096)) == wire.Touch("home", 1)
            peer.sendall(b"noise\n" + wire.encode(wire.Shoot("a.png")))
            assert news.get(timeout=PATIENCE_S) == wire.Shoot("a.png")
        assert news.get(timeout=PATIENCE_S) == "lost"


def test_a_touch_without_core_is_no_touch(link: Link) -> None:
    assert not link.send(wire.Touch("home", 1))


def test_a_line_without_end_does_not_fill_the_memory(link: Link, tmp_path: Path, news: "queue.Queue[object]") -> None:
    with serve(tmp_path / "s") as server:
        peer, _ = server.accept()
        with peer:
            assert news.get(timeout=PATIENCE_S) == "up"
            for _ in range(16):
                peer.sendall(b"x" * wire.LINE_LIMIT)
            peer.sendall(b"\n" + wire.encode(wire.Shoot("b.png")))
            assert news.get(timeout=PATIENCE_S) == wire.Shoot("b.png")


def test_closing_ends_the_thread(tmp_path: Path) -> None:
    before = threading.active_count()
    with serve(tmp_path / "s") as server:
        link = Link(tmp_path / "s", lambda: None, lambda _: None, lambda: None)
        link.start()
        peer, _ = server.accept()
        with peer:
            link.close()
            assert peer.recv(1) == b""
    assert threading.active_count() == before
