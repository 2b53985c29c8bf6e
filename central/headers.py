"""Headers that every answer carries: the date by the service's own clock, and what a browser must not do."""

from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime

from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""No script, no foreign thing, no frame: the pages are plain HTML with one style sheet."""

_SAFE = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-robots-tag", b"noindex, nofollow"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cache-control", b"no-store"),
)
_SECURE = (b"strict-transport-security", b"max-age=31536000")


class Headers:
    """ASGI middleware. The Date header is what a kiosk mends its clock by, so it follows the injected clock."""

    def __init__(self, app: ASGIApp, now: Callable[[], datetime]) -> None:
        self._app = app
        self._now = now

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add what is missing to the answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                lines = message["headers"]
                there = {name for name, _ in lines}
                date = format_datetime(self._now().astimezone(UTC), usegmt=True).encode()
                more = [line for line in _SAFE if line[0] not in there]
                more += [_SECURE] if scope.get("scheme") == "https" and _SECURE[0] not in there else []
                message["headers"] = [*(line for line in lines if line[0] != b"date"), (b"date", date), *more]
            await send(message)

        await self._app(scope, receive, with_headers)
