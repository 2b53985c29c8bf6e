"""She picks a category, a service, and one of the ways to get it done."""

from dataclasses import replace

from kiosk.core import offers
from kiosk.core.flows import eligibility, request, slip, ticket
from kiosk.core.flows.session import Outcome, go
from kiosk.core.state import Guide, NeedsPage, Services, State
from kiosk.domain.ticket import NEEDS


def category(state: State, letter: str) -> Outcome:
    """Show the services of a category."""
    return go(state, Services(letter)) if state.catalogue.category(letter) else (state, ())


def turn(state: State, page: Services) -> Outcome:
    """Turn to the next part of the services; after the last comes the first again."""
    parts = offers.parts(state, offers.tiles(state, page.category)) if page.category else 1
    return go(state, replace(page, part=(page.part + 1) % parts))


def service(state: State, code: str) -> Outcome:
    """Show what a service is and needs."""
    if state.catalogue.service(code) is None:
        return state, ()
    return go(replace(state, session=replace(state.session, service=code)), Guide(code))


def way(state: State, page: Guide, action: str, value: str, fresh: str) -> Outcome:
    """Take a ticket, do it here, see whether it can be had, or print what to bring."""
    chosen = state.catalogue.service(page.service)
    if chosen is None:
        return go(state, Services())
    if action == "take-ticket" and offers.tickets(state):
        return ticket.take(state, page.service, fresh)
    if action == "apply":
        return request.apply(state, chosen)
    if action == "choice" and value == "needs":
        return go(state, NeedsPage(page.service))
    if action == "choice" and value == "add":
        return _put_together(state, page.service)
    if action == "choice":
        return eligibility.begin(state, chosen, "look")
    if action == "print-guide":
        return slip.order(state, page.service, fresh, page)
    return state, ()


def _put_together(state: State, code: str) -> Outcome:
    """Keep this service for her ticket and let her choose another."""
    if not offers.more_fits(state):
        return state, ()
    also = tuple(dict.fromkeys((*state.session.also, code)))
    return go(replace(state, session=replace(state.session, also=also)), Services())


def needs(state: State, page: NeedsPage, name: str, value: str) -> Outcome:
    """Tick or untick what would help her; no order changes by it."""
    if name == "next":
        return go(state, Guide(page.service))
    if name != "choice":
        return state, ()
    had = state.session.needs
    wanted = tuple(need for need in NEEDS if (need in had) is not (need == value))
    return replace(state, session=replace(state.session, needs=wanted)), ()
