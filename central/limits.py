"""Keeps one caller from asking too much: so many looks a minute, few wrong guesses."""

from collections import OrderedDict, deque
from threading import Lock
from time import monotonic

from central.rejection import Rejection

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
