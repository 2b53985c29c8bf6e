"""One HTTP peer: kept connections, a deadline for the whole call, and an honest word on what may have arrived."""

import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, TypeVar

import urllib3
from pydantic import BaseModel, ValidationError
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError, NewConnectionError, ProtocolError
from urllib3.util.connection import create_connection

from kiosk.engine.ports import Away, Rejected
from kiosk.link.lookup import Lookup
from kiosk.link.models.problem import PROBLEM_TYPE, Problem

LARGEST_ANSWER = 2 * 1024 * 1024
"""Bytes; the largest real answer, the catalogue, has some 60 kB."""

_CHUNK = 64 * 1024
_UPLINK = 100_000
"""Bytes a second that the slowest line worth having takes; a request with photographs gets so much more time."""
_KEPT = 4
_REFUSALS = range(400, 500)

Model = TypeVar("Model", bound=BaseModel)
Headers = Mapping[str, str] | Callable[[], Mapping[str, str]]


@dataclass
class _Call:
    """One call while it runs: whether a byte has gone out, whether on a new line, and the line to cut at the end."""

    lookup: Lookup = field(repr=False)
    patience: float = 3.0
    sent: bool = False
    fresh: bool = False
    line: socket.socket | None = field(default=None, repr=False)
    over: bool = False

    def cut(self) -> None:
        """Wake whoever waits on the line; a time-out of each read alone would let a slow trickle go on for ever."""
        self.over = True
        if self.line is not None:
            try:
                self.line.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # the other side was faster


_current: ContextVar[_Call] = ContextVar("_current")


class _Noticing:
    """Notes for the running call which line it has, and that its bytes go out."""

    sock: socket.socket | None
    timeout: Any
    port: Any
    socket_options: Any
    _dns_host: str

    def connect(self) -> None:
        super().connect()  # type: ignore[misc]
        call = _current.get()
        call.line, call.fresh = self.sock, True

    def _new_conn(self) -> socket.socket:
        """Look the name up within the patience for connecting, then try its addresses in turn."""
        call = _current.get()
        patience = self.timeout if isinstance(self.timeout, int | float) else call.patience
        end = monotonic() + patience
        try:
            addresses = call.lookup.addresses(self._dns_host, self.port or 0, patience)
        except OSError as error:
            raise NewConnectionError(self, str(error)) from error  # type: ignore[arg-type]
        last: OSError = OSError("no address")
        for address in addresses:
            left = end - monotonic()
            if left <= 0 or call.over:
                break
            try:
                return create_connection((address, self.port or 0), left, socket_options=self.socket_options)
            except OSError as error:
                last = error
        raise NewConnectionError(self, type(last).__name__)  # type: ignore[arg-type]

    def _tunnel(self) -> None:
        """What is said to a proxy is no part of the request: a proxy that refuses leaves nothing in doubt."""
        call = _current.get()
        before = call.sent
        try:
            super()._tunnel()  # type: ignore[misc]
        finally:
            call.sent = before

    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()
        call = _current.get()
        if call.over:
            raise TimeoutError
        call.line = self.sock
        call.sent = True
        # A socket's time-out is for all that one call of its own sends, so a large body goes piece by piece.
        pieces = [data[at : at + _CHUNK] for at in range(0, len(data), _CHUNK)] if isinstance(data, bytes) else [data]
        for piece in pieces:
            if call.over:
                raise TimeoutError
            super().send(piece)  # type: ignore[misc]


class _Plain(_Noticing, HTTPConnection):
    pass


class _Tls(_Noticing, HTTPSConnection):
    pass


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _Tls


