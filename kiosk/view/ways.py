"""What this kiosk's parts add to core.offers: a way that a broken or missing part would need is not shown."""

from kiosk.core import offers
from kiosk.core.state import State
from kiosk.domain.catalogue import Field, FieldKind, Service
from kiosk.domain.health import Ready
from kiosk.domain.request import Assurance, reaches

ENTERED: frozenset[FieldKind] = frozenset(
    {"mobile", "digits", "postcode", "date", "licence_archive_number", "choice", "plate", "vin"}
)
"""The kinds of question that the kiosk's own keys can answer; any other needs choices."""


def photographs(state: State) -> bool:
    """Say whether documents can be photographed; until the camera said so, they cannot."""
    return isinstance(state.parts.camera, Ready)


def scans(state: State) -> bool:
    """Say whether the scanner reads; until it said so, it does not."""
    return isinstance(state.parts.scanner, Ready)


def reads_cards(state: State) -> bool:
    """Say whether there is a card reader and it works."""
    return isinstance(state.parts.card, Ready)


def best_assurance(state: State) -> Assurance:
    """The strongest proof of identity that can be had here now; only staff can give more."""
    if reads_cards(state):
        return "card"
    return "scanned" if scans(state) else "typed"


def identifies(how: Assurance, service: Service | None) -> bool:
    """Say whether this way of identifying is worth offering: it must reach what the wanted service needs."""
    return service is None or reaches(how, service.min_assurance)


def applies(state: State, service: Service) -> bool:
    """Say whether this service can be carried through here now, from the first question to the receipt."""
    if not offers.direct(state, service):
        return False
    proven = offers.identified(state, service) or reaches(best_assurance(state), service.min_assurance)
    return proven and all(_answerable(state, field) for field in service.fields)


def _answerable(state: State, field: Field) -> bool:
    if field.kind == "photo":
        return photographs(state)
    return field.kind in ENTERED or bool(field.choices)
