"""What happens because nothing happened: idle warning, countdown, pages that close by themselves."""

from dataclasses import replace

from kiosk.core import offers
from kiosk.core.events import TimePassed
from kiosk.core.flows import belongings, photo, prove, request, ticket
from kiosk.core.flows.session import Outcome, fresh, go, leave
from kiosk.core.state import (
    Closed,
    NoticePage,
    Page,
    PhotoPage,
    ProofPage,
    ReceiptPage,
    Request,
    State,
    Ticket,
    TicketPage,
    TimeoutPage,
    Welcome,
    Working,
)
from kiosk.core.technician import TechnicianPage
from kiosk.domain.request import Proof


def passed(state: State, event: TimePassed) -> Outcome:
    """Move the clock, then let each page do what it does by itself; while she is being read to, none does."""
    state = replace(state, now=event.now, monotonic=event.monotonic)
    if state.speaking and state.session.voice is not None:
        state = replace(state, touched=state.monotonic)
        if not isinstance(state.page, Working | TimeoutPage | PhotoPage):
            return state, ()
    return _waited(state)


def _waited(state: State) -> Outcome:  # noqa: C901, PLR0911 - one case a page
    idle_s = (state.monotonic - state.touched) / offers.patience(state)
    match state.page:
        case TicketPage() as page:
            return ticket.waited(state, page)
        case ReceiptPage() as page:
            return request.waited(state, page)
        case NoticePage() as page if page.kind not in ("leave", "headset-out"):
            return _notice(state, page)
        case TimeoutPage(until=until):
            return leave(state) if state.monotonic >= until else (state, ())
        case ProofPage(proof=Proof(kind="staff")) as page:
            return prove.waited(state, page)
        case PhotoPage(taking=str()) as page:
            return photo.waited(state, page)
        case Working():
            return _lost(state) if idle_s >= state.delays.working else (state, ())
        case Closed(restarts=since):
            over = since is not None and state.monotonic - since >= state.delays.restart
            return leave(state) if over else (replace(state, touched=state.monotonic), ())
        case TechnicianPage() as page:
            over = not page.first_boot and idle_s >= state.delays.technician
            return leave(state) if over else (state, ())
        case Welcome():
            if idle_s >= state.delays.idle and state.session != fresh(state):
                return leave(state)
            return state, ()
    if idle_s >= state.delays.idle:
        until = state.monotonic + state.delays.countdown * offers.patience(state)
        return go(state, TimeoutPage(state.page, until))
    return state, ()


def _lost(state: State) -> Outcome:
    """What we worked on gave no answer at all: she gets what is known, never an endless page."""
    match state.pending:
        case Ticket() as held:
            return ticket.given_up(state, held)
        case Request() as held:
            return request.given_up(state, held)
    return ticket.never_issued(state)


def _notice(state: State, page: NoticePage) -> Outcome:
    waited_s = (state.monotonic - page.since) / offers.patience(state)
    if page.kind in ("staff-called", "staff-at-counter"):
        if waited_s < state.delays.staff_called:
            return state, ()
        return go(_restarted(state, page), _resumed(state, page))
    if waited_s >= state.delays.notice_shown:
        return leave(state)
    return belongings.again(state) if page.kind == "things-left" else (state, ())


def _restarted(state: State, page: NoticePage) -> State:
    return replace(state, touched=max(state.touched, page.since))


def _resumed(state: State, page: NoticePage) -> Page:
    back = page.back
    if isinstance(back, TicketPage | ReceiptPage):
        return replace(back, since=state.monotonic)
    return back
