"""She proves who she is once more: a code sent to her phone, or one that a clerk has after seeing her document."""

from collections.abc import Callable
from dataclasses import replace

from kiosk.core import offers
from kiosk.core.effects import AskClerk, CheckProof, DropClerk, Effect, SendCode, WatchClerk
from kiosk.core.events import ClerkTook, ProofAsked, ProofRefused
from kiosk.core.flows import ticket
from kiosk.core.flows.keys import press
from kiosk.core.flows.session import Outcome, go
from kiosk.core.state import NoticePage, Page, ProofPage, Proving, State, TimeoutPage
from kiosk.domain.catalogue import Service
from kiosk.domain.request import Proof, ProofKind

LENGTH = 6
"""Digits of a code."""
TAIL = 4
"""Characters of the number that a clerk is told: enough to know the document, too few to be anybody's number."""


def begin(state: State, service: Service, fresh: str) -> Outcome:
    """Say that more is needed, and how it can be had; the press of her confirm is kept for the request."""
    return go(state, Proving(service.code, fresh))


def touched(state: State, page: Proving | ProofPage, service: Service, name: str, value: str, fresh: str) -> Outcome:
    """She chooses a way, a code to her phone, a clerk, or a ticket after all; or she types the code."""
    if isinstance(page, ProofPage) and page.stands == "checking":
        return state, ()
    if name == "take-ticket" and offers.tickets(state):
        return ticket.take(state, service.code, fresh)
    if isinstance(page, ProofPage):
        return _typed(state, page, name, value)
    kind = next((kind for kind in offers.proofs(state, service) if kind == value), None)
    if name != "choice" or kind is None:
        return state, ()
    return _ask(state, page, service, kind, fresh)


def _typed(state: State, page: ProofPage, name: str, value: str) -> Outcome:
    if name == "key":
        return go(state, replace(page, typed=press(page.typed, value, LENGTH), problem=""))
    if name == "next" and len(page.typed) == LENGTH:
        return go(state, replace(page, stands="checking"), CheckProof(page.proof, page.typed))
    return state, ()


def asked(state: State, event: ProofAsked) -> Outcome:
    """The code is on its way, or the clerks have been told."""
    return _here(state, event.proof, lambda page: replace(page, stands="sent"))


def taken(state: State, event: ClerkTook) -> Outcome:
    """A clerk is on her way."""
    return _here(state, Proof("staff", event.confirmation), lambda page: replace(page, stands="taken"))


def refused(state: State, event: ProofRefused) -> Outcome:
    """It was not the code, or there will be none: type again, or choose another way."""
    if event.again:
        return _here(state, event.proof, lambda page: _again(page, event))
    return _here(state, event.proof, lambda page: Proving(page.service, page.press, event.problem))


def waited(state: State, page: ProofPage) -> Outcome:
    """While a clerk is waited for: look now and then, and give it up in the end."""
    if state.monotonic - page.since >= state.delays.clerk:
        return go(state, Proving(page.service, page.press, "expired"))
    if page.stands == "checking" or state.monotonic - page.looked < state.delays.look:
        return state, ()
    return go(state, replace(page, looked=state.monotonic), WatchClerk(page.proof.id))


def let_go(before: State, after: State) -> tuple[Effect, ...]:
    """A clerk whom nobody waits for any more is told so."""
    had, has = _waited_for(before.page), _waited_for(after.page)
    if had is None or had == has or (after.session.proof is not None and after.session.proof.id == had):
        return ()
    return (DropClerk(had),)


def _again(page: ProofPage, event: ProofRefused) -> ProofPage:
    taken = event.proof.kind == "staff" and event.problem != "early"
    return replace(page, typed="", problem=event.problem, stands="taken" if taken else "sent")


def _ask(state: State, page: Proving, service: Service, kind: ProofKind, fresh: str) -> Outcome:
    identity = state.session.identity
    if identity is None:
        return state, ()
    proof = Proof(kind, fresh)
    order: Effect = AskClerk(fresh, service.code, identity.number[-TAIL:])
    if kind == "code":
        order = SendCode(fresh, service.code, state.session.answers[service.code_to])
    return go(state, ProofPage(service.code, page.press, proof, state.monotonic, state.monotonic), order)


def _here(state: State, proof: Proof, turn: Callable[[ProofPage], ProofPage | Proving]) -> Outcome:
    """Turn the page that waits for this proof, also where a notice or the idle question lies over it."""
    match state.page:
        case ProofPage() as page if page.proof == proof:
            return go(state, turn(page))
        case TimeoutPage(under=ProofPage() as page) as over if page.proof == proof:
            return go(state, replace(over, under=turn(page)))
        case NoticePage(back=ProofPage() as page) as over if page.proof == proof:
            return go(state, replace(over, back=turn(page)))
    return state, ()


def _waited_for(page: Page) -> str | None:
    if isinstance(page, TimeoutPage):
        return _waited_for(page.under)
    if isinstance(page, NoticePage):
        return _waited_for(page.back)
    return page.proof.id if isinstance(page, ProofPage) and page.proof.kind == "staff" else None
