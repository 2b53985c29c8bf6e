"""Steers a simulated device from outside: GET tells how it is, POST does something to it, on a loopback HTTP server."""

import json
import threading
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

MOST_BYTES = 1 << 20
"""Longest request: a scan of 64 KB as escaped JSON, with room."""
MOST_DRAINED = 8 << 20
"""So much of a request that is too long is taken in before the answer: who still sends never reads a refusal."""

Status = Callable[[], dict[str, Any]]
Answer = Callable[[str, dict[str, Any]], dict[str, Any]]


class JsonControl:
    """A control server for one simulated device.

    `GET /` gives `status()`. A POST of a JSON object gives `answer(path, body)`, which raises LookupError for a path
    that there is not and ValueError for wrong input (422 with `{"error"}`). Only JSON is taken, so no web page can
    steer it. `paths` names what can be posted.
    """

    def __init__(self, status: Status, answer: Answer, paths: str, host: str = "127.0.0.1", port: int = 0) -> None:
        self._server = ThreadingHTTPServer((host, port), _handler(status, answer, paths))
        self._server.daemon_threads = False  # the last request has been answered once `close` returns
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


def _object(data: bytes) -> dict[str, Any]:
    body = json.loads(data)
    if not isinstance(body, dict):
        raise ValueError("give a JSON object")
    return body


def _handler(status: Status, answer: Answer, paths: str) -> type[BaseHTTPRequestHandler]:
    unknown = {"error": f"there are GET / and POST {paths}"}

    class Handler(BaseHTTPRequestHandler):
        timeout = 10

        def do_GET(self) -> None:
            if self.path in ("/", "/status"):
                self._reply(HTTPStatus.OK, status())
            else:
                self._reply(HTTPStatus.NOT_FOUND, unknown)

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "")
            if not length.isdigit() or int(length) > MOST_BYTES:
                drain(self, length)
                self._reply(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, {"error": "give a JSON body of at most 1 MB"})
                return
            data = self.rfile.read(int(length))
            if self.headers.get_content_type() != "application/json":
                self._reply(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, {"error": "give Content-Type: application/json"})
                return
            try:
                self._reply(HTTPStatus.OK, answer(self.path, _object(data)))
            except LookupError:
                self._reply(HTTPStatus.NOT_FOUND, unknown)
            except (ValueError, RecursionError) as error:
                self._reply(HTTPStatus.UNPROCESSABLE_ENTITY, {"error": str(error)})

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
            """Say nothing: what is scanned or read here is meant for the kiosk alone."""

        def _reply(self, code: HTTPStatus, body: dict[str, Any]) -> None:
            data = json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogateescape")
            self.send_response(code)
            self.send_header("Content-Type", "application/json; charset=utf-8")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

    return Handler
