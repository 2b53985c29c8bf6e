"""A document's photograph: taken, judged, taken again or accepted - and forgotten as soon as nobody needs it."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from kiosk.core import offers
from kiosk.core.effects import Effect, TakePhoto, WipePhotos
from kiosk.core.events import PhotoTaken
from kiosk.core.flows import form, ticket
from kiosk.core.flows.session import Outcome, go
from kiosk.core.state import NoticePage, Page, PhotoPage, Session, State, TimeoutPage
from kiosk.domain.catalogue import Service


def touched(state: State, page: PhotoPage, service: Service, name: str, fresh: str) -> Outcome:
    """One touch on the page of a photograph; `fresh` becomes the picture's id."""
    if page.taking is not None or page.index >= len(service.fields):
        return state, ()
    field = service.fields[page.index]
    if name == "take-ticket" and page.problem and offers.tickets(state):
        return ticket.take(state, service.code, fresh)
    if name == "next" and held(state, field.name):
        return form.onward(state, page, service)
    if name in ("next", "retry"):
        return go(_without(state, field.name), _taking(page, fresh, state.monotonic), TakePhoto(fresh))
    return state, ()


def taken(state: State, event: PhotoTaken) -> Outcome:
    """The camera has answered; a picture that nobody waits for any more is forgotten at once."""
    page = _waiting(state.page)
    service = state.catalogue.service(page.service) if page else None
    if page is None or service is None or page.taking != event.photo or page.index >= len(service.fields):
        return state, (() if event.verdict else (WipePhotos((event.photo,)),))
    seen = _with(state, replace(page, taking=None, problem=event.verdict))
    if event.verdict:
        return seen, ()
    name = service.fields[page.index].name
    session = replace(
        seen.session,
        answers=MappingProxyType({**seen.session.answers, name: event.photo}),
        photos=MappingProxyType({**seen.session.photos, event.photo: event.preview}),
    )
    return replace(seen, session=session), ()


def waited(state: State, page: PhotoPage) -> Outcome:
    """No answer at all: the camera is to blame, and she can try again or go to the counter."""
    if state.monotonic - page.since < state.delays.photo:
        return state, ()
    return go(replace(state, touched=state.monotonic), replace(page, taking=None, problem="camera"))


def held(state: State, name: str) -> bool:
    """Say whether there is a good picture for this question."""
    return state.session.answers.get(name, "") in state.session.photos


def dropped(session: Session) -> Session:
    """The session without any picture."""
    return replace(
        session,
        photos=MappingProxyType({}),
        answers=_left(session.answers, frozenset(session.photos)),
    )


def let_go(before: State, after: State) -> tuple[Effect, ...]:
    """What to order when pictures left the state, on whatever way: nothing else keeps them."""
    gone = sorted(before.session.photos.keys() - after.session.photos.keys())
    return (WipePhotos(tuple(gone)),) if gone else ()


def _taking(page: PhotoPage, fresh: str, now: float) -> PhotoPage:
    return replace(page, taking=fresh, since=now, problem="")


def _without(state: State, name: str) -> State:
    """The old picture goes before a new one is taken."""
    ref = state.session.answers.get(name, "")
    photos = {key: preview for key, preview in state.session.photos.items() if key != ref}
    answers = {key: value for key, value in state.session.answers.items() if key != name}
    session = replace(state.session, photos=MappingProxyType(photos), answers=MappingProxyType(answers))
    return replace(state, session=session)


def _left(answers: Mapping[str, str], gone: frozenset[str]) -> Mapping[str, str]:
    return MappingProxyType({name: value for name, value in answers.items() if value not in gone})


def _waiting(page: Page) -> PhotoPage | None:
    """The page that waits, also while help was called over it."""
    match page:
        case PhotoPage():
            return page
        case NoticePage(back=PhotoPage() as under) | TimeoutPage(under=PhotoPage() as under):
            return under
    return None


def _with(state: State, page: PhotoPage) -> State:
    match state.page:
        case NoticePage() as above:
            return replace(state, page=replace(above, back=page))
        case TimeoutPage() as above:
            return replace(state, page=replace(above, under=page))
    return replace(state, page=page)
