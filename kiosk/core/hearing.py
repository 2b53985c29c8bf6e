"""Facts about a citizen who listens and steers by keys: the tactile keypad, the headset, the voice."""

from dataclasses import dataclass
from typing import Literal

KeypadKey = Literal["next", "previous", "activate", "back", "home", "help", "repeat", "louder", "quieter", "faster",
                    "slower", "pause", "audio"]  # fmt: skip
"""What a key of the tactile keypad means; settings say which key of which model that is."""


@dataclass(frozen=True)
class KeypadPressed:
    """A key of the tactile keypad was pressed; `fresh` is a UUID minted for this press. It means what the View says."""

    key: KeypadKey
    fresh: str


@dataclass(frozen=True)
class FocusMoved:
    """The keypad moved the focus to this action."""

    action: str


@dataclass(frozen=True)
class HeadsetPlugged:
    """A headset was plugged in: from here on what is said is heard by one person alone."""


@dataclass(frozen=True)
class HeadsetUnplugged:
    """The headset was pulled out; nothing more may be said that not everybody may hear."""


@dataclass(frozen=True)
class SpeechChanged:
    """The voice has begun, or come to its end."""

    speaking: bool
