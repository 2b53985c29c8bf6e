"""`kiosk central devices`, `accept` and `refuse`: who waits to be let in, and what an officer decides."""

from typing import TYPE_CHECKING, Literal

from kiosk.domain.errors import Refusal

if TYPE_CHECKING:
    from central.centre import Centre


def listed(centre: "Centre") -> int:
    """Print every kiosk as a JSON line, those that wait first."""
    from central import fleet

    for kiosk in sorted(fleet.kiosks(centre), key=lambda kiosk: kiosk.state != "pending"):
        print(kiosk.model_dump_json())
    return 0


def decide(centre: "Centre", device: str, fate: Literal["accept", "refuse"], name: str) -> int:
    """Let a kiosk in that waits, or refuse it; Refusal for one that is not there or does not wait."""
    from central import fleet
    from central.rejection import Rejection

    if not name.strip():
        raise Refusal("--name takes the name of who decides; the book shows it")
    try:
        print(fleet.decide(centre, device, fate, name.strip()).model_dump_json())
    except Rejection as rejection:
        if rejection.status == 404:
            raise Refusal(f"there is no device {device!r}; `kiosk central devices` lists them") from None
        raise Refusal(f"{device} does not wait to be let in: {rejection.detail}") from None
    return 0
