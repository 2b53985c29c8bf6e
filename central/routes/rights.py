"""A person's rights, for programs and at the desk: a copy of all that is held about her, and its erasure."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from central import rights, sessions
from central.callers import CentreOf, RightsOfficer
from central.pages import Pages
from central.rights import Erased, Held
from kiosk.link.models.registry import Person

router = APIRouter(tags=["rights"])

Number = Annotated[str, Form(min_length=1, max_length=60)]
Kind = Annotated[str, Form(max_length=40, pattern=r"^[a-z_]+$")]


@router.post("/api/v1/desk/people/export")
def export(person: Person, centre: CentreOf, officer: RightsOfficer) -> Held:
    """All that is held about a person; the export is written down."""
    return rights.export(centre, person, officer)


@router.post("/api/v1/desk/people/erasure")
def erase(person: Person, centre: CentreOf, officer: RightsOfficer) -> Erased:
    """Empty all of her requests that have ended; 409 while one is open."""
    return rights.erase(centre, person, officer)


@router.get("/desk/people", response_class=Response, include_in_schema=False)
def page(request: Request, centre: CentreOf) -> Response:
    """The two forms; the number travels in the body of a form, never in an address."""
    return _draw(request, centre, sessions.current(request, centre, "rights"), None)


@router.post("/desk/people/export", response_class=Response, include_in_schema=False)
def export_form(
    request: Request,
    centre: CentreOf,
    number: Number,
    kind: Kind = "resident_id",
    word: Annotated[str, Form()] = "",
) -> Response:
    """A file for her to take along."""
    session = sessions.posted(request, centre, "rights", word)
    held = rights.export(centre, Person(kind=kind, number=number.strip()), session.officer)
    return Response(
        held.model_dump_json(indent=1),
        media_type="application/json",
        headers={"Content-Disposition": 'attachment; filename="person.json"'},
    )


@router.post("/desk/people/erasure", response_class=Response, include_in_schema=False)
def erase_form(
    request: Request,
    centre: CentreOf,
    number: Number,
    kind: Kind = "resident_id",
    word: Annotated[str, Form()] = "",
) -> Response:
    """Forget her, and say how many requests were emptied."""
    session = sessions.posted(request, centre, "rights", word)
    done = rights.erase(centre, Person(kind=kind, number=number.strip()), session.officer)
    return _draw(request, centre, session, done.erased)


def _draw(request: Request, centre: CentreOf, session: sessions.Session, erased: int | None) -> Response:
    pages: Pages = request.app.state.pages
    return pages.draw(request, centre, "people", {"session": session, "erased": erased})
