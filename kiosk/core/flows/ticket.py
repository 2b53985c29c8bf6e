"""A queue ticket: asked for once, issued durably, printed and known to be printed - or honestly not."""

from dataclasses import replace

from kiosk.core import offers
from kiosk.core.effects import (
    AskTicket,
    ConfirmTicket,
    DoubtTicket,
    Effect,
    IssueEmergency,
    PrintTicket,
    VoidTicket,
)
from kiosk.core.events import (
    NumbersExhausted,
    PaperNotPrinted,
    PaperPrinted,
    PaperUnknown,
    TicketIssued,
    TicketRecovered,
    TicketRefused,
    TicketUnanswered,
)
from kiosk.core.flows.session import Outcome, go, leave
from kiosk.core.offers import paper as paper_possible
from kiosk.core.state import NoticePage, Paper, State, Ticket, TicketPage, Welcome, Working
from kiosk.domain.visit import Booking


def take(state: State, service: str, fresh: str, booking: Booking | None = None) -> Outcome:
    """One press, one ticket, for all that she has put together: its id, minted here, goes through every retry."""
    first, *rest = dict.fromkeys((*state.session.also, service))
    session = replace(state.session, service=first, also=tuple(rest))
    asking = replace(state, asking=fresh, reprints=0, session=session)
    order = AskTicket(fresh, first, session.language, session.also, session.needs, booking)
    return go(asking, Working("ticket", first), order)


def issued(state: State, event: TicketIssued) -> Outcome:
    """A label is ours: print it, or show it where paper cannot be promised."""
    if state.asking != event.ticket or not state.session.service:
        return state, (VoidTicket(event.ticket, "nobody-waits"),)
    ticket = Ticket(
        event.ticket, state.session.service, event.label, event.ahead, event.low_s, event.high_s,
        event.status_url, event.offline, state.session.also,
    )  # fmt: skip
    held = replace(state, asking=None)
    if not paper_possible(held):
        return _show(held, ticket, "screen")
    return print_it(held, ticket)


def unanswered(state: State, event: TicketUnanswered) -> Outcome:
    """The hub is away: issue from the emergency range; an ambiguous attempt gets a new id and is voided later."""
    session, service = state.session, state.session.service
    if state.asking != event.ticket or not service:
        return state, ()
    ticket = event.fresh if event.ambiguous else event.ticket
    orphan = event.ticket if event.ambiguous else None
    cut_off = replace(state, asking=ticket, parts=replace(state.parts, hub=False))
    return cut_off, (IssueEmergency(ticket, service, session.language, orphan, session.also, session.needs),)


def refused(state: State, event: TicketRefused | NumbersExhausted) -> Outcome:
    """No label is to be had; say so and point to the counter."""
    if state.asking != event.ticket:
        return state, ()
    done = replace(state, asking=None)
    if isinstance(event, NumbersExhausted):
        return go(done, NoticePage("numbers-exhausted", state.monotonic, back=Welcome()))
    return go(done, NoticePage("ticket-refused", state.monotonic, back=Welcome(), detail=event.code))


def printed(state: State, ticket: Ticket, event: PaperPrinted) -> Outcome:
    """The printer said so: confirm, and only now say that she holds it."""
    shown, _ = _show(state, ticket, "printed")
    return shown, (ConfirmTicket(ticket.id, event.confirmed),)


def not_printed(state: State, ticket: Ticket, event: PaperNotPrinted) -> Outcome:
    """Certainly no paper: the number goes on the screen."""
    return _show(replace(state, parts=replace(state.parts, printer=event.health)), ticket, "screen")


def doubtful(state: State, ticket: Ticket, event: PaperUnknown) -> Outcome:
    """Nobody knows: ask her."""
    known = replace(state, parts=replace(state.parts, printer=event.health), reprints=state.reprints + 1)
    return _show(known, ticket, "doubt")


