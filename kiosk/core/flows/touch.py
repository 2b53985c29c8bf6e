"""A press goes to the page it was made on; the few actions that stand on every page are taken first."""

from kiosk.core.flows import choose, identify, request, session, ticket
from kiosk.core.flows.back import before
from kiosk.core.flows.session import Outcome, go, leave
from kiosk.core.state import (
    Check,
    ConsentPage,
    Form,
    Guide,
    Identify,
    Keypad,
    NoticePage,
    ReceiptPage,
    Services,
    State,
    StatusPage,
    TicketPage,
    TimeoutPage,
    Welcome,
    Working,
)
from kiosk.domain.catalogue import Service


def touched(state: State, action: str, fresh: str) -> Outcome:
    """Obey one action; one that means nothing on this page changes nothing."""
    name, _, value = action.partition(":")
    if name == "language":
        return session.set_language(state, value)
    if name == "mode":
        return session.set_mode(state, value)
    if name == "help":
        return session.help_wanted(state, value or type(state.page).__name__.lower())
    match state.page:
        case Working():
            return state, ()
        case TicketPage() as page:
            return ticket.touched(state, page, action, fresh)
        case ReceiptPage() as page:
            return request.touched(state, page, action, fresh)
    if name == "home":
        return leave(state)
    if name == "back":
        return go(state, before(state))
    return _on_page(state, name, value, fresh)


def _on_page(state: State, name: str, value: str, fresh: str) -> Outcome:  # noqa: PLR0911 - one case a page
    match state.page, name:
        case Welcome() | Identify() | StatusPage(), ("identify" | "ticket-only" | "follow"):
            return _begin(state, name, value)
        case Keypad() as page, "key":
            return identify.typed(state, page, value)
        case Keypad() as page, "next":
            return identify.entered(state, page)
        case Services(), "category":
            return choose.category(state, value)
        case Services(), "service":
            return choose.service(state, value)
        case Guide() as page, ("take-ticket" | "apply" | "print-guide"):
            return choose.way(state, page, name, fresh)
        case TimeoutPage(under=under), ("more-time" | "next"):
            return go(state, under)
        case NoticePage(), "next":
            return go(state, before(state))
        case NoticePage(), "finish":
            return leave(state)
        case ((Form(service=code) | ConsentPage(service=code) | Check(service=code)), _):
            service = state.catalogue.service(code)
            return _on_request(state, service, name, value, fresh) if service else leave(state)
    return state, ()


def _begin(state: State, name: str, value: str) -> Outcome:
    then = state.page.then if isinstance(state.page, Identify) else None
    if name == "ticket-only":
        return go(state, Services())
    if name == "follow":
        return go(state, StatusPage())
    return go(state, Keypad(then=then) if value == "type" else Identify(then=then))


def _on_request(state: State, service: Service, name: str, value: str, fresh: str) -> Outcome:
    match state.page, name:
        case Form() as page, "key":
            return request.typed(state, page, service.fields[page.index], value)
        case Form() as page, "choice":
            return request.chosen(state, page, service, value)
        case Form() as page, "next":
            return request.answered(state, page, service)
        case ((ConsentPage() | Check()), "consent"):
            return request.ticked(state, service, value)
        case ConsentPage(), "take-ticket":
            return ticket.take(state, service.code, fresh)
        case ConsentPage(), "next":
            return go(state, Check(service.code))
        case Check(), "change":
            return request.change(state, service, value)
        case Check(), "confirm":
            return request.confirm(state, service, fresh)
    return state, ()
