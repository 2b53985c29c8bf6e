"""The glass, the lamps, the sensor of presence and the tray around it: what they tell, and what they are told."""

from dataclasses import dataclass
from typing import Literal

from kiosk.domain.tray import TrayVerdict

Glow = Literal["on", "dim", "off"]
"""How bright the glass is."""
Lamp = Literal["scan", "card", "paper", "staff", "fault", "left"]
"""What a lamp, or a beeper, stands for: a code may be held there; a card may be laid there; take your paper; staff were
called; the printer needs somebody; a card was left behind."""


@dataclass(frozen=True)
class PresenceChanged:
    """Somebody stands before the kiosk, or nobody does any more."""

    near: bool


@dataclass(frozen=True)
class TraySeen:
    """The camera over the tray has looked."""

    verdict: TrayVerdict


@dataclass(frozen=True)
class MindTray:
    """Nobody is here: see how the tray looks then. Or somebody is: learn nothing."""

    resting: bool


@dataclass(frozen=True)
class LookAtTray:
    """The session is over: see whether something lies there still."""


@dataclass(frozen=True)
class SetDisplay:
    """Light the glass, dim it, or let it go dark."""

    glow: Glow


@dataclass(frozen=True)
class SetPreview:
    """Show what the camera sees, or no longer."""

    on: bool


@dataclass(frozen=True)
class SetLamps:
    """Light these lamps and no other."""

    lit: frozenset[Lamp]
