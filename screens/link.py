"""The screen's end of the local socket: keeps one connection to core, tries again when core is away."""

import logging
import socket
import threading
from collections.abc import Callable
from pathlib import Path

from kiosk.wire import LINE_LIMIT, Message, encode, parse_message

BACK_OFF_S = (
    0.05,
    0.1,
    0.2,
    0.5,
    1.0,
)  # between tries, so that a core that starts is met at once
SEND_S = 1.0  # core reads at once or is gone

_log = logging.getLogger(__name__)


class Link:
    """One thread reads lines and hands messages on; `send` may be called from any thread."""

    def __init__(self, path: Path, up: Callable[[], None], heard: Callable[[Message], None], lost: Callable[[], None]):
        self._path = path
        self._up, self._heard, self._lost = up, heard, lost
        self._peer: socket.socket | None = None
        self._sending = threading.Lock()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="screen-link", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """Let core go and end the thread."""
        self._stop.set()
        self._drop()
        if self._thread.is_alive():
            self._thread.join(SEND_S)

    def send(self, message: Message) -> bool:
        """Send a message if core is there; a touch that nobody hears is no touch."""
        with self._sending:
            if self._peer is None:
                return False
            try:
                self._peer.sendall(encode(message))
            except OSError:
                self._hang_up()
                return False
        return True

    def _run(self) -> None:
        tries = 0
        while not self._stop.is_set():
            peer = self._dial()
            if peer is None:
                if tries == 0:
                    _log.warning("core is away; trying its socket again until it answers")
                self._stop.wait(BACK_OFF_S[min(tries, len(BACK_OFF_S) - 1)])
                tries += 1
                continue
            tries = 0
            with self._sending:
                self._peer = peer
            if self._stop.is_set():  # closed while dialling
                break
            self._up()
            self._listen(peer)
            self._drop()
            if not self._stop.is_set():
                self._lost()
        self._drop()

    def _dial(self) -> socket.socket | None:
        peer = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            peer.connect(str(self._path))
        except OSError:
            peer.close()
            return None
        return peer

    def _listen(self, peer: socket.socket) -> None:
        """Hand on every message until core hangs up; what is not a message is passed over."""
        with peer.makefile("rb") as lines:
            try:
                while line := lines.readline(LINE_LIMIT + 1):
                    message = parse_message(line)
                    if message is not None:
                        self._heard(message)
            except (OSError, ValueError):
                return

    def _drop(self) -> None:
        with self._sending:
            self._hang_up()

    def _hang_up(self) -> None:
        if self._peer is None:
            return
        peer, self._peer = self._peer, None
        try:
            peer.shutdown(socket.SHUT_RDWR)  # wakes the thread that reads
        except OSError:
            pass
        peer.close()
