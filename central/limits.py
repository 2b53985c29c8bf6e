"""Keeps one caller from asking too much: so many looks a minute, few wrong guesses, no body that is too large."""

import re
from collections import OrderedDict, deque
from collections.abc import Mapping
from threading import Lock
from time import monotonic

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from central.problems import Rejection, answer

_PERIOD_S = 60.0
_ADDRESSES = 10_000  # remembered at most, so that many senders cannot fill the memory


class Limiter:
    """Counts events of one kind by address, in memory; each server process counts its own."""

    def __init__(self, per_minute: int) -> None:
        self._most = per_minute
        self._seen: OrderedDict[str, deque[float]] = OrderedDict()
        self._guard = Lock()

    def check(self, address: str) -> None:
        """Raise Rejection (429) if this address has reached its limit."""
        with self._guard:
            times = self._recent(address)
            if len(times) < self._most:
                return
            wait = int(times[0] + _PERIOD_S - monotonic()) + 1
        raise Rejection(
            429, "slow-down", "Too many requests from here; wait a minute.", "after", headers={"Retry-After": str(wait)}
        )

    def count(self, address: str) -> None:
        """Note one event."""
        with self._guard:
            self._recent(address).append(monotonic())

    def _recent(self, address: str) -> deque[float]:
        times = self._seen.setdefault(address, deque(maxlen=self._most))
        self._seen.move_to_end(address)
        while len(self._seen) > _ADDRESSES:
            self._seen.popitem(last=False)
        while times and times[0] <= monotonic() - _PERIOD_S:
            times.popleft()
        return times


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
