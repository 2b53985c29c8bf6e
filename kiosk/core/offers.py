"""What may be offered right now; the presenter draws it and the flows rely on it, so that both say the same."""

from kiosk.core.state import State
from kiosk.domain.catalogue import Service
from kiosk.domain.health import can_print
from kiosk.domain.request import reaches

IDENTITY_KINDS = frozenset(
    {
        "resident_id",
        "hmt_residence_permit",
        "foreign_permanent_resident",
        "licence_core_number",
        "licence_archive_number",
    }
)
"""What a citizen may identify herself with; the centre resolves the licence numbers."""


def paper(state: State) -> bool:
    """Paper can be promised: the printer said that it is able to print."""
    return can_print(state.parts.printer)


def tickets(state: State) -> bool:
    """Tickets never stop while the branch is open; without the hub they come from the emergency range."""
    return state.lobby.open


def direct(state: State, service: Service) -> bool:
    """The service can go straight to the centre from here, now (with the identity still to be shown)."""
    if service.mode == "ticket" or not state.parts.submission:
        return False
    return state.parts.central is not False or service.offline == "queue"


def identified(state: State, service: Service) -> bool:
    """The identity shown so far is enough for the service."""
    identity = state.session.identity
    return identity is not None and reaches(identity.assurance, service.min_assurance)


def consented(state: State, service: Service, *, sensitive: bool | None = None) -> bool:
    """Every required box is ticked (of the sensitive or the other ones only, if asked so)."""
    asked = (c for c in service.consents if sensitive is None or c.sensitive is sensitive)
    return all(c.id in state.session.consents for c in asked if c.required)


def scanning(state: State) -> bool:
    """The page is one on which a code held to the window means something."""
    from_page = type(state.page).__name__
    return from_page in {"Welcome", "Identify", "Keypad", "Services", "StatusPage"}
