"""How this kiosk stands with the centre: whether it may hand anything in, and what a technician is told if not."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, get_args

from kiosk.domain.program_version import older

if TYPE_CHECKING:
    from kiosk.ops.place import Enrolled

Standing = Literal["pending", "accepted", "suspended", "retired"]
"""`retired` is also a kiosk that was refused: its machine enrols anew, with another claim."""

Hindrance = Literal["", "pending", "retired", "too-old"]
"""Why this kiosk offers no direct requests, whatever its line is like; tickets go on. Empty: it may."""

WHY: Mapping[Hindrance, str] = {
    "pending": "this kiosk waits until the centre has let it in; ask the office to accept it on the fleet page",
    "retired": "the centre has refused or retired this kiosk; enrol it with a new claim code",
    "too-old": "this version is older than the centre takes requests from; update it (docs/technician/updates.md)",
}

_STANDINGS: tuple[Standing, ...] = get_args(Standing)
_SAID: Mapping[str, Standing] = {
    "device-pending": "pending",
    "device-suspended": "suspended",
    "device-retired": "retired",
}


def standing_of(stored: Mapping[str, Any]) -> Standing:
    """What an identity on disk says; one of an earlier version was accepted when it was written."""
    return next((known for known in _STANDINGS if known == stored.get("standing")), "accepted")


def said_by(code: str) -> Standing | None:
    """What a problem's code says of the device itself; None for one that is about something else."""
    return _SAID.get(code)


def hindrance(enrolled: "Enrolled | None", version: str) -> Hindrance:
    """What keeps this kiosk, which runs `version`, from new requests; what waits in its outbox goes out all the same.

    A suspension is the link's to tell: it comes and goes.
    """
    if enrolled is None:
        return ""
    if enrolled.standing in ("pending", "retired"):
        return enrolled.standing
    return "too-old" if older(version, enrolled.least_version) else ""


def open_to_claims(enrolled: "Enrolled | None") -> bool:
    """Whether a claim that is held to the scanner is taken: not from a kiosk that has its place."""
    return enrolled is None or enrolled.standing == "retired"
