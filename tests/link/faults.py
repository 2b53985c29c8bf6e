"""A peer that misbehaves on order: bytes are read and then the worst is done with them."""

import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

Deed = Callable[[socket.socket, bytes], None]

WAITS_S = 5.0
"""How long a deed drags on; far beyond every budget in these tests."""


def says(status: str, body: str = "", content_type: str = "application/json", *headers: str) -> Deed:
    """A proper HTTP answer."""

    def deed(line: socket.socket, _request: bytes) -> None:
        raw = body.encode()
        head = [f"HTTP/1.1 {status}", f"Content-Type: {content_type}", f"Content-Length: {len(raw)}", *headers]
        line.sendall("\r\n".join([*head, "", ""]).encode() + raw)

    return deed


def problem(status: int, code: str, *headers: str) -> Deed:
    body = f'{{"title": "x", "status": {status}, "code": "{code}", "retry": "never", "detail": "x"}}'
    return says(f"{status} X", body, "application/problem+json", *headers)


def raw(content: bytes) -> Deed:
    """Bytes that are no HTTP, or half of it."""

    def deed(line: socket.socket, _request: bytes) -> None:
        line.sendall(content)

    return deed


def resets(line: socket.socket, _request: bytes) -> None:
    """RST, as a crashed peer or a firewall sends it."""
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def hangs_up(line: socket.socket, _request: bytes) -> None:
    """FIN without a word."""


@dataclass
class FaultServer:
    """Does one deed a connection's request; `requests` keeps what it has read."""

    deed: Deed
    requests: list[bytes] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def stays_silent(self, _line: socket.socket, _request: bytes) -> None:
        self.stopped.wait(WAITS_S)

    def trickles(self, line: socket.socket, _request: bytes) -> None:
        """A byte at a time, each well within a read time-out."""
        for letter in b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 500:
            if self.stopped.wait(0.05):
                return
            line.sendall(bytes([letter]))

    def trickles_body(self, line: socket.socket, _request: bytes) -> None:
        line.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n")
        while not self.stopped.wait(0.05):
            line.sendall(b" ")

    def close(self) -> None:
        self.stopped.set()
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for thread in self._threads:
            thread.join()

    def _accept(self) -> None:
        while True:
            try:
                line, _ = self._listening.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(line,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, line: socket.socket) -> None:
        with line, suppress(OSError):
            request = read_request(line)
            if request:
                self.requests.append(request)
                self.deed(line, request)


def read_request(line: socket.socket) -> bytes:
    """One request with its body, or what came of it."""
    read = b""
    line.settimeout(WAITS_S)
    while b"\r\n\r\n" not in read:
        more = line.recv(65536)
        if not more:
            return read
        read += more
    head, _, body = read.partition(b"\r\n\r\n")
    sizes = [int(part.split(b":")[1]) for part in head.split(b"\r\n") if part.lower().startswith(b"content-length")]
    while len(body) < sum(sizes):
        body += line.recv(65536)
    return head + b"\r\n\r\n" + body
