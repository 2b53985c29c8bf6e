"""Keeps a message from being too large: no body beyond so many bytes is ever read."""

import re
from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from central.problems import answer
from central.rejection import Rejection


class BodyLimit:
    """ASGI middleware that reads no body beyond so many bytes, whether its size was announced or not.

    `larger` are the paths with a bound of their own: requests and the answers to them may bring photographs.
    """

    def __init__(self, app: ASGIApp, most: int, larger: Mapping[str, int] | None = None) -> None:
        self._app = app
        self._usual = most
        self._larger = larger or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 413."""
        path = scope.get("path", "")
        most = self._larger.get(re.sub(r"/[^/]+/answers$", "", path), self._usual)
        sizes = [value for name, value in scope.get("headers", ()) if name == b"content-length"]
        if any(not size.isdigit() or len(size) > 18 or int(size) > most for size in sizes):
            await answer(Rejection(413, "too-large", f"A message may have {most} bytes at most."))(scope, receive, send)
            return
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > most:
                raise HTTPException(413)
            return message

        await self._app(scope, counted, send)
