"""Steers the simulated printer from outside: JSON for programs, one page with buttons for people, on loopback HTTP."""

import html
import json
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from drivers.sim.json_control import drain
from drivers.sim.panel import POLICY, STYLE
from drivers.sim.printer import SimPrinter
from drivers.sim.printer_state import CONDITIONS

MOST_BYTES = 4096


class PrinterControl:
    """A control server for one simulated printer.

    `GET /` is the panel, `GET /state` and `GET /papers` tell JSON, `GET /papers/0001.png` a paper (or .txt, .bin).
    `POST /condition` takes `{"condition", "after"?}`, `POST /clear` nothing. Wrong input is 422 with `{"error"}`.
    """

    def __init__(self, printer: SimPrinter, listen: str = "127.0.0.1:0") -> None:
        host, _, port = listen.rpartition(":")
        self._server = _Server((host, int(port)), printer)
        self.url = f"http://{host}:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop serving; the printer stays as it is."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def steer(printer: SimPrinter, path: str, body: dict[str, Any]) -> None:
    """Do what a POST asks for; ValueError says what is wrong with it, LookupError that there is no such path."""
    if path == "/clear":
        printer.clear()
        return
    if path != "/condition":
        raise LookupError(path)
    word, after = body.get("condition"), body.get("after")
    if not isinstance(word, str):
        raise ValueError('give {"condition": "paper-out"}')
    if after is not None and (not isinstance(after, int) or isinstance(after, bool) or after < 0):
        raise ValueError("after is a number of bytes")
    printer.condition(word, after)


def papers(printer: SimPrinter) -> list[dict[str, Any]]:
    """The papers, oldest first."""
    return [
        {"n": paper.n, "png": f"/papers/{paper.png.name}", "text": paper.text, "bytes": len(paper.data)}
        for paper in printer.papers
    ]


def panel(printer: SimPrinter) -> str:
    """The page for people."""
    now = printer.present
    buttons = "".join(
        f'<form method="post" action="/condition"><button name="condition" value="{word}"'
        f"{' class=now' if word == now else ''}>{word}</button></form>"
        for word in CONDITIONS
    )
    last = "".join(
        f'<img alt="paper {paper.n}" src="/papers/{html.escape(paper.png.name)}">'
        for paper in printer.papers[-3:][::-1]
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Simulated printer</title>'
        '<link rel="stylesheet" href="/panel.css"><meta http-equiv="refresh" content="3"></head><body>'
        f"<h1>Simulated printer</h1><p>{html.escape(printer.url)}: <strong>{now}</strong>, "
        f"{len(printer.papers)} papers, {printer.body.held} bytes held</p><p>{buttons}</p>{last}</body></html>"
    )


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], printer: SimPrinter) -> None:
        super().__init__(address, _Handler)
        self.printer = printer


class _Handler(BaseHTTPRequestHandler):
    server: "_Server"
    timeout = 10

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        match path:
            case "/":
                self._reply(HTTPStatus.OK, panel(self.server.printer).encode(), "text/html; charset=utf-8")
            case "/favicon.ico":
                self._reply(HTTPStatus.NO_CONTENT, b"", "image/x-icon")
            case "/panel.css":
                self._reply(HTTPStatus.OK, STYLE.encode(), "text/css; charset=utf-8")
            case "/state":
                self._json(HTTPStatus.OK, self.server.printer.state())
            case "/papers":
                self._json(HTTPStatus.OK, papers(self.server.printer))
            case _:
                self._paper(path)

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > MOST_BYTES:
            drain(self, length)
            self._json(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, {"error": "give a body of at most 4 KB"})
            return
        data = self.rfile.read(int(length))
        form = self.headers.get_content_type() == "application/x-www-form-urlencoded"
        if form and not self._own_page():
            self._json(HTTPStatus.FORBIDDEN, {"error": "only the panel's own page may send a form"})
            return
        if data and not form and self.headers.get_content_type() != "application/json":
            self._json(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, {"error": "give Content-Type: application/json"})
            return
        try:
            steer(self.server.printer, self.path, _body(data, form))
        except LookupError:
            self._json(HTTPStatus.NOT_FOUND, {"error": "there are POST /condition and POST /clear"})
        except ValueError as error:
            self._json(HTTPStatus.UNPROCESSABLE_ENTITY, {"error": str(error)})
        else:
            if form:
                self._reply(HTTPStatus.SEE_OTHER, b"", "text/plain", ("Location", "/"))
            else:
                self._json(HTTPStatus.OK, self.server.printer.state())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """Say nothing: the program that started it has its own log."""

    def _own_page(self) -> bool:
        return self.headers.get("Origin") == f"http://{self.headers.get('Host')}"

    def _paper(self, path: str) -> None:
        kinds = {".png": "image/png", ".txt": "text/plain; charset=utf-8", ".bin": "application/octet-stream"}
        for paper in self.server.printer.papers:
            for suffix, kind in kinds.items():
                file = paper.png.with_suffix(suffix)
                if path == f"/papers/{file.name}":
                    self._reply(HTTPStatus.OK, file.read_bytes(), kind)
                    return
        self._json(HTTPStatus.NOT_FOUND, {"error": "there are GET /, /state, /papers and the papers named there"})

    def _json(self, code: HTTPStatus, body: object) -> None:
        self._reply(code, json.dumps(body, ensure_ascii=False).encode(), "application/json; charset=utf-8")

    def _reply(self, code: HTTPStatus, data: bytes, kind: str, *more: tuple[str, str]) -> None:
        self.send_response(code)
        for name, value in (
            ("Content-Type", kind),
            ("Content-Length", str(len(data))),
            ("Content-Security-Policy", POLICY),
            ("X-Content-Type-Options", "nosniff"),
            ("Cache-Control", "no-store"),
            *more,
        ):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)


def _body(data: bytes, form: bool) -> dict[str, Any]:
    if form:
        return {name: values[0] for name, values in parse_qs(data.decode("utf-8")).items()}
    if not data:
        return {}
    body = json.loads(data)
    if not isinstance(body, dict):
        raise ValueError("give a JSON object")
    return body
