"""The kernel's names of the keys of keypads (linux/input-event-codes.h), and how settings give them a meaning."""

from collections.abc import Iterable, Mapping

from drivers.keys.events import DOWN, EV_KEY, EV_SW, SW_HEADPHONE_INSERT, UP, Input

KEYS: Mapping[str, int] = {
    "ESC": 1, "TAB": 15, "ENTER": 28, "SPACE": 57, "BACKSPACE": 14,
    "HOME": 102, "UP": 103, "PAGEUP": 104, "LEFT": 105, "RIGHT": 106, "END": 107, "DOWN": 108, "PAGEDOWN": 109,
    "INSERT": 110, "DELETE": 111, "MUTE": 113, "VOLUMEDOWN": 114, "VOLUMEUP": 115, "PAUSE": 119, "HELP": 138,
    "BACK": 158, "PLAYPAUSE": 164, "HOMEPAGE": 172,
    **{f"F{n}": 58 + n for n in range(1, 11)}, "F11": 87, "F12": 88, **{f"F{n}": 170 + n for n in range(13, 25)},
    **{str(n % 10): 1 + n for n in range(1, 11)},
    "KPENTER": 96, "KPPLUS": 78, "KPMINUS": 74, "KPASTERISK": 55, "KPSLASH": 98, "KPDOT": 83,
    **dict(zip(("KP7", "KP8", "KP9"), range(71, 74), strict=True)),
    **dict(zip(("KP4", "KP5", "KP6"), range(75, 78), strict=True)),
    **dict(zip(("KP1", "KP2", "KP3", "KP0"), range(79, 83), strict=True)),
}  # fmt: skip
"""Name without KEY_ to code."""
JACK_IN, JACK_OUT = "headset-in", "headset-out"
"""A jack in the keypad itself is often told by a key code."""


def meanings(pairs: Iterable[str], known: Iterable[str]) -> dict[Input, str]:
    """Read settings like `F1=help`; ValueError names a key or a meaning that there is not."""
    allowed = {*known, JACK_IN, JACK_OUT}
    found: dict[Input, str] = {}
    for pair in pairs:
        name, _, meaning = pair.partition("=")
        code = KEYS.get(name.upper().removeprefix("KEY_"))
        if code is None:
            raise ValueError(f"there is no key {name!r:.30}; keys are named like RIGHT, ENTER, F1, KP5, VOLUMEUP")
        if meaning not in allowed:
            raise ValueError(f"a key cannot mean {meaning!r:.30}; known are {', '.join(sorted(allowed))}")
        found[Input(EV_KEY, code, DOWN)] = meaning
    return found


JACK: Mapping[Input, str] = {
    Input(EV_SW, SW_HEADPHONE_INSERT, DOWN): JACK_IN,
    Input(EV_SW, SW_HEADPHONE_INSERT, UP): JACK_OUT,
}
"""The jack of the board or of a sound card, which is a switch."""
