"""A sensor of presence that is an input device to the kernel: a switch or a key is down while somebody is near."""

from collections.abc import Callable

from drivers.keys.events import DOWN, EV_KEY, EV_SW, HELD, LOST, Input
from drivers.keys.listener import KEYS, SWITCHES, InputDevice, is_down
from drivers.transport.line import FdLine
from kiosk.domain.health import Health

PROXIMITY, WAKE_UP = 0x0B, 143
"""SW_FRONT_PROXIMITY, which such a sensor is meant to send; KEY_WAKEUP, for one behind the overlay gpio-key."""
_SIGNS = {(EV_SW, PROXIMITY), (EV_KEY, WAKE_UP)}


class Presence(InputDevice):
    """At `hid:///dev/input/by-path/...`. `on_near` is called on its own thread when somebody comes or goes."""

    def __init__(
        self,
        url: str,
        on_near: Callable[[bool], None],
        on_health: Callable[[Health], None] | None = None,
        *,
        jitter: Callable[[], float] | None = None,
    ) -> None:
        self._on_near = on_near
        self._near = False
        super().__init__("presence", url, on_health, jitter)

    def opened(self, line: FdLine) -> None:
        """Somebody may stand there already."""
        self._say(near=_down(line))

    def heard(self, line: FdLine, event: Input) -> None:
        """Somebody came or went."""
        if event == LOST:
            self._say(near=_down(line))
        elif (event.kind, event.code) in _SIGNS and event.value != HELD:
            self._say(near=event.value == DOWN)

    def gone(self) -> None:
        """A sensor that is gone must not keep the glass lit for ever."""
        self._say(near=False)

    def _say(self, *, near: bool) -> None:
        if near != self._near:
            self._near = near
            self._owner.inform("presence", self._on_near, near)


def _down(line: FdLine) -> bool:
    """Whether a sign is down as it stands."""
    return bool(is_down(line, SWITCHES, PROXIMITY) or is_down(line, KEYS, WAKE_UP))
