"""The twin of an input device: the kernel's records over a pseudo-terminal, typed by nobody."""

from pathlib import Path
from typing import Literal, get_args

from drivers.fittings.presence import PROXIMITY
from drivers.keypad.names import KEYS
from drivers.keys.events import DOWN, EV_KEY, EV_SW, LOST, SW_HEADPHONE_INSERT, UP, Input, pack
from drivers.keys.layout import TYPED
from drivers.sim.node import PtyNode

Condition = Literal["ready", "offline", "silent", "lost-mid-job"]
CONDITIONS: tuple[Condition, ...] = get_args(Condition)
_LEFT_SHIFT, _ENTER = 42, 28
_SYNC = pack(Input(0, 0, 0))
_BY_LETTER = {
    letter: (code, bool(shift)) for code, row in reversed(tuple(TYPED.items())) for shift, letter in enumerate(row)
}


class SimInput:
    """A keyboard scanner, a keypad or a jack. `url` stays the same over unplugging.

    Conditions: `ready`; `offline` unplugs; `silent` swallows keys; `lost-mid-job` sends half of the next one and
    unplugs.
    """

    def __init__(self, folder: Path | None = None, name: str = "keys") -> None:
        self._node = PtyNode(folder, name)
        self._condition: Condition = "ready"
        self._node.plug()

    @property
    def present(self) -> Condition:
        """The condition it is in."""
        return self._condition

    def condition(self, word: str) -> None:
        """Put it into a condition; ValueError names the known ones."""
        known = next((one for one in CONDITIONS if one == word), None)
        if known is None:
            raise ValueError(f"a keypad has no condition {word!r:.40}; known are {', '.join(CONDITIONS)}")
        self._condition = known
        if known == "offline":
            self._node.unplug()
        else:
            self._node.plug()

    @property
    def url(self) -> str:
        """The address to give to the kiosk."""
        return f"hid://{self._node.path}"

    def press(self, name: str) -> bool:
        """Press and let go of a key, by the kernel's name without KEY_."""
        return self._tap(KEYS[name])

    def type(self, text: str, end: int = _ENTER) -> bool:
        """Scan a code: type its letters, and Enter."""
        sent = True
        for letter in text:
            code, shifted = _BY_LETTER[letter]
            if shifted:
                sent = self._send(Input(EV_KEY, _LEFT_SHIFT, DOWN)) and sent
            sent = self._tap(code) and sent
            if shifted:
                sent = self._send(Input(EV_KEY, _LEFT_SHIFT, UP)) and sent
        return self._tap(end) and sent if end else sent

    def headset(self, *, plugged: bool) -> bool:
        """Put a headset into the jack, or take it out."""
        return self._send(Input(EV_SW, SW_HEADPHONE_INSERT, int(plugged)))

    def near(self, *, somebody: bool) -> bool:
        """Let somebody step before a sensor of presence, or go."""
        return self._send(Input(EV_SW, PROXIMITY, int(somebody)))

    def lose(self) -> bool:
        """Say what the kernel says when it had no room for all that was typed."""
        return self._send(LOST)

    def raw(self, data: bytes) -> bool:
        """Send bytes that need be no record."""
        return self._node.write(data)

    def plug(self) -> None:
        """Plug it in."""
        self._node.plug()

    def unplug(self) -> None:
        """Pull it out."""
        self._node.unplug()

    def close(self) -> None:
        """Unplug it for good and tidy up."""
        self._node.close()

    def _tap(self, code: int) -> bool:
        return self._send(Input(EV_KEY, code, DOWN)) and self._send(Input(EV_KEY, code, UP))

    def _send(self, event: Input) -> bool:
        data = pack(event) + _SYNC
        match self._condition:
            case "silent":
                return False
            case "lost-mid-job":
                self._node.write(data[: len(data) // 3])
                self.condition("offline")
                return False
        return self._node.write(data)
