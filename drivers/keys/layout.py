"""What the keys of a keyboard scanner type: our own map of the US layout, whatever the system's layout is.

The kernel names keys by their place (linux/input-event-codes.h), so a French system layout would spoil every number.
"""

from collections.abc import Mapping

from drivers.keys.events import DOWN, EV_KEY, LOST, UP, Input

_ROWS = (
    (2, "1234567890-=", "!@#$%^&*()_+"),
    (16, "qwertyuiop[]", "QWERTYUIOP{}"),
    (30, "asdfghjkl;'`", 'ASDFGHJKL:"~'),
    (43, "\\zxcvbnm,./", "|ZXCVBNM<>?"),
    (57, " ", " "),
    (55, "*", "*"), (71, "789-456+1230.", "789-456+1230."), (98, "/", "/"), (86, "<", ">"),
)  # fmt: skip
TYPED: Mapping[int, tuple[str, str]] = {
    first + place: (plain[place], shifted[place]) for first, plain, shifted in _ROWS for place in range(len(plain))
}
"""Key code to what it types without and with shift."""
ENDS = frozenset({28, 96, 15})
"""Enter, the number pad's Enter and Tab end a code."""
_SHIFTS = frozenset({42, 54})
_CAPS_LOCK = 58
SPOILED = "\x18"
"""Stands for letters that were lost: no document's number has it, so that a code with a hole in it is refused."""


class Typist:
    """Turns events into the bytes that they type; CR ends a code. A key that is held down types once."""

    def __init__(self) -> None:
        self._shifts: set[int] = set()
        self._locked = False

    def feed(self, events: list[Input]) -> bytes:
        """Give what these events type."""
        return "".join(self._one(event) for event in events if event.kind == EV_KEY or event == LOST).encode("ascii")

    def _one(self, event: Input) -> str:
        if event == LOST:
            self._shifts.clear()  # a shift may have been let go of meanwhile
            return SPOILED
        if event.code in _SHIFTS:
            (self._shifts.discard if event.value == UP else self._shifts.add)(event.code)
            return ""
        if event.value != DOWN:
            return ""
        if event.code == _CAPS_LOCK:
            self._locked = not self._locked
            return ""
        if event.code in ENDS:
            return "\r"
        plain, shifted = TYPED.get(event.code, ("", ""))
        upper = bool(self._shifts) ^ (self._locked and plain.isalpha())
        return shifted if upper else plain
