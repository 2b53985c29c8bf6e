"""A tactile keypad or a headset jack: one thread owns it, and tells what each key means."""

import array
import fcntl
import random
from collections.abc import Callable, Mapping

from drivers.device import LineLost
from drivers.keypad.names import JACK_IN, JACK_OUT
from drivers.keys.events import DOWN, EV_SW, LOST, SW_HEADPHONE_INSERT, UP, Input, Records
from drivers.keys.line import open_input, parse
from drivers.owner import Owner
from drivers.transport.line import FdLine, wait
from kiosk.domain.health import Health, Ready

IDLE_S = 1.0
"""With nothing to do the thread looks around this often."""
_SWITCHES = 0x8008451B  # EVIOCGSW for 8 bytes: what is plugged in already


class Keypad:
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
        jitter: Callable[[], float] = random.random,
    ) -> None:
        path = parse(url)
        self._meanings = meanings
        self._on_meaning = on_meaning
        self._headset = False
        self._owner: Owner[FdLine] = Owner(
            f"{name} {path}", lambda: open_input(path), self._own, path=path, on_health=on_health, jitter=jitter
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

    def _own(self, line: FdLine) -> None:
        self._owner.link.proven()
        self._owner.tell(Ready())
        try:
            self._mean(_closed(line))
            self._listen(line)
        finally:
            if self._headset and not self._owner.stopping:  # its jack went with it
                self._say(JACK_OUT)

    def _listen(self, line: FdLine) -> None:
        records = Records()
        while not self._owner.stopping:
            self._owner.beat()
            if wait(line, IDLE_S, wake=self._owner.wake.fileno()):
                self._owner.wake.clear()
                for event in records.feed(line.receive()):
                    self._mean(_closed(line) if event == LOST else event)

    def _mean(self, event: Input | None) -> None:
        meaning = self._meanings.get(event) if event else None
        if meaning and not (meaning == JACK_OUT and not self._headset):
            self._say(meaning)

    def _say(self, meaning: str) -> None:
        self._headset = meaning == JACK_IN or (self._headset and meaning != JACK_OUT)
        self._owner.inform("keys", self._on_meaning, meaning)


def _closed(line: FdLine) -> Input | None:
    """The headset's switch as it stands, where there is one."""
    bits = array.array("Q", [0])
    try:
        fcntl.ioctl(line.fileno(), _SWITCHES, bits)
    except OSError:
        return None
    return Input(EV_SW, SW_HEADPHONE_INSERT, DOWN if bits[0] >> SW_HEADPHONE_INSERT & 1 else UP)


def why_not(url: str) -> str:
    """Try to open an input device for a moment: why it fails, with the remedy, or nothing when it opened."""
    try:
        open_input(parse(url)).close()
    except LineLost as error:
        return str(error)
    return ""
