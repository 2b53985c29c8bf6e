"""The presenter: a State becomes the one View of it, pure and complete, or just the set of what it offers."""

from dataclasses import replace
from typing import assert_never

from kiosk.core.state import (
    Asking,
    BookingPage,
    Check,
    Closed,
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
from kiosk.view import rest, voice
from kiosk.view.bars import appearance, header, pills
from kiosk.view.models import View
from kiosk.view.pages.booking import booking
from kiosk.view.pages.check import check
from kiosk.view.pages.closed import closed
from kiosk.view.pages.consent import consent
from kiosk.view.pages.eligibility import asking, counter, eligibility
from kiosk.view.pages.form import form
from kiosk.view.pages.guide import guide
from kiosk.view.pages.identify import identify
from kiosk.view.pages.information import information, quiz
from kiosk.view.pages.keypad import keypad
from kiosk.view.pages.needs import needs
from kiosk.view.pages.notice import notice
from kiosk.view.pages.photo import photo
from kiosk.view.pages.prove import proof, proving
from kiosk.view.pages.receipt import receipt
from kiosk.view.pages.services import services
from kiosk.view.pages.status import status
from kiosk.view.pages.technician import technician
from kiosk.view.pages.ticket import ticket
from kiosk.view.pages.timeout import timeout
from kiosk.view.pages.visit import number, rating, slip
from kiosk.view.pages.welcome import welcome
from kiosk.view.pages.working import working
from kiosk.view.scene import Scene
from kiosk.view.speech import speech
from kiosk.view.texts import Catalogues, Silent


def present(state: State, texts: Catalogues) -> View:
    """Give the View of a state in the session's language, or in the branch's where that language is not there.

    KeyError names a text that is missing. `texts` holds one Texts for each language of the branch.
    """
    language = state.session.language if state.session.language in texts else state.branch.language
    scene = Scene(state, texts[language], texts)
    page = build(scene)
    view = replace(
        page,
        actions=(*page.actions, *pills(scene), *voice.actions(scene), *rest.actions(scene)),
        focus=first(page),
        language=language,
        header=header(scene),
        appearance=appearance(scene),
    )
    return voice.voiced(scene, replace(view, spoken=speech(view, scene.texts)))


def offered(state: State) -> frozenset[str]:
    """Give the ids of every action that the state's View would offer enabled, without making its words."""
    silent = {language: Silent(language) for language in state.branch.languages}
    scene = Scene(state, silent.get(state.session.language) or Silent(state.session.language), silent)
    return frozenset(
        action.id
        for action in (*build(scene).actions, *pills(scene), *voice.actions(scene), *rest.actions(scene))
        if action.enabled
    )


def build(scene: Scene) -> View:  # noqa: C901, PLR0911, PLR0912 - one case a page, checked to be complete
    """Give the page itself, without what frames every page."""
    match scene.state.page:
        case Welcome():
            return welcome(scene)
        case Identify() as page:
            return identify(scene, page)
        case Keypad() as page:
            return keypad(scene, page)
        case Services() as page:
            return services(scene, page)
        case Guide() as page:
            return guide(scene, page)
        case Asking() as page:
            return asking(scene, page)
        case Eligibility() as page:
            return eligibility(scene, page)
        case Counter() as page:
            return counter(scene, page)
        case Form() as page:
            return form(scene, page)
        case PhotoPage() as page:
            return photo(scene, page)
        case ConsentPage() as page:
            return consent(scene, page)
        case Check() as page:
            return check(scene, page)
        case Proving() as page:
            return proving(scene, page)
        case ProofPage() as page:
            return proof(scene, page)
        case Working() as page:
            return working(scene, page)
        case TicketPage() as page:
            return ticket(scene, page)
        case ReceiptPage() as page:
            return receipt(scene, page)
        case StatusPage() as page:
            return status(scene, page)
        case SlipPage() as page:
            return slip(scene, page)
        case BookingPage() as page:
            return booking(scene, page)
        case NeedsPage() as page:
            return needs(scene, page)
        case NumberPage() as page:
            return number(scene, page)
        case RatingPage() as page:
            return rating(scene, page)
        case NoticePage() as page:
            return notice(scene, page)
        case TimeoutPage() as page:
            return timeout(scene, page)
        case InformationPage() as page:
            return information(scene, page)
        case Quiz() as page:
            return quiz(scene, page)
        case Closed():
            return closed(scene)
        case TechnicianPage() as page:
            return technician(scene, page)
        case never:
            assert_never(never)


def first(view: View) -> int:
    """Where the focus begins: on the primary action where there is one to press, else on the first thing to choose."""
    enabled = [index for index, action in enumerate(view.actions) if action.enabled]
    primary = [index for index in enabled if view.actions[index].role == "primary"]
    tabs_last = sorted(enabled, key=lambda index: view.actions[index].role == "tab")
    return next(iter((*primary, *tabs_last)), 0)
