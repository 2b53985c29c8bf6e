"""The closed union of device conditions: `unknown` is a word of its own, never "fine" and never "empty"."""

from dataclasses import dataclass
from typing import Literal, assert_never

HealthWord = Literal[
    "ready", "paper-low", "paper-out", "cover-open", "cutter-fault", "overheated", "under-voltage", "offline",
    "unknown",
]  # fmt: skip


@dataclass(frozen=True)
class Ready:
    """The device answered and found nothing wrong."""


@dataclass(frozen=True)
class PaperLow:
    """It still prints; the roll is near its end."""


@dataclass(frozen=True)
class PaperOut:
    """No paper; nothing is printed until a roll is loaded."""


@dataclass(frozen=True)
class CoverOpen:
    """The cover or the head is open."""


@dataclass(frozen=True)
class CutterFault:
    """The cutter is stuck; a person has to look."""


@dataclass(frozen=True)
class Overheated:
    """The printer's head, or the board, is too hot; it recovers by itself."""


@dataclass(frozen=True)
class UnderVoltage:
    """The board's supply sags: it slows down, and a card that is written to may be damaged."""


@dataclass(frozen=True)
class Offline:
    """It is not there or refuses the connection; `reason` is for technicians and never shown to citizens."""

    reason: str = ""


PAPER_CHANGE = Offline("a clerk changes the paper")
"""The printer's door stands open on purpose; it ends when the clerk says that she has finished."""


@dataclass(frozen=True)
class Unknown:
    """It did not say, or nobody has asked yet."""


Health = Ready | PaperLow | PaperOut | CoverOpen | CutterFault | Overheated | UnderVoltage | Offline | Unknown


def word(health: Health) -> HealthWord:
    """Name a condition by the word that stands in contracts, logs and answers."""
    match health:
        case Ready():
            return "ready"
        case PaperLow():
            return "paper-low"
        case PaperOut():
            return "paper-out"
        case CoverOpen():
            return "cover-open"
        case CutterFault():
            return "cutter-fault"
        case Overheated():
            return "overheated"
        case UnderVoltage():
            return "under-voltage"
        case Offline():
            return "offline"
        case Unknown():
            return "unknown"
        case _:
            assert_never(health)


def from_word(name: str) -> Health:
    """Give the condition that a word stands for; raise ValueError for a word that is none."""
    known: dict[str, Health] = {
        "ready": Ready(),
        "paper-low": PaperLow(),
        "paper-out": PaperOut(),
        "cover-open": CoverOpen(),
        "cutter-fault": CutterFault(),
        "overheated": Overheated(),
        "under-voltage": UnderVoltage(),
        "offline": Offline(),
        "unknown": Unknown(),
    }
    if name not in known:
        raise ValueError(f"unknown health word {name!r}; known are {', '.join(known)}")
    return known[name]


def can_print(health: Health) -> bool:
    """Say whether paper-bound actions may be offered: only when the printer said that it is able to."""
    return isinstance(health, Ready | PaperLow)
