"""She says who she is: a code held to the scanner, a card on the reader, or her number on our keypad."""

from dataclasses import replace

from kiosk.core.events import CardRead, CardUnread, DocumentScanned, ScanRefused
from kiosk.core.flows import booking, follow, request, visit
from kiosk.core.flows.keys import press
from kiosk.core.flows.session import Outcome, go
from kiosk.core.offers import IDENTITY_KINDS, scanning
from kiosk.core.state import Identify, Identity, Keypad, Services, SlipPage, State, StatusPage, Welcome
from kiosk.domain.documents import identify
from kiosk.domain.request import Assurance
from kiosk.domain.visit import PREFIX, booking_number

LONGEST = 18
"""The longest number anyone types: a resident ID; the new foreigner's number is as long."""


def scanned(state: State, event: DocumentScanned) -> Outcome:
    """A code was read: an identity opens the services, a receipt opens its status, anything else is said plainly."""
    if not scanning(state):
        return state, ()
    answer = identify(event.text, today=state.now.date())
    number = booking_number(event.text)
    if number and (answer.kind == "unknown" or event.text.startswith(PREFIX)):
        return booking.look(state, number)
    if answer.kind == "ticket":
        return visit.look(state, answer.number.reveal())
    if isinstance(state.page, StatusPage | SlipPage) or answer.kind == "receipt":
        return _followed(state, event.text, known=answer.kind == "receipt")
    if answer.kind in IDENTITY_KINDS and answer.valid:
        return accept(state, answer.kind, answer.number.reveal(), answer.masked, "scanned")
    problem = answer.problems[0] if answer.kind in IDENTITY_KINDS and answer.problems else "unknown-document"
    return _problem(state, problem)


def refused(state: State, event: ScanRefused) -> Outcome:
    """The scanner sent no text: say so, keep everything."""
    return _problem(state, event.fault) if scanning(state) else (state, ())


def card(state: State, event: CardRead) -> Outcome:
    """A chip card was read: the strongest identity a citizen can show alone."""
    if not isinstance(state.page, Welcome | Identify | Keypad | Services):
        return state, ()
    answer = identify(event.number, today=state.now.date())
    if answer.kind not in IDENTITY_KINDS or not answer.valid:
        return _problem(state, "unknown-document")
    return accept(state, answer.kind, answer.number.reveal(), answer.masked, event.assurance, event.name)


def unread(state: State, event: CardUnread) -> Outcome:
    """A card lies there and cannot be read: say what to do, keep everything."""
    if not isinstance(state.page, Welcome | Identify | Keypad | Services):
        return state, ()
    return _problem(state, event.fault)


def typed(state: State, page: Keypad, key: str) -> Outcome:
    """One key of the keypad; a number that is shown stays so for as long as she types."""
    now = state.monotonic
    reveal = now + state.delays.reveal if page.open > now else 0.0
    text = press(page.typed, key, LONGEST)
    return go(state, replace(page, typed=text, problem="", peek=now + state.delays.peek, open=reveal))


def shown(state: State, page: Keypad) -> Outcome:
    """Show what is typed for a while, or hide it again."""
    reveal = 0.0 if page.open > state.monotonic else state.monotonic + state.delays.reveal
    return go(state, replace(page, open=reveal))


def entered(state: State, page: Keypad) -> Outcome:
    """She is done typing: accept the number, or say what is wrong and keep what she typed."""
    answer = identify(page.typed, today=state.now.date())
    if answer.kind not in IDENTITY_KINDS:
        answer = identify(page.typed, expect="resident_id", today=state.now.date())
    if not answer.valid:
        return go(state, replace(page, problem=answer.problems[0] if answer.problems else "unknown-document"))
    return accept(state, answer.kind, answer.number.reveal(), answer.masked, "typed")


def accept(state: State, kind: str, number: str, masked: str, how: Assurance, name: str = "") -> Outcome:
    """Remember the identity for this session and go on to where she wanted."""
    wanted = state.page.then if isinstance(state.page, Identify | Keypad) else None
    identity = Identity(kind, number, masked, how, name)
    known = replace(state, session=replace(state.session, identity=identity))
    service = state.catalogue.service(wanted) if wanted else None
    if service is not None:
        return request.begin(known, service)
    category = state.page.category if isinstance(state.page, Services) else None
    return go(known, Services(category))


def _problem(state: State, problem: str) -> Outcome:
    match state.page:
        case Identify() | Keypad() as page:
            return go(state, replace(page, problem=problem))
        case StatusPage() as page:
            return go(state, replace(page, problem=problem, asked=False))
        case _:
            return go(state, Identify(problem=problem))


def _followed(state: State, text: str, *, known: bool) -> Outcome:
    if not known:
        return go(state, StatusPage(problem="unknown-document"))
    return follow.look(state, text)
