"""Facts about a proof that a change of a register asks for: a one-time code, or a clerk's word."""

from dataclasses import dataclass
from typing import Literal

from kiosk.domain.request import Proof

ProofProblem = Literal["wrong", "spent", "expired", "refused", "early", "often", "away"]
"""A wrong code; too many of them; too late; a clerk said no; no clerk has it yet; asked for too often; no answer."""


@dataclass(frozen=True)
class ProofAsked:
    """The code is on its way to her phone, or the request stands on the consoles."""

    proof: Proof


@dataclass(frozen=True)
class ClerkTook:
    """A clerk has taken the request and comes."""

    confirmation: str


@dataclass(frozen=True)
class Proven:
    """What was typed is the code: she is confirmed for this session."""

    proof: Proof


@dataclass(frozen=True)
class ProofRefused:
    """No, and why. `again`: the same code may be typed once more; otherwise this proof is over."""

    proof: Proof
    problem: ProofProblem
    again: bool = False
