"""A bad line between a kiosk and the centre: it drops, delays, doubles, cuts, resets, and answers what nobody asked."""

import socket
import struct
import threading
import time
from collections import Counter
from contextlib import suppress
from random import Random
from urllib.parse import urlsplit

from tests.link.faults import read_request

FAULTS = (
    "drop-before", "drop-after", "reset-before", "reset-after", "delay", "double", "double-second", "cut-head",
    "cut-body", "429", "429-wait", "500", "503", "503-wait", "503-date", "garbage", "html", "wrong-type", "empty",
)  # fmt: skip
DELAY_S = 0.5
"""Longer than the reading patience that a campaign gives its link."""


class BadLine:
    """Listens like the centre and passes on what it likes. `share` of all requests meet a fault."""

    def __init__(self, centre: str, random: Random, share: float = 0.5) -> None:
        self._to = (urlsplit(centre).hostname or "", urlsplit(centre).port or 0)
        self._random = random
        self._lock = threading.Lock()
        self.share = share
        self.done: Counter[str] = Counter()
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        threading.Thread(target=self._accept, name="bad-line", daemon=True).start()

    def close(self) -> None:
        """Be gone."""
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _accept(self) -> None:
        while True:
            try:
                line, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(line,), name="bad-line-call", daemon=True).start()

    def _serve(self, line: socket.socket) -> None:
        with line, suppress(OSError):
            request = read_request(line)
            if not request:
                return
            with self._lock:
                fault = self._random.choice(FAULTS) if self._random.random() < self.share else "fine"
                self.done[fault] += 1
            self._do(fault, line, request)

    def _do(self, fault: str, line: socket.socket, request: bytes) -> None:  # noqa: C901, PLR0912 - one case a fault
        match fault:
            case "drop-before":
                return
            case "reset-before":
                _reset(line)
                return
            case "429" | "500" | "503":
                line.sendall(_says(fault, b"<h1>busy</h1>", "text/html"))
                return
            case "429-wait" | "503-wait" | "503-date":
                when = "Sun, 22 Nov 2020 08:00:00 GMT" if fault == "503-date" else "0"
                body = b'{"title":"x","status":%s,"code":"slow-down","retry":"after"}' % fault[:3].encode()
                line.sendall(_says(fault[:3], body, "application/problem+json", f"Retry-After: {when}"))
                return
        answer = self._asked(request)
        if fault in ("double", "double-second"):
            second = self._asked(request)
            answer = second if fault == "double-second" else answer
        match fault:
            case "drop-after":
                return
            case "reset-after":
                _reset(line)
                return
            case "delay":
                time.sleep(DELAY_S)
            case "cut-head":
                answer = answer[:20]
            case "cut-body":
                answer = answer[:-15]
            case "garbage":
                answer = b"\x16\x03\x01\x02\x00\x01" * 40
            case "html":
                answer = _says("200", b"<html><body>Welcome to the hotel network</body></html>", "text/html")
            case "wrong-type":
                answer = answer.replace(b"application/json", b"text/plain").replace(b"HTTP/1.1 201", b"HTTP/1.1 202")
            case "empty":
                answer = b"HTTP/1.1 204 No Content\r\n\r\n"
        line.sendall(answer)

    def _asked(self, request: bytes) -> bytes:
        """The centre's whole answer; nothing where it is not there."""
        with suppress(OSError), socket.create_connection(self._to, 10) as peer:
            head, _, body = request.partition(b"\r\n\r\n")
            peer.sendall(head + b"\r\nConnection: close\r\n\r\n" + body)
            answer = b""
            while more := peer.recv(65536):
                answer += more
            return answer
        return b""


def _says(status: str, body: bytes, content_type: str, *headers: str) -> bytes:
    head = [f"HTTP/1.1 {status} X", f"Content-Type: {content_type}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*head, "", ""]).encode() + body


def _reset(line: socket.socket) -> None:
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
