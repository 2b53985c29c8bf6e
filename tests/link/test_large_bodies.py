"""A request with photographs: its body goes in pieces and gets the time that a slow line needs for it."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from kiosk.engine.ports import Away
from kiosk.link.http import Answer, Peer, Times, grace_s

WHOLE_S = 0.8
LATE_S = 1.6


class LateServer:
    """Reads a whole request and answers it later than an ordinary call may take."""

    def __init__(self) -> None:
        self.got: list[int] = []
        self._server = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._server.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._server.close()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._server.accept()
            except OSError:
                return
            threading.Thread(target=self._one, args=(line,), daemon=True).start()

    def _one(self, line: socket.socket) -> None:
        with line, line.makefile("rb") as lines:
            length = 0
            while (header := lines.readline().strip()) != b"":
                if header.lower().startswith(b"content-length:"):
                    length = int(header.split(b":")[1])
            self.got.append(len(lines.read(length)))
            time.sleep(LATE_S)
            try:
                line.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
            except OSError:
                pass


@pytest.fixture
def server() -> Iterator[LateServer]:
    late = LateServer()
    yield late
    late.close()


def test_a_large_body_gets_its_time(server: LateServer) -> None:
    peer = Peer(server.url, Times(connect=0.5, read=5, whole=WHOLE_S))
    assert peer.call("POST", "/", {}, b"x") == Away(ambiguous=True)
    answer = peer.call("POST", "/", {}, b"x" * 700_000)
    assert isinstance(answer, Answer)
    assert answer.status == 204
    assert server.got == [1, 700_000]
    peer.close()


def test_an_ordinary_body_gets_none() -> None:
    assert grace_s(None) == grace_s(b"") == grace_s(bytes(60_000)) == 0
    assert 30 < grace_s(bytes(4_000_000)) < 45
