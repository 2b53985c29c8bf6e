"""Steers the simulated scanner from outside: POST /scan and POST /condition on a loopback HTTP server."""

import json
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from drivers.sim.scanner import SimScanner

MOST_BYTES = 1 << 20
"""Longest request: a scan of 64 KB as escaped JSON, with room."""


class ScannerControl:
    """A control server for one simulated scanner.

    `GET /` tells `{"device","url","condition","sent"}`. `POST /scan` takes `{"text"}`, or `{"hex"}` for bytes that are
    no text, optionally `"aim"` (like `]Q1`) and `"terminator"` (default CR). `POST /condition` takes `{"condition"}`.
    Wrong input is answered 422 with `{"error"}`. Only JSON is taken, so no web page can steer it.
    """

    def __init__(self, scanner: SimScanner, host: str = "127.0.0.1", port: int = 0) -> None:
        self._server = ThreadingHTTPServer((host, port), _handler(scanner))
        self._server.daemon_threads = True
        bound = self._server.server_address
        self.url = f"http://{host}:{bound[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop serving; the scanner itself stays as it is."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def answer(scanner: SimScanner, path: str, data: bytes) -> dict[str, Any]:
    """Do what a POST asks for; ValueError says what is wrong with it, LookupError that there is no such path."""
    body = json.loads(data)
    if not isinstance(body, dict):
        raise ValueError("give a JSON object")
    if path == "/scan":
        sent = scanner.scan(_payload(body), _terminator(body), _text(body, "aim", ""))
        return {"sent": sent}
    if path == "/condition":
        scanner.condition(_text(body, "condition", ""))
        return status(scanner)
    raise LookupError(path)


def status(scanner: SimScanner) -> dict[str, Any]:
    """What it is and how it is."""
    return {"device": "scanner", "url": scanner.url, "condition": scanner.present, "sent": scanner.sent}


def _payload(body: dict[str, Any]) -> bytes:
    if "hex" in body:
        return bytes.fromhex(_text(body, "hex", ""))
    if "text" not in body:
        raise ValueError('give {"text": "..."} or {"hex": "..."}')
    return _text(body, "text", "").encode("utf-8", "surrogateescape")


def _terminator(body: dict[str, Any]) -> bytes:
    return _text(body, "terminator", "\r").encode("ascii")


def _text(body: dict[str, Any], key: str, default: str) -> str:
    value = body.get(key, default)
    if not isinstance(value, str):
        raise ValueError(f"{key} must be a text")
    return value


def _handler(scanner: SimScanner) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = 10

        def do_GET(self) -> None:
            if self.path in ("/", "/status"):
                self._reply(HTTPStatus.OK, status(scanner))
            else:
                self._reply(HTTPStatus.NOT_FOUND, {"error": "there are GET /, POST /scan and POST /condition"})

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "")
            if not length.isdigit() or int(length) > MOST_BYTES:
                self._reply(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, {"error": "give a JSON body of at most 1 MB"})
                return
            data = self.rfile.read(int(length))
            if self.headers.get_content_type() != "application/json":
                self._reply(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, {"error": "give Content-Type: application/json"})
                return
            try:
                self._reply(HTTPStatus.OK, answer(scanner, self.path, data))
            except LookupError:
                self._reply(HTTPStatus.NOT_FOUND, {"error": "there are GET /, POST /scan and POST /condition"})
            except ValueError as error:
                self._reply(HTTPStatus.UNPROCESSABLE_ENTITY, {"error": str(error)})

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
            """Say nothing: what is scanned here is meant for the kiosk alone."""

        def _reply(self, code: HTTPStatus, body: dict[str, Any]) -> None:
            data = json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogateescape")
            self.send_response(code)
            self.send_header("Content-Type", "application/json; charset=utf-8")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

    return Handler
