"""Runs a central service: in the foreground for `kiosk central`, on a thread for demos, stories and tests."""

import os
import signal
import socket
import ssl
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from ipaddress import ip_address

import uvicorn

from central import enrolments, staff
from central.app import build
from central.centre import Centre, open_centre
from central.options import Options
from central.retention import tidying
from central.rounds import Round
from central.sms import messages
from central.store import Store
from central.workers import Workers
from kiosk.domain.catalogue import Catalogue
from kiosk.domain.errors import Refusal

_START_S = 20.0
_STOP_S = 10
_MOST_WORKERS = 64
_IDLE_S = 75  # longer than a kiosk keeps an idle connection, so that it is the kiosk who closes it


class CentralServer:
    """One central service. `start` gives its URL once it answers; nothing happens before."""

    def __init__(self, db_url: str, catalogue: Catalogue, options: Options, now: Callable[[], datetime]) -> None:
        self._db_url = db_url
        self._catalogue = catalogue
        self._options = options
        self._now = now
        self._centre: Centre | None = None
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None
        self._socket: socket.socket | None = None
        self._threads: list[Round] = []
        self.url = ""

    def start(self) -> str:
        """Serve on a thread of its own and give the URL; Refusal for a port in use or a damaged database."""
        server = self._prepare()
        started = threading.Event()
        server.on_ready = started.set
        self._thread = threading.Thread(
            target=server.run, kwargs={"sockets": [self._socket]}, name="central", daemon=True
        )
        self._thread.start()
        if not started.wait(_START_S):
            self.stop()
            raise Refusal("the central service did not come up; see its log")
        return self.url

    def run(self, ready: Callable[[str], None]) -> None:
        """Serve in the foreground until SIGINT or SIGTERM; `ready` is called with the URL once it answers."""
        if self._options.workers > 1:
            self._run_workers(ready)
            return
        server = self._prepare()
        server.on_ready = lambda: ready(self.url)
        # uvicorn raises the signal that stopped it once more; being told to stop is no failure.
        before = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            server.run(sockets=[self._socket] if self._socket else None)
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            self._close()

    def stop(self) -> None:
        """Finish what is being answered and let go of port and database."""
        if self._server is not None:
            self._server.should_exit = True
        if self._thread is not None:
            self._thread.join(_STOP_S)
        self._close()

    def claim(self, branch: str, kiosk: int | None = None, days: int | None = None) -> str:
        """A one-time claim code for a branch."""
        return enrolments.claim(self._running().store, self._options, branch, kiosk, self._now(), days)

    def grant(self, role: str, name: str, pin: str) -> str:
        """A bearer token for a member of staff, who can then sign in with name and PIN too."""
        return grant(self._running().store, role, name, pin, self._now())

    def _running(self) -> Centre:
        if self._centre is None:
            raise Refusal("the central service is not running")
        return self._centre

    def _run_workers(self, ready: Callable[[str], None]) -> None:
        if not 1 <= self._options.workers <= _MOST_WORKERS:
            raise Refusal(f"--workers takes a number from 1 to {_MOST_WORKERS}")
        self._bind()
        try:
            # The database is made ready once, by one process, and let go of before the fork.
            centre = open_centre(self._db_url, self._catalogue, self._options, self._now)
            sqlite = centre.store.is_sqlite
            centre.store.close()
            if sqlite:
                raise Refusal("several workers need PostgreSQL; give --db postgresql+psycopg://..., or --workers 1")

            def serve(said: Callable[[], None], orphaned: Callable[[Callable[[], None]], None]) -> None:
                server = self._prepare()
                server.on_ready = said
                orphaned(lambda: setattr(server, "should_exit", True))
                server.run(sockets=[self._socket] if self._socket else None)

            with tempfile.TemporaryDirectory(prefix="central-metrics-") as folder:
                os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
                Workers(self._options.workers, serve).run(lambda: ready(self.url))
        finally:
            self._close()

    def _bind(self) -> None:
        if self._socket is not None:
            return
        secure = _check_certificate(self._options)
        self._socket = _listen(self._options)
        host, port = self._socket.getsockname()[:2]
        self.url = f"{'https' if secure else 'http'}://{f'[{host}]' if ':' in host else host}:{port}"

    def _prepare(self) -> "_Announcing":
        self._bind()
        try:
            self._centre = open_centre(self._db_url, self._catalogue, self._options, self._now)
        except BaseException:
            self._close()
            raise
        app = build(self._centre)
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,  # it would hold status tokens
            server_header=False,
            date_header=False,  # set from the service's own clock
            timeout_keep_alive=_IDLE_S,
            timeout_graceful_shutdown=_STOP_S // 2,
            limit_concurrency=500,
            lifespan="off",
            ssl_certfile=self._options.cert,
            ssl_keyfile=self._options.key,
        )
        self._threads = [tidying(self._centre), messages(self._centre, lambda: app.state.sms)]
        for thread in self._threads:
            thread.start()
        self._server = server = _Announcing(config)
        return server

    def _close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None
        while self._threads:
            self._threads.pop().stop()
        if self._centre is not None:
            self._centre.store.close()
            self._centre = None


class _Announcing(uvicorn.Server):
    """A server that says when it answers."""

    on_ready: Callable[[], None] = staticmethod(lambda: None)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start listening, then tell."""
        await super().startup(sockets)
        if self.started:
            self.on_ready()


def grant(store: Store, role: str, name: str, pin: str, now: datetime) -> str:
    """Make or change a staff account; Refusal for an unknown role or a PIN that is too short."""
    with store.write() as session:
        return staff.grant(session, role, name, pin, now)


def _check_certificate(options: Options) -> bool:
    """Whether it speaks TLS itself; Refusal for a certificate that cannot be used."""
    if options.cert is None and options.key is None:
        return False
    if options.cert is None or options.key is None:
        raise Refusal("TLS needs both --cert FILE and --key FILE")
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(options.cert, options.key)
    except (OSError, ssl.SSLError) as error:
        why = error.strerror or type(error).__name__
        raise Refusal(f"{options.cert} and {options.key} are no certificate and its key ({why})") from error
    return True


def _listen(options: Options) -> socket.socket:
    host, _, port_text = options.listen.rpartition(":")
    host = host.strip("[]")
    if not host or not port_text.isdigit() or int(port_text) > 65535:
        raise Refusal(f"--listen {options.listen!r} is no address; give HOST:PORT like 127.0.0.1:8720")
    if not options.insecure and options.cert is None and not _is_loopback(host):
        raise Refusal(
            f"without --cert and --key the central service speaks plain HTTP; give both, or put a TLS proxy before it"
            f" and listen on 127.0.0.1:{port_text}, or say --insecure for a trial"
        )
    try:
        listening = socket.create_server(
            (host, int(port_text)), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=256
        )
        # asyncio sets this only on sockets that were made with an explicit protocol; without it each answer waits
        # 40 ms for the client's delayed acknowledgement. Accepted connections inherit it.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return listening
    except OSError as error:
        why = (error.strerror or str(error)).split("(")[0].strip().lower()
        raise Refusal(
            f"cannot listen on {options.listen} ({why}); another program may use the port, choose one with --listen"
        ) from error


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    with suppress(ValueError):
        return ip_address(host).is_loopback
    return False
