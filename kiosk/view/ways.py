"""What this kiosk's parts add to core.offers: a way that a broken or missing part would need is not shown."""

from kiosk.core import offers
from kiosk.core.state import State
from kiosk.domain.catalogue import Field, FieldKind, Service
from kiosk.domain.health import Ready
from kiosk.domain.request import ASSURANCE_ORDER, Assurance, reaches
from kiosk.view.models import Picture
from kiosk.view.scene import Scene

ENTERED: frozenset[FieldKind] = frozenset(
    {"mobile", "digits", "postcode", "date", "licence_archive_number", "choice", "plate", "vin"}
)
"""The kinds of question that the kiosk's own keys can answer; any other needs choices."""
ARROWS = {
    "left": "arrow-left", "right": "arrow-right", "below": "arrow-down", "below-left": "arrow-down-left",
    "below-right": "arrow-down-right",
}  # fmt: skip
"""Where a device can be, seen from the screen, and what points there."""


def photographs(state: State) -> bool:
    """Say whether documents can be photographed; until the camera said so, they cannot."""
    return isinstance(state.parts.camera, Ready)


def scans(state: State) -> bool:
    """Say whether the scanner reads; until it said so, it does not."""
    return isinstance(state.parts.scanner, Ready)


def live(state: State, caption: str) -> tuple[Picture, ...]:
    """What the camera sees, on a page that wants something held before it."""
    return (Picture(state.parts.preview, caption, live=True),) if offers.previewing(state) else ()


def reads_cards(state: State) -> bool:
    """Say whether there is a card reader and it works."""
    return isinstance(state.parts.card, Ready)


def where(scene: Scene, device: str, text: str) -> tuple[str, str]:
    """The text with where that device is, if the branch has said so, and the arrow that points there."""
    place = scene.state.branch.where.get(device, "")
    if not place:
        return text, ""
    told = scene.texts(f"where.{device}", place=scene.texts(f"place.{place}"))
    return f"{text}\n{told}", ARROWS[place]


def best_assurance(state: State) -> Assurance:
    """The strongest proof of identity that can be had here now; only staff can give more."""
    if reads_cards(state):
        return "card"
    return "scanned" if scans(state) else "typed"


def identifies(state: State, how: Assurance, service: Service | None) -> bool:
    """Say whether this way of identifying is worth offering: it must reach, or be raised to, what the service needs."""
    return service is None or _enough(state, how, service)


def applies(state: State, service: Service) -> bool:
    """Say whether this service can be carried through here now, from the first question to the receipt."""
    if not offers.direct(state, service) or not all(_answerable(state, field) for field in service.fields):
        return False
    return offers.identified(state, service) or _enough(state, best_assurance(state), service)


def takes_a_clerk(state: State, service: Service) -> bool:
    """Say whether it can be carried through only with a clerk who comes and compares her document."""
    identity = state.session.identity
    have = identity.assurance if identity else "none"
    best = max(have, best_assurance(state), key=ASSURANCE_ORDER.index)
    return not reaches(best, service.min_assurance) and "code" not in offers.proofs_for(state, service, best)


def _enough(state: State, have: Assurance, service: Service) -> bool:
    return reaches(have, service.min_assurance) or bool(offers.proofs_for(state, service, have))


def _answerable(state: State, field: Field) -> bool:
    if field.kind == "photo":
        return photographs(state)
    return field.kind in ENTERED or bool(field.choices)