def given_up(state: State, ticket: Ticket) -> Outcome:
    """The printer's lane gave no answer at all: whether paper came out is hers to say."""
    return _show(replace(state, reprints=state.reprints + 1), ticket, "doubt")


def never_issued(state: State) -> Outcome:
    """The hub's lane gave no answer at all: give the attempt up and point to the counter."""
    orders = (VoidTicket(state.asking, "no-answer"),) if state.asking else ()
    lost = replace(state, asking=None, job=None)
    return go(lost, NoticePage("ticket-refused", state.monotonic, back=Welcome(), detail="no-answer"), *orders)


def touched(state: State, page: TicketPage, action: str, fresh: str) -> Outcome:
    """Her answer on the ticket page."""
    match page.paper, action:
        case "printed", "finish":
            return leave(state)
        case "screen" | "failed", "finish":
            return leave(state, ConfirmTicket(page.ticket.id, "screen"))
        case "screen" | "failed", "retry" if paper_possible(state):
            return print_it(state, page.ticket, fresh)
        case "doubt", "choice:yes":
            return go(
                state, replace(page, paper="printed", since=state.monotonic), ConfirmTicket(page.ticket.id, "none")
            )
        case "doubt", "choice:no":
            if paper_possible(state) and page.reprints < 2:
                return print_it(state, page.ticket, fresh)
            return go(state, replace(page, paper="screen", since=state.monotonic))
    return state, ()


def waited(state: State, page: TicketPage) -> Outcome:
    """Nobody touched for as long as the page waits."""
    waited_s = (state.monotonic - page.since) / offers.patience(state)
    if page.paper == "printed" and waited_s >= state.delays.ticket_shown:
        return leave(state)
    if page.paper in ("screen", "failed") and waited_s >= state.delays.screen_number:
        return leave(state, VoidTicket(page.ticket.id, "not-noted"))
    if page.paper == "doubt" and waited_s >= state.delays.doubt:
        return leave(state, DoubtTicket(page.ticket.id))
    return state, ()


def recovered(state: State, event: TicketRecovered) -> Outcome:
    """After a restart: go on where it broke off while she is likely still here, else settle it without her."""
    here = event.age_s <= state.delays.recover and isinstance(state.page, Welcome)
    if not here:
        return state, _settled(event)
    session = replace(state.session, language=event.language, service=event.service, also=event.also)
    back = replace(state, session=session, touched=state.monotonic)
    if event.stage == "asked" or event.label is None:
        asking = replace(back, asking=event.ticket)
        return go(
            asking, Working("ticket", event.service), AskTicket(event.ticket, event.service, event.language, event.also)
        )
    ticket = Ticket(
        event.ticket, event.service, event.label, event.ahead, event.low_s, event.high_s, event.status_url,
        event.offline, event.also,
    )  # fmt: skip
    if event.stage == "issued":
        return _show(back, ticket, "screen") if not paper_possible(back) else print_it(back, ticket)
    return _show(replace(back, reprints=1), ticket, "doubt")


def print_it(state: State, ticket: Ticket, fresh: str = "") -> Outcome:
    """Order the paper; after a doubtful attempt it is marked 补打, so that two slips are told apart."""
    job = fresh or f"{ticket.id}.1"
    order = PrintTicket(job, ticket.id, reprint=state.reprints > 0)
    return go(replace(state, pending=ticket, job=job), Working("paper", ticket.service), order)


def _show(state: State, ticket: Ticket, paper: Paper) -> Outcome:
    page = TicketPage(ticket, paper, state.monotonic, state.reprints)
    return replace(state, page=page, pending=None, job=None, asking=None), ()


def _settled(event: TicketRecovered) -> tuple[Effect, ...]:
    if event.stage in ("asked", "issued"):
        return (VoidTicket(event.ticket, "cut-short"),)
    return (DoubtTicket(event.ticket),) if event.stage == "printing" else ()
