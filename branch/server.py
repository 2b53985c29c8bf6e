"""The hub as a server: one socket, one loop, one store - in the foreground, or in a thread for demo and stories."""

import contextlib
import errno
import signal
import socket
import threading
from collections.abc import Callable
from datetime import datetime
from ipaddress import ip_address
from typing import NoReturn

import uvicorn

from branch.app import create_app, front
from branch.hub import Hub
from branch.options import BranchOptions
from branch.packets import OnePacket
from branch.store.store import Store
from kiosk.domain.catalogue import Catalogue
from kiosk.domain.errors import Refusal

Now = Callable[[], datetime]

_BACKLOG = 128
_STOP_S = 5
TURN_EVERY_S = 10.0
"""How often an idle hub looks whether a new business day has begun."""


class BranchServer:
    """One hub. `start` gives its URL once it answers; `stop` lets everything go. Both work from any thread."""

    def __init__(self, db_url: str, catalogue: Catalogue, options: BranchOptions, now: Now) -> None:
        self._store = Store(db_url, options, now)
        self._catalogue = catalogue
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None
        self.url = ""

    @property
    def store(self) -> Store:
        """The hub's data, while it runs."""
        return self._store

    def start(self, listen: str = "127.0.0.1:0") -> str:
        """Serve in a thread of its own; port 0 takes a free one."""
        ready = threading.Event()
        server, line = self._prepare(listen, lambda _url: ready.set())
        self._thread = threading.Thread(target=server.run, args=([line],), name="branch-server", daemon=True)
        self._thread.start()
        while not ready.wait(0.05):
            if not self._thread.is_alive():
                self.stop()
                raise Refusal("the branch hub did not start; its log on standard error says why")
        return self.url

    def serve(self, listen: str, ready: Callable[[str], None]) -> None:
        """Serve in the main thread until a signal ends it; `ready` gets the URL once the hub answers."""
        # Uvicorn raises the signal again when it is done: without handlers of ours, the store would not be closed.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _leave)
        server, line = self._prepare(listen, ready)
        try:
            server.run([line])
        finally:
            self._close(line)

    def stop(self) -> None:
        """End every stream, answer what was begun, and let go of the database."""
        if self._server is not None:
            self._server.should_exit = True
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        if self._server is not None:
            self._close(self._server.line)

    @property
    def readers(self) -> int:
        """How many streams of the event feed are open."""
        return self._server.hub.feed.readers if self._server is not None else 0

    def grant(self, role: str, name: str, pin: str | None = None) -> str:
        """Give a token while the hub runs."""
        return self._store.grant(role, name, pin)

    def _prepare(self, listen: str, ready: Callable[[str], None]) -> tuple["_Server", socket.socket]:
        line = bind(listen)
        try:
            self._store.start()
        except BaseException:
            line.close()
            raise
        self.url = url_of(line)
        app = create_app(self._store, self._catalogue)
        config = uvicorn.Config(
            front(app),
            access_log=False,  # addresses of pages hold tokens once, and logs live long
            log_config=None,
            lifespan="on",
            timeout_graceful_shutdown=_STOP_S,
            server_header=False,
            ws="none",
            http=OnePacket,
        )
        self._server = _Server(config, app.state.hub, line, lambda: ready(self.url))
        return self._server, line

    def _close(self, line: socket.socket) -> None:
        if self._server is not None:
            self._server = None
            self._store.stop()
        with contextlib.suppress(OSError):
            line.close()


def _leave(_number: int, _frame: object) -> NoReturn:
    raise SystemExit(0)


class _Server(uvicorn.Server):
    """Uvicorn that says when it answers, turns the business day, and ends streams before it waits for connections."""

    def __init__(self, config: uvicorn.Config, hub: Hub, line: socket.socket, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self.line = line
        self.hub = hub
        self._ready = ready
        self._ticks = 0

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()

    async def on_tick(self, counter: int) -> bool:
        # Uvicorn ticks ten times a second; any work at all turns the day when it is due.
        if counter % int(TURN_EVERY_S * 10) == 0:
            self.hub.store.submit(lambda _tx: None)
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.hub.feed.close()
        await super().shutdown(sockets)


def bind(listen: str) -> socket.socket:
    """Take the address to listen on; Refusal says why it cannot be had."""
    host, port = split_address(listen)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol named, asyncio turns Nagle's algorithm off; otherwise every answer waits 40 ms for an ACK.
    line = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        line.bind((host, port))
        line.listen(_BACKLOG)
    except OSError as error:
        line.close()
        if error.errno == errno.EADDRINUSE:
            raise Refusal(f"port {port} is in use; stop what runs there, or give another with --listen") from error
        why = (error.strerror or str(error)).lower()
        raise Refusal(f"cannot listen on {listen} ({why}); give an address of this machine with --listen") from error
    line.setblocking(False)
    return line


def split_address(listen: str) -> tuple[str, int]:
    """Read HOST:PORT; Refusal where it is none."""
    host, _, port = listen.rpartition(":")
    if not host or not (port.isascii() and port.isdigit()) or int(port) > 65535:
        raise Refusal(f"{listen!r} is no address; give HOST:PORT, e.g. 127.0.0.1:8710")
    return host.strip("[]"), int(port)


def is_loopback(host: str) -> bool:
    """Say whether a host can be reached from this machine alone."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def refuse_open_line(listen: str, *, insecure: bool) -> None:
    """Refuse plain HTTP beyond this machine, where tokens and PINs could be read on the way."""
    host, _ = split_address(listen)
    if not insecure and not is_loopback(host):
        raise Refusal(
            f"plain HTTP on {host} would show tokens to the whole network; "
            "put a TLS proxy before the hub and listen on 127.0.0.1, or say --insecure for a trial"
        )


def url_of(line: socket.socket) -> str:
    """The URL of a line that listens."""
    host, port = line.getsockname()[:2]
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{shown}:{port}"
