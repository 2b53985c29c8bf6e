"""Core's side of the local socket: shows Views to the one screen that is connected, hands its touches to the engine."""

import contextlib
import logging
import os
import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from kiosk.core.events import KeypadKey, KeypadPressed, Touched
from kiosk.core.technician import CornersHeld
from kiosk.domain.errors import Refusal
from kiosk.view.models import View
from kiosk.wire import (
    LINE_LIMIT,
    Drawn,
    Hello,
    Key,
    Ready,
    Shoot,
    Shot,
    Tap,
    Touch,
    encode,
    parse_message,
    view_message,
)

LONGEST_PATH = 100
"""A Unix socket's path may hold 107 bytes on Linux."""

SEND_S = 2.0
"""A screen that takes nothing for so long stands still: it is let go, for core must not stand still with it."""

KEYS: dict[str, KeypadKey] = {
    "right": "next", "down": "next", "tab": "next", "left": "previous", "up": "previous", "enter": "activate",
    "backspace": "back", "home": "home", "f2": "help", "r": "repeat",
}  # fmt: skip
"""Keys of the window that stand for the keypad's; the screen sends them only where a setting for tests says so."""

_log = logging.getLogger(__name__)


class Window:
    """Serves one screen at a time; a new one takes the place of the old, which is likely dead.

    The screen is of this account; with `shared` it may be of another account of this one's group.
    """

    def __init__(
        self,
        path: Path,
        touched: Callable[[Touched | KeypadPressed | CornersHeld], None],
        mint: Callable[[], str],
        *,
        shared: bool = False,
    ) -> None:
        self._path = path
        self._shared = shared
        self._touched = touched
        self._mint = mint
        self._lock = threading.Lock()
        self._view: View | None = None
        self._seq = 0
        self._peer: socket.socket | None = None
        self._ready = threading.Event()
        self._shots: dict[str, threading.Event] = {}
        self._drawn = threading.Condition()
        self._drawn_seq = 0
        self._closing = False
        self.hello: Hello | None = None
        self._server = _listen(path, 0o660 if shared else 0o600)
        threading.Thread(target=self._accept, name="window", daemon=True).start()

    def show(self, view: View) -> None:
        """Show a View; the number rises only when an action may mean something else than before.

        What is read to her alone is none of the screen's business and does not go over the socket.
        """
        view = replace(view, voice=None)
        with self._lock:
            if self._view is None or _meaning(self._view) != _meaning(view):
                self._seq += 1
            self._view = view
            self._send(view_message(view, self._seq, ack=True))

    def ready(self, timeout_s: float) -> bool:
        """Wait until a screen has drawn its first View."""
        return self._ready.wait(timeout_s)

    def drawn(self, timeout_s: float) -> bool:
        """Wait until the View that is current now is on the glass."""
        with self._lock:
            seq = self._seq
        with self._drawn:
            return self._drawn.wait_for(lambda: self._drawn_seq >= seq, timeout_s)

    def tap(self, action: str) -> None:
        """Have the screen press an action by a touch of its own; what comes of it comes back as any touch does."""
        with self._lock:
            self._send(encode(Tap(action)))

    def shoot(self, path: Path, timeout_s: float = 10.0) -> bool:
        """Have the screen save a picture of itself; say whether it did."""
        done = threading.Event()
        self._shots[str(path)] = done
        with self._lock:
            self._send(encode(Shoot(str(path))))
        return done.wait(timeout_s) and path.exists()

    def close(self) -> None:
        """Let the screen go and take the socket away."""
        with self._lock:
            self._closing = True
            self._server.close()
            self._hang_up()
        self._path.unlink(missing_ok=True)

    def _accept(self) -> None:
        while True:
            try:
                peer, _ = self._server.accept()
            except OSError:
                return
            peer.settimeout(None)
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", int(SEND_S), 0))
            if not admitted(*credentials(peer), shared=self._shared):
                peer.close()
                _log.warning("somebody else's account asked for the screen's place and was turned away")
                continue
            with self._lock:
                self._hang_up()
                self._peer = peer
                if self._view is not None:
                    self._send(view_message(self._view, self._seq, ack=True))
            threading.Thread(target=self._listen_to, args=(peer,), name="window-peer", daemon=True).start()

    def _send(self, line: bytes) -> None:
        if self._peer is None:
            return
        try:
            self._peer.sendall(line)
        except OSError:
            self._hang_up()

    def _hang_up(self) -> None:
        """Let the screen go such that both its reader and ours learn of it: `close` alone tells neither."""
        peer, self._peer = self._peer, None
        if peer is None:
            return
        with contextlib.suppress(OSError):
            peer.shutdown(socket.SHUT_RDWR)
        peer.close()

    def _listen_to(self, peer: socket.socket) -> None:
        with peer, peer.makefile("rb") as lines:
            try:
                while line := lines.readline(LINE_LIMIT + 1):
                    self._heard(line)
            except (OSError, ValueError):
                pass
        with self._lock:
            if self._closing:
                return
            if self._peer is None or self._peer is peer:
                self._peer = None
                self._ready.clear()
                _log.warning("screen gone; it is started again, the session is kept")

    def _heard(self, line: bytes) -> None:
        match parse_message(line):
            case Touch(action="corners"):  # no View offers it: two corners were held down
                self._touched(CornersHeld())
            case Touch(action=action, seq=seq):
                with self._lock:
                    current = seq == self._seq
                if current:
                    self._touched(Touched(action, self._mint()))
            case Key(name=name) if name in KEYS:
                self._touched(KeypadPressed(KEYS[name], self._mint()))
            case Hello() as hello:
                self.hello = hello
            case Ready():
                self._ready.set()
            case Drawn(seq=seq):
                with self._drawn:
                    self._drawn_seq = max(seq, self._drawn_seq)
                    self._drawn.notify_all()
            case Shot(path=path):
                self._shots.pop(path, threading.Event()).set()
            case _:
                pass


def _meaning(view: View) -> tuple[object, ...]:
    return (view.view, view.title, tuple((a.id, a.label, a.enabled, a.checked) for a in view.actions), view.language)


def credentials(peer: socket.socket) -> tuple[int, int]:
    """Account and group of who connected, as the kernel vouches for them (SO_PEERCRED, unix(7)).

    In a service with PrivateUsers=yes another account reads as nobody; of groups its own keeps its number.
    """
    form = struct.Struct("iII")
    _, account, group = form.unpack(peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, form.size))
    return account, group


def admitted(account: int, group: int, *, shared: bool) -> bool:
    """Whether a screen of this account and group may have the screen's place: it sees all and presses all."""
    return account == os.getuid() or (shared and group == os.getgid())


def _listen(path: Path, mode: int) -> socket.socket:
    if len(os.fsencode(path)) > LONGEST_PATH:
        raise Refusal(f"the socket path {path} is too long; give a shorter one with --socket")
    if path.exists() and not path.is_socket():
        raise Refusal(f"{path} is no socket, and is left as it is; give another with --socket")
    server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        path.unlink(missing_ok=True)
        server.bind(str(path))
        path.chmod(mode)
    except OSError as error:
        server.close()
        raise Refusal(
            f"the screen's socket {path} cannot be made ({error.strerror}); give another with --socket"
        ) from error
    server.listen(2)
    return server
