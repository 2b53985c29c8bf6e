"""The desk for programs: the inbox, opening a request, taking a step, reading the book."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import AwareDatetime
from sqlalchemy import select

from central import desk, life
from central.callers import AuditOfficer, CentreOf, DeskOfficer, Id, own_url
from central.tables import Audit
from kiosk.domain.request import ServerState
from kiosk.link.models import central as wire
from kiosk.link.models.central import PLAIN, DeskVerb, Wire

router = APIRouter(prefix="/api/v1/desk", tags=["desk"])


class AuditLine(Wire):
    """A line of the book: who did or saw what, and when; never what was seen."""

    id: int
    at: AwareDatetime
    actor: str
    action: str
    subject: str


@router.get("/requests")
def inbox(
    centre: CentreOf,
    _officer: DeskOfficer,
    state: Annotated[ServerState | None, Query()] = None,
    service: Annotated[str, Query(max_length=12, pattern=PLAIN)] = "",
    reference: Annotated[str, Query(max_length=40, pattern=PLAIN)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> list[wire.DeskItem]:
    """Requests, oldest first; nothing personal."""
    found = desk.inbox(centre, desk.Filter(state=state, service=service, reference=reference), limit)
    return [desk.item(centre, request) for request in found]


@router.get("/requests/{request_id}")
def open_request(request_id: Id, centre: CentreOf, officer: DeskOfficer) -> wire.DeskRequest:
    """A request with its applicant in clear; that this officer was shown it is written down first."""
    return desk.display(centre, request_id, officer)


@router.post("/requests/{request_id}/{verb}", responses={202: {"model": wire.Request}})
def step(
    request_id: Id,
    verb: DeskVerb | Literal["needs_more"],
    request: Request,
    response: Response,
    centre: CentreOf,
    officer: DeskOfficer,
    action: wire.DeskAction | None = None,
) -> wire.Request:
    """Take one step: accept, needs-more, refuse, progress or done; 409 where the request is not there for it.

    202 for the first of the two officers that a refusal needs: the state stays until the second one refuses too.
    """
    chosen: DeskVerb = "needs-more" if verb == "needs_more" else verb
    moved = life.move(centre, request_id, chosen, action or wire.DeskAction(), officer.name)
    if moved.proposed_by:
        response.status_code = 202
    return life.told(centre, moved, own_url(request))


@router.get("/audit")
def audit(
    centre: CentreOf,
    _officer: AuditOfficer,
    subject: Annotated[str, Query(max_length=80, pattern=PLAIN)] = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> list[AuditLine]:
    """The book, newest first."""
    with centre.store.read() as session:
        wanted = select(Audit).order_by(Audit.id.desc()).limit(limit)
        rows = session.scalars(wanted.where(Audit.subject == subject) if subject else wanted).all()
    return [
        AuditLine(id=row.id, at=centre.local(row.at), actor=row.actor, action=row.action, subject=row.subject)
        for row in rows
    ]
