"""The outermost layer: bodies have a limit, and no page can be framed, sniffed, stored or fed foreign code."""

from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from branch.declined import Declined
from branch.problems import problem_response
from kiosk.link.models.branch import EPOCH_HEADER

MAX_BODY = 999_999
"""Bytes; everything the hub is sent fits in a few thousand."""

_DRAINED = 16_000_000  # a client that is still sending hears the answer only after its body has been taken

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
)
_EPOCH = EPOCH_HEADER.lower().encode()


class Edge:
    """Reads the body whole, within its limit, and adds the headers; only fonts may be stored."""

    def __init__(self, app: ASGIApp, epoch: Callable[[], int]) -> None:
        self._app = app
        self._epoch = epoch

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [*message["headers"], *_HEADERS, (_EPOCH, b"%d" % self._epoch())]
                if not any(name == b"cache-control" for name, _ in message["headers"]):
                    headers.append((b"cache-control", _caching(scope["path"])))
                message = {**message, "headers": headers}
            await send(message)

        headers = Headers(scope=scope)
        if "content-length" not in headers and "transfer-encoding" not in headers:
            await self._app(scope, receive, with_headers)
            return
        body = await _body(receive)
        if body is None:
            refusal = problem_response(Declined("too-large", "A body may have up to one megabyte."))
            await refusal(scope, receive, with_headers)
            return
        await self._app(scope, _again(body, receive), with_headers)


async def _body(receive: Receive) -> bytes | None:
    """Read a body; None for one that is too large."""
    parts: list[bytes] = []
    size = 0
    more = True
    while more and size <= _DRAINED:
        message = await receive()
        if message["type"] == "http.disconnect":
            break
        part = message.get("body", b"")
        size += len(part)
        if size <= MAX_BODY:
            parts.append(part)
        more = message.get("more_body", False)
    return b"".join(parts) if size <= MAX_BODY else None


def _again(body: bytes, receive: Receive) -> Receive:
    """Give the body that was read, then whatever comes."""
    given = False

    async def give() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return give


def _caching(path: str) -> bytes:
    return b"max-age=86400" if path.startswith("/fonts/") else b"no-store"
