"""She picks a category, a service, and one of the ways to get it done."""

from dataclasses import replace

from kiosk.core import offers
from kiosk.core.effects import PrintGuide
from kiosk.core.events import PaperNotPrinted, PaperPrinted, PaperUnknown
from kiosk.core.flows import request, ticket
from kiosk.core.flows.session import Outcome, go
from kiosk.core.state import Guide, NoticePage, Services, State, Working


def category(state: State, letter: str) -> Outcome:
    """Show the services of a category."""
    return go(state, Services(letter)) if state.catalogue.category(letter) else (state, ())


def service(state: State, code: str) -> Outcome:
    """Show what a service is and needs."""
    if state.catalogue.service(code) is None:
        return state, ()
    return go(replace(state, session=replace(state.session, service=code)), Guide(code))


def way(state: State, page: Guide, action: str, fresh: str) -> Outcome:
    """Take a ticket, do it here, or print what to bring."""
    chosen = state.catalogue.service(page.service)
    if chosen is None:
        return go(state, Services())
    if action == "take-ticket" and offers.tickets(state):
        return ticket.take(state, page.service, fresh)
    if action == "apply":
        return request.apply(state, chosen)
    if action == "print-guide" and offers.paper(state):
        order = PrintGuide(fresh, page.service, state.session.language)
        return go(replace(state, job=fresh), Working("paper", page.service), order)
    return state, ()


def guide_done(state: State, event: PaperPrinted | PaperNotPrinted | PaperUnknown) -> Outcome:
    """The slip is out, or it is not."""
    code = state.page.service if isinstance(state.page, Working) else None
    back = Guide(code) if code else Services()
    if isinstance(event, PaperPrinted):
        return go(replace(state, job=None), NoticePage("guide-printed", state.monotonic, back))
    failed = replace(state, job=None, parts=replace(state.parts, printer=event.health))
    return go(failed, NoticePage("guide-not-printed", state.monotonic, back))
