"""Steers a simulated device from outside: GET tells how it is, POST does something to it, on a loopback HTTP server."""

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from drivers.sim.panel import POLICY, STYLE, page

MOST_BYTES = 1 << 20
"""Longest request: a scan of 64 KB as escaped JSON, with room."""
MOST_DRAINED = 8 << 20
"""So much of a request that is too long is taken in before the answer: who still sends never reads a refusal."""

Status = Callable[[], dict[str, Any]]
Answer = Callable[[str, dict[str, Any]], dict[str, Any]]


@dataclass(frozen=True)
class Steering:
    """How one device is steered: see JsonControl."""

    status: Status
    answer: Answer
    conditions: Sequence[str]
    forms: Mapping[str, Sequence[str]]

    @property
    def unknown(self) -> dict[str, str]:
        """What is said of a path that there is not."""
        return {"error": f"there are GET /, GET /panel and POST {', '.join((*self.forms, '/condition'))}"}

    def page(self) -> bytes:
        """The page for a person."""
        return page(self.status(), self.conditions, self.forms).encode()


class JsonControl:
    """A control server for one simulated device.

    `GET /` gives `status()`, to a browser a page with buttons, as `GET /panel` does. A POST of a JSON object gives
    `answer(path, body)`, which raises LookupError for a path that there is not and ValueError for wrong input (422
    with `{"error"}`). Only JSON is taken, and forms of the page itself, so no other web page can steer it. `forms` are
    the paths that can be posted, each with its fields for a person; `/condition` has its buttons by `conditions`.
    """

    def __init__(
        self,
        status: Status,
        answer: Answer,
        conditions: Sequence[str],
        forms: Mapping[str, Sequence[str]],
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        self._server = _Server((host, port), Steering(status, answer, conditions, forms))
        bound = self._server.server_address
        self.url = f"http://{host}:{bound[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop serving; the device itself stays as it is."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def text(body: dict[str, Any], key: str, default: str = "") -> str:
    """A text of a request; ValueError where it is something else."""
    value = body.get(key, default)
    if not isinstance(value, str):
        raise ValueError(f"{key} must be a text")
    return value


def drain(handler: BaseHTTPRequestHandler, length: str) -> None:
    """Take in what is refused as too long, up to a bound, and end the connection after the answer."""
    handler.close_connection = True
    left = min(int(length), MOST_DRAINED) if length.isdigit() else 0
    while left > 0 and (got := handler.rfile.read(min(left, 1 << 16))):
        left -= len(got)


def _fields(data: bytes) -> dict[str, Any]:
    return {name: values[0] for name, values in parse_qs(data.decode("utf-8")).items()}


def _object(data: bytes) -> dict[str, Any]:
    body = json.loads(data)
    if not isinstance(body, dict):
        raise ValueError("give a JSON object")
    return body


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # the last request has been answered once `close` returns

    def __init__(self, address: tuple[str, int], steering: Steering) -> None:
        super().__init__(address, _Handler)
        self.steering = steering


class _Handler(BaseHTTPRequestHandler):
    server: "_Server"
    timeout = 10

    def do_GET(self) -> None:
        steering = self.server.steering
        browser = "text/html" in self.headers.get("Accept", "")
        if self.path == "/panel" or (self.path == "/" and browser):
            self._page(HTTPStatus.OK, steering.page(), "text/html")
        elif self.path == "/panel.css":
            self._page(HTTPStatus.OK, STYLE.encode(), "text/css")
        elif self.path in ("/", "/status"):
            self._reply(HTTPStatus.OK, steering.status())
        else:
            self._reply(HTTPStatus.NOT_FOUND, steering.unknown)

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > MOST_BYTES:
            drain(self, length)
            self._reply(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, {"error": "give a JSON body of at most 1 MB"})
            return
        data = self.rfile.read(int(length))
        form = self.headers.get_content_type() == "application/x-www-form-urlencoded"
        if form and self.headers.get("Origin") != f"http://{self.headers.get('Host')}":
            self._reply(HTTPStatus.FORBIDDEN, {"error": "only the panel's own page may send a form"})
        elif not form and self.headers.get_content_type() != "application/json":
            self._reply(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, {"error": "give Content-Type: application/json"})
        else:
            self._obey(data, form=form)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """Say nothing: what is scanned or read here is meant for the kiosk alone."""

    def _obey(self, data: bytes, *, form: bool) -> None:
        steering = self.server.steering
        try:
            told = steering.answer(self.path, _fields(data) if form else _object(data))
        except LookupError:
            self._reply(HTTPStatus.NOT_FOUND, steering.unknown)
        except (ValueError, RecursionError) as error:
            self._reply(HTTPStatus.UNPROCESSABLE_ENTITY, {"error": str(error)})
        else:
            if form:
                self._page(HTTPStatus.SEE_OTHER, b"", "text/html", ("Location", "/panel"))
            else:
                self._reply(HTTPStatus.OK, told)

    def _page(self, code: HTTPStatus, data: bytes, kind: str, *more: tuple[str, str]) -> None:
        self.send_response(code)
        safe = (("Content-Security-Policy", POLICY), ("X-Content-Type-Options", "nosniff"))
        size = ("Content-Length", str(len(data)))
        for name, value in (("Content-Type", f"{kind}; charset=utf-8"), size, *safe, *more):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def _reply(self, code: HTTPStatus, body: dict[str, Any]) -> None:
        data = json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogateescape")
        self.send_response(code)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
