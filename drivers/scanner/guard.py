"""Lets a scan through once: holds back repeats of the same code, and a scanner that has gone mad."""

import hashlib
import secrets
from collections.abc import Callable

from drivers.scanner.delays import Delays


class Guard:
    """Remembers what was let through by a keyed hash only, so that nothing of a document stays in memory."""

    def __init__(self, delays: Delays, now: Callable[[], float]) -> None:
        self._delays = delays
        self._now = now
        self._key = secrets.token_bytes(16)
        self._passed: dict[bytes, float] = {}
        self._repeats = 0
        self._credit = float(delays.burst)
        self._credited = now()
        self._last = now()
        self._stuck = False

    @property
    def stuck(self) -> bool:
        """The scanner sends without a person behind it; it is believed again after a quiet while."""
        if self._stuck and self._now() - self._last >= self._delays.quiet_s:
            self._stuck = False
            self._repeats = 0
        return self._stuck

    def admit(self, payload: bytes) -> bool:
        """Say whether this message is news. Call it once a message."""
        now = self._now()
        stuck = self.stuck
        self._last = now
        digest = hashlib.blake2b(payload, key=self._key, digest_size=16).digest()
        self._passed = {key: at for key, at in self._passed.items() if now - at < self._delays.debounce_s}
        if digest in self._passed:
            self._repeats += 1
            if self._repeats > self._delays.stuck_repeats:
                self._stuck = True
            if stuck:
                self._passed[digest] = now  # as long as it is stuck its code stays old news
            return False
        if stuck or not self._spend(now):
            self._stuck = True
            return False
        self._repeats = 0
        self._passed[digest] = now
        return True

    def forget(self) -> None:
        """A new page: the same document scanned again is meant."""
        if not self.stuck:
            self._passed.clear()
            self._repeats = 0

    def _spend(self, now: float) -> bool:
        earned = (now - self._credited) * self._delays.rate_per_s
        self._credit = min(self._credit + earned, float(self._delays.burst))
        self._credited = now
        if self._credit < 1:
            return False
        self._credit -= 1
        return True
