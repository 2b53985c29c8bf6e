"""A line between kiosk and printer that notes when the first byte of a job passes."""

import contextlib
import socket
import threading
import time
from urllib.parse import urlsplit

JOB = 32
"""A status request has a few bytes; whatever is longer is paper."""


class Tap:
    """Passes everything on; `url` is where the kiosk connects."""

    def __init__(self, target: str) -> None:
        parts = urlsplit(target)
        self._target = (parts.hostname, parts.port)
        self._server = socket.create_server(("127.0.0.1", 0))
        self.url = f"tcp://127.0.0.1:{self._server.getsockname()[1]}"
        self._armed = threading.Event()
        self._seen = threading.Event()
        self._at = 0.0
        threading.Thread(target=self._accept, daemon=True).start()

    def arm(self) -> None:
        self._seen.clear()
        self._armed.set()

    def first(self, timeout_s: float) -> float:
        """The `time.perf_counter` of the first byte of the next job."""
        if not self._seen.wait(timeout_s):
            raise RuntimeError("no job came")
        return self._at

    def close(self) -> None:
        self._server.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._server.accept()
            except OSError:
                return
            far = socket.create_connection(self._target)
            for end in (near, far):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._pass, args=(near, far, True), daemon=True).start()
            threading.Thread(target=self._pass, args=(far, near, False), daemon=True).start()

    def _pass(self, source: socket.socket, sink: socket.socket, watched: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if watched and len(data) >= JOB and self._armed.is_set():
                    self._at = time.perf_counter()
                    self._armed.clear()
                    self._seen.set()
                sink.sendall(data)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
