"""One input device and the thread that owns it: opened, grabbed, listened to, opened again when it comes back."""

import array
import fcntl
import random
from abc import ABC, abstractmethod
from collections.abc import Callable

from drivers.keys.events import Input, Records
from drivers.keys.line import open_input, parse
from drivers.owner import Owner
from drivers.transport.line import FdLine, wait
from kiosk.domain.health import Health, Ready

IDLE_S = 1.0
"""With nothing to do the thread looks around this often."""
KEYS, SWITCHES = (0x80604518, 96), (0x8008451B, 8)
"""EVIOCGKEY and EVIOCGSW with their size in bytes: what is down, or closed, as it stands."""


class InputDevice(ABC):
    """What keypad, jack and presence share; the base of each, at `hid:///dev/input/by-id/...`.

    A device tells what it hears in `opened`, `heard` and `gone`, which run on its own thread.
    """

    def __init__(
        self, name: str, url: str, on_health: Callable[[Health], None] | None, jitter: Callable[[], float] | None
    ) -> None:
        path = parse(url)
        self._owner: Owner[FdLine] = Owner(
            f"{name} {path}",
            lambda: open_input(path),
            self._own,
            path=path,
            on_health=on_health,
            jitter=jitter or random.random,
        )

    def start(self) -> None:
        """Begin to open it; returns at once."""
        self._owner.start()

    def health(self) -> Health:
        """The present condition: Unknown before the first attempt to open. Never blocks."""
        return self._owner.health()

    def close(self) -> None:
        """Let go of it and end the thread; calling it twice is fine."""
        self._owner.close()

    @abstractmethod
    def opened(self, line: FdLine) -> None:
        """It is there: what is down or plugged in already counts."""

    @abstractmethod
    def heard(self, line: FdLine, event: Input) -> None:
        """A key or a switch has changed, or some were lost."""

    @abstractmethod
    def gone(self) -> None:
        """It was pulled out."""

    def _own(self, line: FdLine) -> None:
        self._owner.link.proven()
        self._owner.tell(Ready())
        try:
            self.opened(line)
            self._listen(line)
        finally:
            if not self._owner.stopping:
                self.gone()

    def _listen(self, line: FdLine) -> None:
        records = Records()
        while not self._owner.stopping:
            self._owner.beat()
            if wait(line, IDLE_S, wake=self._owner.wake.fileno()):
                self._owner.wake.clear()
                for event in records.feed(line.receive()):
                    self.heard(line, event)


def is_down(line: FdLine, kind: tuple[int, int], number: int) -> bool | None:
    """Whether a key or a switch is down as it stands; `kind` is KEYS or SWITCHES. None where the device has none."""
    request, size = kind
    bits = array.array("B", bytes(size))
    try:
        fcntl.ioctl(line.fileno(), request, bits)
    except OSError:
        return None
    return bool(bits[number // 8] >> number % 8 & 1)
