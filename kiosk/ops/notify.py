"""Tells systemd that a service is ready, alive, or leaving; on a desk, where nobody listens, it tells nobody."""

import contextlib
import socket
import time
from collections.abc import Callable, Mapping

BEAT_S = 2.0
"""A sign of life goes out at most so often; the shortest watchdog waits five times as long."""


class Notifier:
    """The service's side of sd_notify(3): one datagram a word. It never blocks and never raises.

    `address` is $NOTIFY_SOCKET: a path, or `@name` for an abstract one; empty where no manager listens.
    """

    def __init__(self, address: str, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._address = "\0" + address[1:] if address.startswith("@") else address
        self._monotonic = monotonic
        self._ready = False
        self._beaten = float("-inf")

    @property
    def watched(self) -> bool:
        """Whether a manager listens."""
        return bool(self._address)

    def alive(self) -> None:
        """A sign of life, as often as one likes: the first says that the service is ready."""
        now = self._monotonic()
        if now - self._beaten < BEAT_S:
            return
        self._beaten = now
        self.say("WATCHDOG=1" if self._ready else "READY=1\nWATCHDOG=1")
        self._ready = True

    def status(self, line: str) -> None:
        """One line for `systemctl status`; nothing of a citizen."""
        self.say("STATUS=" + " ".join(line.split()))

    def stopping(self) -> None:
        """The service ends by its own will."""
        self.say("STOPPING=1")

    def say(self, words: str) -> None:
        """Send assignments of sd_notify(3), one a line; a manager that does not take them now misses them."""
        if not self._address:
            return
        # A blocked send would hold up the thread whose life is reported: better one sign too few.
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
            line.setblocking(False)
            line.sendto(words.encode(), self._address)


def notifier(environment: Mapping[str, str]) -> Notifier:
    """The notifier of this process, from its environment."""
    return Notifier(environment.get("NOTIFY_SOCKET", ""))
