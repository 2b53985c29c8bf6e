"""A sensor of presence that is an input device to the kernel: a switch or a key is down while somebody is near."""

import array
import fcntl
import random
from collections.abc import Callable

from drivers.keys.events import DOWN, EV_KEY, EV_SW, HELD, LOST, Input, Records
from drivers.keys.line import open_input, parse
from drivers.owner import Owner
from drivers.transport.line import FdLine, wait
from kiosk.domain.health import Health, Ready

PROXIMITY, WAKE_UP = 0x0B, 143
"""SW_FRONT_PROXIMITY, which such a sensor is meant to send; KEY_WAKEUP, for one behind the overlay gpio-key."""
_SIGNS = {(EV_SW, PROXIMITY), (EV_KEY, WAKE_UP)}
_KEYS, _SWITCHES = 0x80604518, 0x8008451B  # EVIOCGKEY for 96 bytes, EVIOCGSW for 8: what is down already
IDLE_S = 1.0


class Presence:
    """At `hid:///dev/input/by-path/...`. `on_near` is called on its own thread when somebody comes or goes."""

    def __init__(
        self,
        url: str,
        on_near: Callable[[bool], None],
        on_health: Callable[[Health], None] | None = None,
        *,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        path = parse(url)
        self._on_near = on_near
        self._near = False
        self._owner: Owner[FdLine] = Owner(
            f"presence {path}", lambda: open_input(path), self._own, path=path, on_health=on_health, jitter=jitter
        )

    def start(self) -> None:
        """Begin to open it; returns at once."""
        self._owner.start()

    def health(self) -> Health:
        """The present condition; never blocks."""
        return self._owner.health()

    def close(self) -> None:
        """Let go of it and end the thread; calling it twice is fine."""
        self._owner.close()

    def _own(self, line: FdLine) -> None:
        self._owner.link.proven()
        self._owner.tell(Ready())
        self._say(near=_down(line))
        try:
            self._listen(line)
        finally:
            if not self._owner.stopping:
                self._say(near=False)  # a sensor that is gone must not keep the glass lit for ever

    def _listen(self, line: FdLine) -> None:
        records = Records()
        while not self._owner.stopping:
            self._owner.beat()
            if wait(line, IDLE_S, wake=self._owner.wake.fileno()):
                self._owner.wake.clear()
                for event in records.feed(line.receive()):
                    self._hear(line, event)

    def _hear(self, line: FdLine, event: Input) -> None:
        if event == LOST:
            self._say(near=_down(line))
        elif (event.kind, event.code) in _SIGNS and event.value != HELD:
            self._say(near=event.value == DOWN)

    def _say(self, *, near: bool) -> None:
        if near != self._near:
            self._near = near
            self._owner.inform("presence", self._on_near, near)


def _down(line: FdLine) -> bool:
    """Whether a sign is down as it stands."""
    return _bit(line, _SWITCHES, 8, PROXIMITY) or _bit(line, _KEYS, 96, WAKE_UP)


def _bit(line: FdLine, request: int, size: int, number: int) -> bool:
    bits = array.array("B", bytes(size))
    try:
        fcntl.ioctl(line.fileno(), request, bits)
    except OSError:
        return False
    return bool(bits[number // 8] >> number % 8 & 1)
