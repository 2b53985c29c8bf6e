"""Tactile keypad and headset jack, from the settings to the core's events."""

from collections.abc import Callable
from typing import get_args

from drivers.device import BadAddress
from drivers.keypad.keypad import Keypad
from drivers.keypad.names import JACK, JACK_IN, JACK_OUT, meanings
from kiosk.config import Settings
from kiosk.core.events import HeadsetPlugged, HeadsetUnplugged, KeypadKey, KeypadPressed
from kiosk.domain.errors import Refusal
from kiosk.engine.lanes import Post
from kiosk.engine.ports import Keys


def keys_of(settings: Settings, post: Post, mint: Callable[[], str]) -> list[Keys]:
    """The input devices that the settings name, not yet started; Refusal for a wrong one."""
    chosen = settings.keypad
    known = {key: key for key in get_args(KeypadKey)}

    def heard(meaning: str) -> None:
        if meaning == JACK_IN:
            post(HeadsetPlugged())
        elif meaning == JACK_OUT:
            post(HeadsetUnplugged())
        else:
            post(KeypadPressed(known[meaning], mint()))

    try:
        mapped = meanings(chosen.keys, known)
    except ValueError as error:
        raise Refusal(f"keypad.keys: {error}") from error
    wanted = (("keypad", "url", chosen.url, mapped), ("headset", "jack", chosen.jack, JACK))
    found: list[Keys] = []
    for name, setting, url, meant in wanted:
        try:
            found += [Keypad(name, url, meant, heard)] if url else []
        except BadAddress as error:
            raise Refusal(f"keypad.{setting}: {error}") from error
    return found
