"""Steers the simulated scanner from outside: POST /scan and POST /condition on a loopback HTTP server."""

from typing import Any

from drivers.sim.json_control import JsonControl, text
from drivers.sim.scanner import CONDITIONS, SimScanner


class ScannerControl(JsonControl):
    """A control server for one simulated scanner.

    `GET /` tells `{"device","url","condition","sent"}`. `POST /scan` takes `{"text"}`, or `{"hex"}` for bytes that are
    no text, optionally `"aim"` (like `]Q1`) and `"terminator"` (default CR). `POST /condition` takes `{"condition"}`.
    """

    def __init__(self, scanner: SimScanner, host: str = "127.0.0.1", port: int = 0) -> None:
        def answer(path: str, body: dict[str, Any]) -> dict[str, Any]:
            if path == "/scan":
                end = text(body, "terminator", "\r").encode("ascii")
                return {"sent": scanner.scan(_payload(body), end, text(body, "aim"))}
            if path == "/condition":
                scanner.condition(text(body, "condition"))
                return status()
            raise LookupError(path)

        def status() -> dict[str, Any]:
            return {"device": "scanner", "url": scanner.url, "condition": scanner.present, "sent": scanner.sent}

        super().__init__(status, answer, CONDITIONS, {"/scan": ("text", "aim")}, host, port)


def _payload(body: dict[str, Any]) -> bytes:
    if "hex" in body:
        return bytes.fromhex(text(body, "hex"))
    if "text" not in body:
        raise ValueError('give {"text": "..."} or {"hex": "..."}')
    return text(body, "text").encode("utf-8", "surrogateescape")