@dataclass(frozen=True)
class Answer:
    """What came back: status, headers by lower-case name, body."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    def read(self, model: type[Model]) -> Model | None:
        """The body as a model; None for one that our own server would never have sent."""
        try:
            return model.model_validate_json(self.body)
        except (ValidationError, ValueError, RecursionError):
            return None


@dataclass(frozen=True)
class Times:
    """In seconds: to connect, between two bytes of the answer, and for the whole call."""

    connect: float
    read: float
    whole: float


class Peer:
    """A server that is reached under one base address. Calls may come from several threads; none of them raises."""

    def __init__(self, url: str, times: Times, ca_file: str | None = None, proxy: str = "") -> None:
        self.url = url.rstrip("/")
        self._times = times
        trust: dict[str, Any] = {"maxsize": _KEPT, "ca_certs": ca_file, "cert_reqs": "CERT_REQUIRED"}
        self._pools = urllib3.ProxyManager(proxy, **trust) if proxy else urllib3.PoolManager(**trust)
        self._pools.pool_classes_by_scheme = {"http": _PlainPool, "https": _TlsPool}
        self._streams: list[_Call] = []
        self._lookup = Lookup()

    def call(
        self, method: str, path: str, headers: Headers, body: bytes | None = None, within_s: float | None = None
    ) -> Answer | Away:
        """One request and its whole answer, or Away; Away.ambiguous tells whether a byte of the request went out.

        A kept connection that the peer has just closed is no answer yet: the request is sent once more on a new one,
        with headers made anew. So every request must be one that may arrive twice.
        """
        call = _Call(self._lookup, self._times.connect)
        most = self._times.whole + grace_s(body)
        whole = most if within_s is None else min(within_s, most)
        end = monotonic() + whole
        guard = threading.Timer(whole, call.cut)
        guard.daemon = True
        guard.start()
        token = _current.set(call)
        try:
            try:
                response = self._open(method, path, headers, body)
            except ProtocolError:
                if call.fresh or call.over:
                    raise
                response = self._open(method, path, headers, body)
            try:
                content = _content(response, call, end)
                answer = Answer(response.status, _headers(response), content)
                response.release_conn()
                return answer
            finally:
                response.close()
        except (HTTPError, OSError, ValueError):
            return Away(ambiguous=call.sent)
        finally:
            _current.reset(token)
            guard.cancel()

    @contextmanager
    def stream(self, path: str, headers: Mapping[str, str], silence_s: float) -> Iterator["Stream"]:
        """An answer without end; OSError where none begins, or once the peer has been silent for `silence_s`."""
        call = _Call(self._lookup, self._times.connect)
        self._streams.append(call)
        try:
            token = _current.set(call)
            try:
                timeout = urllib3.Timeout(connect=self._times.connect, read=silence_s)
                response = self._open("GET", path, headers, None, timeout)
            except (HTTPError, ValueError) as error:
                raise OSError(type(error).__name__) from error
            finally:
                _current.reset(token)
            try:
                yield Stream(response)
            finally:
                response.close()
        finally:
            self._streams.remove(call)

    def cut_streams(self) -> None:
        """Wake every thread that reads a stream; its reading ends with OSError."""
        for call in list(self._streams):
            call.cut()

    def close(self) -> None:
        """Let go of the kept connections."""
        self._pools.clear()

    def _open(
        self,
        method: str,
        path: str,
        headers: Headers,
        body: bytes | None,
        timeout: urllib3.Timeout | None = None,
    ) -> urllib3.BaseHTTPResponse:
        return self._pools.request(
            method,
            self.url + path,
            headers=headers() if callable(headers) else headers,
            body=body,
            timeout=timeout or urllib3.Timeout(connect=self._times.connect, read=self._times.read),
            retries=False,
            redirect=False,
            preload_content=False,
        )


class Stream:
    """An open answer without end."""

    def __init__(self, response: urllib3.BaseHTTPResponse) -> None:
        self._response = response
        self.status = response.status
        self.content_type = response.headers.get("content-type", "")

    def lines(self) -> Iterator[str]:
        """Lines as they come; OSError when the line breaks or is silent for too long."""
        try:
            rest = b""
            # `stream` and `read` would wait until so many bytes are there; `read1` gives what has come.
            while chunk := self._response.read1(_CHUNK, decode_content=False):
                *whole, rest = (rest + chunk).split(b"\n")
                if len(rest) > LARGEST_ANSWER:
                    raise OSError("a line without end")
                for line in whole:
                    yield line.rstrip(b"\r").decode("utf-8", "replace")
        except HTTPError as error:
            raise OSError(type(error).__name__) from error


def grace_s(body: bytes | None) -> float:
    """Seconds by which a call may take longer because of what it has to bring."""
    return max(0, len(body or b"") - _CHUNK) / _UPLINK


def refusal(answer: Answer) -> Away | Rejected:
    """What an answer that is no success means: a problem of our server is a no, all else may be anybody's word.

    5xx, redirects, and pages of proxies and captive portals say nothing about what became of the request.
    """
    retry_after = answer.headers.get("retry-after")
    if answer.status in _REFUSALS and answer.headers.get("content-type", "").startswith(PROBLEM_TYPE):
        problem = answer.read(Problem)
        if problem is not None and problem.status == answer.status:
            return Rejected(problem.code, answer.status, retry_after)
    return Away(ambiguous=True, retry_after=retry_after)


def _content(response: urllib3.BaseHTTPResponse, call: _Call, end: float) -> bytes:
    content = bytearray()
    for chunk in response.stream(_CHUNK, decode_content=False):
        content += chunk
        if call.over or monotonic() > end:
            raise TimeoutError
        if len(content) > LARGEST_ANSWER:
            raise ValueError("the answer is too large")
    if call.over:
        raise TimeoutError
    return bytes(content)


def _headers(response: urllib3.BaseHTTPResponse) -> dict[str, str]:
    return {name.lower(): value for name, value in response.headers.items()}
