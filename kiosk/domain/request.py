"""The states of a request on both sides: the kiosk's until the server answered, the server's from then on."""

from typing import Literal, get_args

DeviceState = Literal["queued", "sending", "unknown", "submitted", "quarantined", "expired"]
ServerState = Literal["submitted", "needs_more", "not_accepted", "accepted", "in_progress", "done", "withdrawn"]
RequestState = DeviceState | ServerState

DEVICE_STATES: tuple[DeviceState, ...] = get_args(DeviceState)
SERVER_STATES: tuple[ServerState, ...] = get_args(ServerState)

Assurance = Literal["none", "typed", "scanned", "card", "staff"]
ASSURANCE_ORDER: tuple[Assurance, ...] = get_args(Assurance)


def reaches(have: Assurance, need: Assurance) -> bool:
    """Say whether an identity of assurance `have` may do what needs `need`."""
    return ASSURANCE_ORDER.index(have) >= ASSURANCE_ORDER.index(need)
