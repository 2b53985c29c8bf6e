"""Steers the simulated keypad, jack and sensor of presence: POST /press, /headset, /near, /condition over HTTP."""

from typing import Any

from drivers.keypad.names import KEYS
from drivers.sim.input import CONDITIONS, SimInput
from drivers.sim.json_control import JsonControl, text


class InputControl(JsonControl):
    """A control server for one simulated input device.

    `GET /` tells `{"device","url","condition","sent"}`. `POST /press` takes `{"text"}`, keys by the kernel's names
    without KEY_; `/headset` takes `{"text"}`, `in` or `out`; `/near` likewise `yes` or `no`; `/condition`
    `{"condition"}`.
    """

    def __init__(self, keypad: SimInput, host: str = "127.0.0.1", port: int = 0) -> None:
        sent = 0

        def answer(path: str, body: dict[str, Any]) -> dict[str, Any]:
            nonlocal sent
            match path:
                case "/press":
                    sent += sum(keypad.press(name) for name in _keys(text(body, "text")))
                case "/headset":
                    sent += keypad.headset(plugged=_either(text(body, "text"), "in", "out"))
                case "/near":
                    sent += keypad.near(somebody=_either(text(body, "text"), "yes", "no"))
                case "/condition":
                    keypad.condition(text(body, "condition"))
                case _:
                    raise LookupError(path)
            return status()

        def status() -> dict[str, Any]:
            return {"device": "keypad", "url": keypad.url, "condition": keypad.present, "sent": sent}

        forms = {"/press": ("text",), "/headset": ("text",), "/near": ("text",)}
        super().__init__(status, answer, CONDITIONS, forms, host, port)


def _keys(names: str) -> list[str]:
    found = [name.upper().removeprefix("KEY_") for name in names.split()]
    unknown = [name for name in found if name not in KEYS]
    if not found or unknown:
        what = f"there is no key {unknown[0]!r:.30}" if unknown else "press which key?"
        raise ValueError(f"{what}; keys are named like RIGHT, ENTER, F1, KP5, VOLUMEUP")
    return found


def _either(word: str, yes: str, no: str) -> bool:
    if word not in (yes, no):
        raise ValueError(f"give {yes} or {no}, not {word!r:.30}")
    return word == yes
