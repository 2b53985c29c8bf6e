"""Core's end of the local socket, played by a test."""

import os
import queue
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from kiosk import wire
from kiosk.view.models import View

PATIENCE_S = 30.0
T = TypeVar("T", bound=wire.Message)


class FakeCore:
    """Serves one screen after another; what it says is kept in `said`."""

    def __init__(self, path: Path) -> None:
        self._server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._server.bind(str(path))
        self._server.listen(1)
        self._server.settimeout(PATIENCE_S)
        self._peer: socket.socket | None = None
        self.said: queue.Queue[wire.Message | None] = queue.Queue()

    def accept(self) -> wire.Hello:
        """Wait for a screen and for its greeting."""
        self.hang_up()
        self._peer, _ = self._server.accept()
        threading.Thread(target=self._listen, args=(self._peer,), daemon=True).start()
        return self.hear(wire.Hello)

    def _listen(self, peer: socket.socket) -> None:
        try:
            with peer.makefile("rb") as lines:
                for line in lines:
                    self.said.put(wire.parse_message(line))
        except OSError:
            return

    def hear(self, kind: type[T]) -> T:
        """Wait for the next message of a kind; others before it are passed over."""
        while True:
            message = self.said.get(timeout=PATIENCE_S)
            if isinstance(message, kind):
                return message

    def show(self, view: View, seq: int) -> None:
        """Show a View and wait until it is on the glass."""
        self.send(wire.view_message(view, seq, ack=True))
        while self.hear(wire.Drawn).seq != seq:
            pass

    def send(self, line: bytes) -> None:
        assert self._peer is not None
        self._peer.sendall(line)

    def shoot(self, path: Path) -> wire.Shot:
        self.send(wire.encode(wire.Shoot(str(path))))
        return self.hear(wire.Shot)

    def hang_up(self) -> None:
        if self._peer is not None:
            try:
                self._peer.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # it was killed
            self._peer.close()
            self._peer = None

    def close(self) -> None:
        self.hang_up()
        self._server.close()


@contextmanager
def screen(path: Path, state: Path, *options: str, **environ: str) -> Iterator[subprocess.Popen[str]]:
    """Run `kiosk screen` as a process of its own; whatever happens, it does not outlive the test."""
    line: list[Any] = [sys.executable, "-m", "kiosk", "screen", "--socket", path, "--state", state, *options]
    process = subprocess.Popen(
        line, env=os.environ | environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate(timeout=PATIENCE_S)
