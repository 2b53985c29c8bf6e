"""The desk in a browser: sign in, the inbox, one request with its steps, the book."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import select

from central import desk, life, sessions, staff, tables
from central.callers import CentreOf, Id
from central.centre import Centre
from central.headers import POLICY
from central.masking import last_four
from central.pages import Pages, is_late, language_of
from kiosk.domain.catalogue import Service, Words, say
from kiosk.domain.masking import mask_name
from kiosk.link.models import central as wire
from kiosk.link.models.central import PLAIN, DeskVerb

router = APIRouter(include_in_schema=False)

_PAGE = 50
_TABS = ("submitted", "needs_more", "accepted", "in_progress", "done", "not_accepted", "withdrawn")
_LATE_H = 24.0
_HIDDEN = "••••••"


def _pages(request: Request) -> Pages:
    pages: Pages = request.app.state.pages
    return pages


@router.post("/sign-in", response_class=Response)
def sign_in(
    request: Request,
    centre: CentreOf,
    name: Annotated[str, Form(max_length=80, pattern=PLAIN)] = "",
    pin: Annotated[str, Form(max_length=80)] = "",
    to: Annotated[str, Form(max_length=20)] = "/desk",
) -> Response:
    """Sign in and go on to the page that was asked for."""
    goal = to if to in sessions.GOALS else "/desk"
    response = RedirectResponse(goal, 303)
    if sessions.sign_in(request, response, centre, name, pin):
        return response
    return _pages(request).draw(request, centre, "sign_in", {"to": goal, "failed": True, "name": name}, 401)


@router.post("/sign-out", response_class=Response)
def sign_out(request: Request, centre: CentreOf) -> Response:
    """Sign out."""
    response = RedirectResponse("/desk", 303)
    sessions.sign_out(request, response, centre)
    return response


@router.get("/desk", response_class=Response)
def inbox(
    request: Request,
    centre: CentreOf,
    state: Annotated[str, Query(max_length=20, pattern=PLAIN)] = "submitted",
    service: Annotated[str, Query(max_length=12, pattern=PLAIN)] = "",
    reference: Annotated[str, Query(max_length=40, pattern=PLAIN)] = "",
) -> Response:
    """The inbox: requests by state and service, the oldest first."""
    session = sessions.current(request, centre, "desk")
    chosen = desk.Filter(None if reference else state, service, reference)
    now = centre.at()
    rows = [
        {
            "item": desk.item(centre, found),
            "service": centre.catalogue.services.get(found.service),
            "late": found.state in ("submitted", "needs_more") and is_late(found.received_at, now, _LATE_H),
        }
        for found in desk.inbox(centre, chosen, _PAGE)
    ]
    direct = [s for s in centre.catalogue.services.values() if s.mode != "ticket"]
    values = {
        "session": session,
        "rows": rows,
        "states": _TABS,
        "counts": desk.counts(centre),
        "state": "" if reference else state,
        "service": service,
        "services": direct,
        "reference": reference,
        "full": len(rows) == _PAGE,
    }
    return _pages(request).draw(request, centre, "inbox", values)


@router.get("/desk/requests/{request_id}", response_class=Response)
def view(request_id: Id, request: Request, centre: CentreOf) -> Response:
    """A request with name, number and answers masked."""
    session = sessions.current(request, centre, "desk")
    return _request_page(request, centre, session, request_id, clear=False)


@router.post("/desk/requests/{request_id}/open", response_class=Response)
def open_request(request_id: Id, request: Request, centre: CentreOf, word: Annotated[str, Form()] = "") -> Response:
    """The same request in clear; that it was displayed is written down first."""
    session = sessions.posted(request, centre, "desk", word)
    return _request_page(request, centre, session, request_id, clear=True)


@router.post("/desk/requests/{request_id}/withdraw", response_class=Response)
def withdraw(request_id: Id, request: Request, centre: CentreOf, word: Annotated[str, Form()] = "") -> Response:
    """Withdraw it for the citizen who stands at a counter and asks for it, as her kiosk could."""
    session = sessions.posted(request, centre, "desk", word)
    with centre.store.write() as write:
        life.withdraw(centre, write, life.find(write, request_id), session.officer.name)
        staff.write_down(write, centre.at(), session.officer.name, "withdraw", request_id)
    return RedirectResponse(f"/desk/requests/{request_id}", 303)


@router.post("/desk/requests/{request_id}/{verb}", response_class=Response)
def step(
    request_id: Id,
    verb: DeskVerb,
    request: Request,
    centre: CentreOf,
    word: Annotated[str, Form()] = "",
    reasons: Annotated[str, Form(max_length=2000)] = "",
    note: Annotated[str, Form(max_length=200)] = "",
    ems: Annotated[str, Form(max_length=20, pattern=r"^[A-Za-z0-9]*$")] = "",
) -> Response:
    """Take one step and show the request again."""
    session = sessions.posted(request, centre, "desk", word)
    lines = tuple(line.strip()[:200] for line in reasons.splitlines() if line.strip())[:20]
    action = wire.DeskAction(reasons=lines, note=note, ems=ems)
    life.move(centre, request_id, verb, action, session.officer.name)
    return RedirectResponse(f"/desk/requests/{request_id}", 303)


@router.get("/desk/audit", response_class=Response)
def book(request: Request, centre: CentreOf) -> Response:
    """The book: who saw or did what."""
    session = sessions.current(request, centre, "audit")
    with centre.store.read() as read:
        lines = read.scalars(select(tables.Audit).order_by(tables.Audit.id.desc()).limit(200)).all()
        wanted = select(tables.Request.id, tables.Request.reference).where(
            tables.Request.id.in_({line.subject for line in lines})
        )
        references = {row.id: row.reference for row in read.execute(wanted)}
    values = {"session": session, "lines": lines, "references": references}
    return _pages(request).draw(request, centre, "audit", values)


def _request_page(
    request: Request, centre: Centre, session: sessions.Session, request_id: str, clear: bool
) -> Response:
    with centre.store.write() as write:
        found = life.find(write, request_id)
        action = "displayed" if clear else "viewed-masked"
        staff.write_down(write, centre.at(), session.officer.name, action, request_id)
        history = life.steps(write, request_id)
        branch = write.get_one(tables.Branch, found.branch)
        two = life.needs_two(centre, write)
    inside = desk.opened(centre, found)
    later = desk.answers(centre, found)
    applicant = inside.applicant
    service = centre.catalogue.services.get(found.service)
    values = {
        "session": session,
        "found": found,
        "clear": clear,
        "kind": applicant.kind,
        "name": applicant.name if clear else mask_name(applicant.name),
        "number": applicant.number if clear else last_four(applicant.number),
        "answers": _answers(service, inside.fields, clear),
        "photos": [(label, _as_url(photo) if clear else "") for label, photo in _labelled(service, inside.photos)],
        "service": service,
        "branch": branch,
        "answers_later": [
            {
                "at": added.at,
                "fields": _answers(service, added.fields, clear),
                "photos": [(label, _as_url(p) if clear else "") for label, p in _labelled(service, added.photos)],
            }
            for added in later
        ],
        "consents": _consents(service, found.consents, language_of(request)),
        "reasons": _registry_reasons(centre, found, language_of(request)),
        "two": two,
        "history": history,
        "acceptance": life.acceptance(centre, found),
        "verbs": life.legal_verbs(found.state),
        "withdrawable": life.may_be_withdrawn(found.state),
    }
    response = _pages(request).draw(request, centre, "request", values)
    if clear and (inside.photos or any(added.photos for added in later)):
        # The pictures stand in the page itself, so that no address of one exists that a history could keep.
        response.headers["Content-Security-Policy"] = POLICY.replace("img-src 'self'", "img-src 'self' data:")
    return response


def _consents(service: Service | None, ticked: list[str], language: str) -> list[str]:
    """What she ticked, as it stood beside the box; the bare code of a box that the catalogue does not have any more."""
    known = {consent.id: consent.text for consent in service.consents} if service else {}
    return [say(known[code], language) if code in known else code for code in ticked]


def _registry_reasons(centre: Centre, found: tables.Request, language: str) -> list[str]:
    """What the register objects to, in words; a name that fills itself from the case stays open."""
    known = centre.catalogue.rules.answers
    return [say(known[code].words, language) if code in known else code for code in found.checked_codes or []]


def _as_url(photo: str) -> str:
    return f"data:image/jpeg;base64,{photo}"


def _labelled(service: Service | None, named: dict[str, str]) -> list[tuple[Words, str]]:
    known = {field.name: field.label for field in service.fields} if service else {}
    return [(known.get(name, {"zh": name}), value) for name, value in named.items()]


def _answers(service: Service | None, fields: dict[str, str], clear: bool) -> list[tuple[Words, str]]:
    return [(label, value if clear or not value else _HIDDEN) for label, value in _labelled(service, fields)]
