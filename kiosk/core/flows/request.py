"""A direct request: form, consent, check, one confirm - sealed, saved, sent, and a receipt that says what is known."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from kiosk.core import offers
from kiosk.core.effects import PrintReceipt, SettleReceipt, SubmitRequest
from kiosk.core.events import (
    PaperNotPrinted,
    PaperPrinted,
    PaperUnknown,
    Proven,
    RequestAnswered,
    RequestRecovered,
    RequestRefused,
    RequestSaved,
)
from kiosk.core.flows import eligibility, photo, prove
from kiosk.core.flows.session import Outcome, go, leave
from kiosk.core.state import (
    Guide,
    Identify,
    NoticePage,
    Paper,
    ProofPage,
    ReceiptPage,
    Request,
    State,
    Welcome,
    Working,
)
from kiosk.domain import forms
from kiosk.domain.catalogue import Field, Service
from kiosk.domain.request import reaches


def apply(state: State, service: Service) -> Outcome:
    """She wants to do it herself: identity first where it is needed, then the form."""
    if not offers.direct(state, service):
        return go(state, NoticePage("not-offered", state.monotonic, back=Guide(service.code)))
    if not offers.identified(state, service):
        return go(state, Identify(then=service.code))
    return begin(state, service)


def begin(state: State, service: Service) -> Outcome:
    """See whether she may have it, then open the form."""
    if not offers.identified(state, service):
        return go(state, NoticePage("not-offered", state.monotonic, back=Guide(service.code), detail="assurance"))
    return eligibility.begin(replace(state, session=replace(state.session, service=service.code)), service, "apply")


def ticked(state: State, service: Service, box: str) -> Outcome:
    """Tick or untick one box."""
    if box not in {consent.id for consent in service.consents}:
        return state, ()
    consents = state.session.consents ^ {box}
    return replace(state, session=replace(state.session, consents=consents)), ()


def confirm(state: State, service: Service, fresh: str) -> Outcome:
    """One press, one request: everything she said goes out of the state with this order."""
    identity = state.session.identity
    if identity is None or not offers.consented(state, service) or offers.wrong(state, service):
        return state, ()
    if not reaches(identity.assurance, service.min_assurance):
        return prove.begin(state, service, fresh)
    answers = state.session.answers
    order = SubmitRequest(
        fresh, service.code, identity.assurance, state.session.language,
        applicant=(("kind", identity.kind), ("number", identity.number), ("name", identity.name)),
        fields=tuple((f.name, answers[f.name]) for f in _given(service, answers) if f.kind != "photo"),
        consents=tuple(sorted(state.session.consents)),
        masked=masked(state, service),
        photos=tuple((f.name, answers[f.name]) for f in _given(service, answers) if f.kind == "photo"),
        proof=state.session.proof,
    )  # fmt: skip
    pending = Request(fresh, service.code, "queued", None, None, None, order.masked)
    return go(replace(state, pending=pending, reprints=0), Working("request", service.code), order)


def proven(state: State, event: Proven) -> Outcome:
    """She is confirmed: what she had confirmed already goes out, under the id of that press."""
    page, identity = state.page, state.session.identity
    service = state.catalogue.service(page.service) if isinstance(page, ProofPage) else None
    if not isinstance(page, ProofPage) or page.proof != event.proof or service is None or identity is None:
        return state, ()
    raised = replace(identity, assurance=event.proof.kind)
    known = replace(state, session=replace(state.session, identity=raised, proof=event.proof))
    return confirm(replace(known, touched=state.monotonic), service, page.press)


def masked(state: State, service: Service) -> tuple[tuple[str, str], ...]:
    """What may be shown and printed again: (row label, masked value)."""
    answers: Mapping[str, str] = state.session.answers
    language = state.session.language
    identity = state.session.identity
    rows = [("id", identity.masked)] if identity else []
    typed = (field for field in _given(service, answers) if field.kind != "photo")
    rows += [(field.name, forms.shown(field, answers[field.name], language)) for field in typed]
    return tuple(rows)


def _given(service: Service, answers: Mapping[str, str]) -> tuple[Field, ...]:
    """The questions of this service that were asked and answered; answers to others stay here."""
    return tuple(field for field in service.fields if answers.get(field.name) and forms.asked(field, answers))


def saved(state: State, event: RequestSaved) -> Outcome:
    """It lies sealed: forget the person at once."""
    if not isinstance(state.pending, Request) or state.pending.id != event.request:
        return state, ()
    bare = replace(state.session, identity=None, answers=MappingProxyType({}), consents=frozenset(), proof=None)
    return replace(state, session=photo.dropped(bare)), ()


def refused(state: State, event: RequestRefused) -> Outcome:
    """Nothing was saved: say so; the counter does it."""
    if not isinstance(state.pending, Request) or state.pending.id != event.request:
        return state, ()
    back = Guide(state.pending.service)
    bare = replace(state, pending=None, session=photo.dropped(state.session))
    return go(bare, NoticePage("request-refused", state.monotonic, back=back, detail=event.code))


def settled(state: State, event: RequestAnswered) -> Outcome:
    """The answer, or the certainty that there is none yet: print what is known."""
    match state.page, state.pending:
        case Working(what="request"), Request(id=event.request) as pending:
            known = _known(pending, event)
            if not offers.paper(state):
                return _show(state, known, "screen")
            return print_it(state, known)
        case Working(), Request(id=event.request) as pending:
            return replace(state, pending=_known(pending, event)), ()
        case ReceiptPage(request=Request(id=event.request) as shown) as page, _:
            return go(state, replace(page, request=_known(shown, event)))
    return state, ()


def printed(state: State, request: Request, _event: PaperPrinted) -> Outcome:
    """The receipt is out."""
    return _show(state, request, "printed")


def not_printed(state: State, request: Request, event: PaperNotPrinted) -> Outcome:
    """No receipt on paper: the reference goes on the screen."""
    return _show(replace(state, parts=replace(state.parts, printer=event.health)), request, "screen")


def doubtful(state: State, request: Request, event: PaperUnknown) -> Outcome:
    """Nobody knows whether the receipt came out: ask her."""
    known = replace(state, parts=replace(state.parts, printer=event.health), reprints=state.reprints + 1)
    return _show(known, request, "doubt")


def given_up(state: State, request: Request) -> Outcome:
    """No answer at all from our own lanes: the request is saved, so show what is known of it."""
    return _show(state, request, "screen")


def touched(state: State, page: ReceiptPage, action: str, fresh: str) -> Outcome:
    """Her answer on the receipt page; the request stands whatever becomes of the paper."""
    match page.paper, action:
        case (("printed" | "screen" | "failed"), "finish"):
            return _done(state, page)
        case (("screen" | "failed"), "retry") if offers.paper(state):
            return print_it(state, page.request, fresh)
        case "doubt", "choice:yes":
            held = replace(page, paper="printed", since=state.monotonic)
            return go(state, held, SettleReceipt(page.request.id))
        case "doubt", "choice:no":
            if offers.paper(state) and page.reprints < 2:
                return print_it(state, page.request, fresh)
            return go(state, replace(page, paper="screen", since=state.monotonic))
    return state, ()


def waited(state: State, page: ReceiptPage) -> Outcome:
    """The receipt page closes by itself."""
    shown = state.delays.receipt_shown if page.paper == "printed" else state.delays.screen_number
    if state.monotonic - page.since < shown * offers.patience(state):
        return state, ()
    return _done(state, page)


def _done(state: State, page: ReceiptPage) -> Outcome:
    # What the printer has said or she has answered stands in the journal already.
    return leave(state) if page.paper == "printed" else leave(state, SettleReceipt(page.request.id))


def recovered(state: State, event: RequestRecovered) -> Outcome:
    """After a restart the request itself is safe; print its receipt if she is likely still here."""
    if event.age_s > state.delays.recover or not isinstance(state.page, Welcome):
        return state, ()
    session = replace(state.session, language=event.language, service=event.service)
    request = Request(
        event.request, event.service, event.state, event.reference, event.status_url, event.received_at, event.masked
    )
    back = replace(state, session=session, touched=state.monotonic)
    if event.printing:
        return _show(replace(back, reprints=1), request, "doubt")
    return print_it(back, request) if offers.paper(back) else _show(back, request, "screen")


def print_it(state: State, request: Request, fresh: str = "") -> Outcome:
    """Order the receipt; after a doubtful attempt it is marked 补打."""
    job = fresh or f"{request.id}.1"
    order = PrintReceipt(job, request.id, reprint=state.reprints > 0)
    return go(replace(state, pending=request, job=job), Working("paper", request.service), order)


def _known(request: Request, event: RequestAnswered) -> Request:
    return replace(
        request, state=event.state, reference=event.reference or request.reference,
        status_url=event.status_url or request.status_url, received_at=event.received_at or request.received_at,
    )  # fmt: skip


def _show(state: State, request: Request, paper: Paper) -> Outcome:
    page = ReceiptPage(request, paper, state.monotonic, state.reprints)
    return replace(state, page=page, pending=None, job=None), ()
