"""A press goes to the page it was made on; the few actions that stand on every page are taken first."""

from kiosk.core.flows import (
    audio,
    booking,
    choose,
    eligibility,
    follow,
    form,
    identify,
    information,
    photo,
    prove,
    rating,
    request,
    service_menu,
    session,
    ticket,
    visit,
)
from kiosk.core.flows.back import before
from kiosk.core.flows.session import Outcome, go, leave
from kiosk.core.state import (
    Asking,
    BookingPage,
    Check,
    ConsentPage,
    Counter,
    Eligibility,
    Form,
    Guide,
    Identify,
    InformationPage,
    Keypad,
    NeedsPage,
    NoticePage,
    NumberPage,
    PhotoPage,
    ProofPage,
    Proving,
    Quiz,
    RatingPage,
    ReceiptPage,
    Services,
    SlipPage,
    State,
    StatusPage,
    TechnicianPage,
    TicketPage,
    TimeoutPage,
    Welcome,
    Working,
)
from kiosk.domain.catalogue import Service

Proof = Proving | ProofPage


def touched(state: State, action: str, fresh: str) -> Outcome:  # noqa: PLR0911 - one line a way
    """Obey one action; one that means nothing on this page changes nothing."""
    name, _, value = action.partition(":")
    if name == "language":
        return session.set_language(state, value)
    if name == "mode":
        heard = audio.steered(state, value)
        return session.set_mode(state, value) if heard is None else (heard, ())
    if name == "help":
        return session.help_wanted(state, value or type(state.page).__name__.lower())
    match state.page:
        case Working():
            return state, ()
        case TicketPage() as page:
            return ticket.touched(state, page, action, fresh)
        case ReceiptPage() as page:
            return request.touched(state, page, action, fresh)
    if isinstance(state.page, TechnicianPage):
        return service_menu.touched(state, state.page, name, value)
    if name == "home":
        return session.home(state)
    if name == "back":
        return go(state, before(state))
    return _on_page(state, name, value, fresh)


def _on_page(  # noqa: C901, PLR0911, PLR0912 - one case a page
    state: State, name: str, value: str, fresh: str
) -> Outcome:
    match state.page, name:
        case Welcome() | Identify() | StatusPage() | SlipPage() | BookingPage(), (
            "identify" | "ticket-only" | "follow"
        ):
            return _begin(state, name, value)
        case StatusPage() as page, "choice":
            return follow.touched(state, page, value)
        case SlipPage() as page, _:
            return visit.touched(state, page, name, value)
        case BookingPage() as page, ("take-ticket" | "retry"):
            return booking.touched(state, page, name, fresh)
        case NeedsPage() as page, _:
            return choose.needs(state, page, name, value)
        case NumberPage() as page, _:
            return visit.typed(state, page, name, value)
        case RatingPage() as page, _:
            return rating.touched(state, page, name, value)
        case Welcome(), "choice":
            return _aside(state, value)
        case Keypad() as page, "key":
            return identify.typed(state, page, value)
        case Keypad() as page, "choice":
            return identify.shown(state, page) if value == "show" else (state, ())
        case Keypad() as page, "next":
            return identify.entered(state, page)
        case Services(), "category":
            return choose.category(state, value)
        case Services(), "service":
            return choose.service(state, value)
        case Services() as page, "next":
            return choose.turn(state, page)
        case Guide() as page, ("take-ticket" | "apply" | "print-guide" | "choice"):
            return choose.way(state, page, name, value, fresh)
        case InformationPage() as page, _:
            return information.touched(state, page, name, value)
        case Quiz() as page, _:
            return information.answered(state, page, name, value)
        case TimeoutPage(under=under), ("more-time" | "next"):
            return go(state, under)
        case NoticePage(kind="headset-out") as page, "choice":
            return audio.answered(state, page, value)
        case NoticePage(kind="leave"), "choice":
            return leave(state) if value == "yes" else (state, ())
        case NoticePage(), "next":
            return go(state, before(state))
        case NoticePage(), "finish":
            return session.home(state)
    return _on_service(state, name, value, fresh)


def _aside(state: State, value: str) -> Outcome:
    """What can be looked at without any identity: what to bring, and information."""
    if value == "bring":
        return go(state, Services())
    return information.begin(state) if value == "information" else (state, ())


def _on_service(state: State, name: str, value: str, fresh: str) -> Outcome:
    page = state.page
    if not isinstance(page, Asking | Eligibility | Counter | Form | PhotoPage | ConsentPage | Check | Proof):
        return state, ()
    service = state.catalogue.service(page.service)
    if service is None:
        return leave(state)
    match page:
        case Asking():
            return eligibility.touched(state, page, service, name, value)
        case Eligibility():
            return eligibility.decided(state, page, service, name, fresh)
        case Counter():
            return eligibility.at_counter(state, page, service, name, fresh)
        case Form():
            return form.touched(state, page, service, name, value)
        case PhotoPage():
            return photo.touched(state, page, service, name, fresh)
        case Proving() | ProofPage():
            return prove.touched(state, page, service, name, value, fresh)
    return _on_request(state, service, name, value, fresh)


def _begin(state: State, name: str, value: str) -> Outcome:
    then = state.page.then if isinstance(state.page, Identify) else None
    if name == "ticket-only":
        return go(state, Services())
    if name == "follow":
        return go(state, StatusPage())
    return go(state, Keypad(then=then) if value == "type" else Identify(then=then))


def _on_request(state: State, service: Service, name: str, value: str, fresh: str) -> Outcome:
    match state.page, name:
        case ((ConsentPage() | Check()), "consent"):
            return request.ticked(state, service, value)
        case ConsentPage(), "take-ticket":
            return ticket.take(state, service.code, fresh)
        case ConsentPage(), "next":
            return go(state, Check(service.code))
        case Check(), "change":
            return form.change(state, service, value)
        case Check(), "confirm":
            return request.confirm(state, service, fresh)
    return state, ()
