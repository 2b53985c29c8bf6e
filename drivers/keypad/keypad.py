"""A tactile keypad or a headset jack: one thread owns it, and tells what each key means."""

from collections.abc import Callable, Mapping

from drivers.device import LineLost
from drivers.keypad.names import JACK_IN, JACK_OUT
from drivers.keys.events import DOWN, EV_SW, LOST, SW_HEADPHONE_INSERT, UP, Input
from drivers.keys.line import open_input, parse
from drivers.keys.listener import SWITCHES, InputDevice, is_down
from drivers.transport.line import FdLine
from kiosk.domain.health import Health


class Keypad(InputDevice):
    """An input device at `hid:///dev/input/by-id/...`, grabbed so that it types into no window.

    `on_meaning` is called on the keypad's own thread and must not block. A key that is held down counts once. A
    switch that is closed already when the device is opened is told of, so that a headset in its jack is known.
    """

    def __init__(
        self,
        name: str,
        url: str,
        meanings: Mapping[Input, str],
        on_meaning: Callable[[str], None],
        on_health: Callable[[Health], None] | None = None,
        *,
        jitter: Callable[[], float] | None = None,
    ) -> None:
        self._meanings = meanings
        self._on_meaning = on_meaning
        self._headset = False
        super().__init__(name, url, on_health, jitter)

    def opened(self, line: FdLine) -> None:
        """A headset may be in its jack already."""
        self._mean(_closed(line))

    def heard(self, line: FdLine, event: Input) -> None:
        """A key was pressed, or a headset put in or taken out."""
        self._mean(_closed(line) if event == LOST else event)

    def gone(self) -> None:
        """The jack went with it."""
        if self._headset:
            self._say(JACK_OUT)

    def _mean(self, event: Input | None) -> None:
        meaning = self._meanings.get(event) if event else None
        if meaning and not (meaning == JACK_OUT and not self._headset):
            self._say(meaning)

    def _say(self, meaning: str) -> None:
        self._headset = meaning == JACK_IN or (self._headset and meaning != JACK_OUT)
        self._owner.inform("keys", self._on_meaning, meaning)


def _closed(line: FdLine) -> Input | None:
    """The headset's switch as it stands, where there is one."""
    closed = is_down(line, SWITCHES, SW_HEADPHONE_INSERT)
    return None if closed is None else Input(EV_SW, SW_HEADPHONE_INSERT, DOWN if closed else UP)


def why_not(url: str) -> str:
    """Try to open an input device for a moment: why it fails, with the remedy, or nothing when it opened."""
    try:
        open_input(parse(url)).close()
    except LineLost as error:
        return str(error)
    return ""
