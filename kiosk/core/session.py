"""One citizen at the kiosk: who she says she is, what she answered, how she sees and hears."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from kiosk.domain.request import Assurance, Proof
from kiosk.domain.ticket import Need

Answers = Mapping[str, str]


@dataclass(frozen=True)
class Identity:
    """Who she says she is: the number is personal and never shown in clear."""

    kind: str
    number: str = field(repr=False)
    masked: str
    assurance: Assurance
    name: str = field(repr=False, default="")


Contrast = Literal["normal", "dark", "light"]
"""The usual colours, or high contrast on a dark or a light ground."""


@dataclass(frozen=True)
class Voice:
    """How she is spoken to: steps of pace and loudness from the default, how often she asked to hear it again."""

    pace: int = 0
    gain: int = 0
    again: int = 0
    paused: bool = False


@dataclass(frozen=True)
class Session:
    """One citizen at the kiosk; replaced by a fresh one when she leaves, so nothing of her stays.

    `answers` are sent with a request, `facts` only decide here what she may do. `photos` are the ids of the pictures
    taken for her, each with its preview's name; the answer to a question for one is such an id. `also` are
    services that she has put together for one ticket; `called`: staff were told that she wants them. `voice` is None
    while nothing is read to her; `focus` is the action that the keypad stands on, None while no keypad is used.
    """

    language: str
    large: bool = False
    contrast: Contrast = "normal"
    low: bool = False
    voice: Voice | None = None
    curtain: bool = False
    focus: str | None = None
    identity: Identity | None = None
    service: str | None = None
    answers: Answers = field(default_factory=lambda: MappingProxyType({}), repr=False)
    facts: Answers = field(default_factory=lambda: MappingProxyType({}), repr=False)
    photos: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    consents: frozenset[str] = frozenset()
    proof: Proof | None = None
    also: tuple[str, ...] = ()
    needs: tuple[Need, ...] = ()
    called: bool = False


@dataclass(frozen=True)
class Parting:
    """Who has just gone, and when (monotonic seconds): only how she reads and hears, to remind her in her own way."""

    session: Session
    at: float
