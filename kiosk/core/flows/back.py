"""Where `back` leads from each page; what was entered stays."""

from dataclasses import replace

from kiosk.core import offers
from kiosk.core.flows import eligibility, form
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
    Page,
    PhotoPage,
    ProofPage,
    Proving,
    Quiz,
    RatingPage,
    Services,
    SlipPage,
    State,
    StatusPage,
    TimeoutPage,
    Way,
    Welcome,
)
from kiosk.domain import forms
from kiosk.domain.catalogue import Service


def before(state: State) -> Page:  # noqa: C901, PLR0911, PLR0912 - one case a page
    """The page that `back` shows; a page without a way back gives itself."""
    match state.page:
        case Keypad(then=then):
            return Identify(then=then)
        case Identify(then=str(service)):
            return Guide(service)
        case StatusPage(sure=True) as page:
            return replace(page, sure=False)
        case Identify() | StatusPage() | InformationPage(topic=None):
            return Welcome()
        case InformationPage() | Quiz():
            return InformationPage()
        case SlipPage(sure=True) as page:
            return replace(page, sure=False)
        case NeedsPage(service=code):
            return Guide(code)
        case SlipPage() | NumberPage() | BookingPage():
            return StatusPage()
        case RatingPage(slip=slip):
            return SlipPage(slip.label, "known", slip)
        case Services(category=None):
            return Welcome()
        case Services():
            return Services()
        case Guide(service=code):
            found = state.catalogue.service(code)
            return Services(found.category if found else None)
        case Form(service=code, changing=True) | PhotoPage(service=code, changing=True):
            return Check(code)
        case Check(service=code):
            return ConsentPage(code)
        case Proving(service=code):
            return Check(code)
        case ProofPage(service=code, press=press):
            return Proving(code, press)
        case Counter(under=page):
            return page
        case (
            Asking(service=code)
            | Eligibility(service=code)
            | Form(service=code)
            | PhotoPage(service=code)
            | ConsentPage(service=code)
        ):
            wanted = state.catalogue.service(code)
            return _earlier(state, wanted) if wanted else Services()
        case NoticePage(back=page):
            return page
        case TimeoutPage(under=page):
            return page
    return state.page


def _earlier(state: State, service: Service) -> Page:
    match state.page:
        case Asking(index=index, way=way):
            return _question_before(state, service, index, way)
        case Eligibility(way=way):
            return _question_before(state, service, len(offers.questions(state, service)), way)
        case Form(index=index) | PhotoPage(index=index):
            return _field_before(state, service, index)
    return _field_before(state, service, len(service.fields))


def _question_before(state: State, service: Service, end: int, way: Way) -> Page:
    found = forms.preceding(offers.questions(state, service), state.session.facts, end)
    return Guide(service.code) if found is None else eligibility.question(state, service, found, way)


def _field_before(state: State, service: Service, end: int) -> Page:
    found = forms.preceding(service.fields, state.session.answers, end)
    if found is not None:
        return form.question(state, service, found)
    if offers.opinion(state, service).verdict.decision != "ok":
        return Eligibility(service.code, "apply")
    return _question_before(state, service, len(offers.questions(state, service)), "apply")
