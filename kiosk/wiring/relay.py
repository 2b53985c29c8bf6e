"""A TCP relay on loopback that a story can cut: down, nothing listens and every open connection breaks."""

import contextlib
import selectors
import socket
import threading
from urllib.parse import urlsplit, urlunsplit

_CHUNK = 65536


class Relay:
    """Passes bytes between its own address and the target's until it is closed or cut."""

    def __init__(self, target: str) -> None:
        parts = urlsplit(target)
        self._target = (parts.hostname or "127.0.0.1", parts.port or 80)
        self._lock = threading.Lock()
        self._pairs: set[tuple[socket.socket, socket.socket]] = set()
        self._server: socket.socket | None = self._listen(0)
        self._port = self._server.getsockname()[1]
        self.url = urlunsplit((parts.scheme, f"127.0.0.1:{self._port}", "", "", ""))

    def down(self) -> None:
        """Cut the line: connections break and new ones are refused."""
        with self._lock:
            server, self._server = self._server, None
            pairs, self._pairs = self._pairs, set()
        if server is not None:
            with contextlib.suppress(OSError):
                server.shutdown(socket.SHUT_RDWR)
            server.close()
        for pair in pairs:
            _break(pair)

    def up(self) -> None:
        """Mend the line."""
        with self._lock:
            if self._server is None:
                self._server = self._listen(self._port)

    def close(self) -> None:
        """Be gone."""
        self.down()

    def _listen(self, port: int) -> socket.socket:
        server = socket.create_server(("127.0.0.1", port))
        threading.Thread(target=self._accept, args=(server,), name="relay", daemon=True).start()
        return server

    def _accept(self, server: socket.socket) -> None:
        while True:
            try:
                near, _ = server.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(self._target, timeout=3)
            except OSError:
                near.close()
                continue
            far.settimeout(None)
            for end in (near, far):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            pair = (near, far)
            with self._lock:
                if self._server is not server:
                    _break(pair)
                    return
                self._pairs.add(pair)
            threading.Thread(target=self._pass, args=(pair,), name="relay-pass", daemon=True).start()

    def _pass(self, pair: tuple[socket.socket, socket.socket]) -> None:
        near, far = pair
        with selectors.DefaultSelector() as ready:
            try:
                ready.register(near, selectors.EVENT_READ, far)
                ready.register(far, selectors.EVENT_READ, near)
                while True:
                    for key, _ in ready.select():
                        assert isinstance(key.fileobj, socket.socket)  # noqa: S101 - what was registered above
                        data = key.fileobj.recv(_CHUNK)
                        if not data:
                            return
                        key.data.sendall(data)
            except (OSError, ValueError):
                return
            finally:
                with self._lock:
                    self._pairs.discard(pair)
                _break(pair)


def _break(pair: tuple[socket.socket, socket.socket]) -> None:
    for end in pair:
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()
