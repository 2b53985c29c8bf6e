"""The states of a request on both sides: the kiosk's until the server answered, the server's from then on."""

from dataclasses import dataclass
from typing import Literal, get_args

DeviceState = Literal["queued", "sending", "unknown", "submitted", "quarantined", "expired"]
ServerState = Literal["submitted", "needs_more", "not_accepted", "accepted", "in_progress", "done", "withdrawn"]
RequestState = DeviceState | ServerState

DEVICE_STATES: tuple[DeviceState, ...] = get_args(DeviceState)
SERVER_STATES: tuple[ServerState, ...] = get_args(ServerState)

Assurance = Literal["none", "typed", "scanned", "card", "code", "staff"]
"""`code`: card read, and a one-time code sent to her phone; `staff`: a clerk has confirmed her for this session."""
ASSURANCE_ORDER: tuple[Assurance, ...] = get_args(Assurance)

ProofKind = Literal["code", "staff"]
"""What can raise an identity; the word is the assurance that it raises it to. A code proves nothing without a card."""


@dataclass(frozen=True)
class Proof:
    """What raised an identity above what she could show alone: the id of a code, or of a clerk's confirmation."""

    kind: ProofKind
    id: str


def reaches(have: Assurance, need: Assurance) -> bool:
    """Say whether an identity of assurance `have` may do what needs `need`."""
    return ASSURANCE_ORDER.index(have) >= ASSURANCE_ORDER.index(need)
