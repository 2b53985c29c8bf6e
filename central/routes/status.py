"""The citizen's page: what became of her request, by the token on her receipt; masked, limited, expiring."""

from datetime import timedelta

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from sqlalchemy import select

from central import desk, enrolments, ids, life, tables
from central.callers import CentreOf, address
from central.centre import Centre
from central.masking import last_four
from central.pages import Pages, language_of
from central.problems import answer
from central.rejection import Rejection, not_found
from kiosk.domain.catalogue import say
from kiosk.domain.masking import mask_name
from kiosk.link.models import central as wire

router = APIRouter(tags=["status"])

_TOKEN_LENGTH = 22


@router.get(
    "/s/{token}",
    responses={200: {"content": {"text/html": {}, "application/json": {"schema": {"title": "Status"}}}}},
    response_class=Response,
)
def status(token: str, request: Request, centre: CentreOf) -> Response:
    """A page for phones; with `Accept: application/json` the same for a kiosk that scanned the receipt."""
    pages: Pages = request.app.state.pages
    wants_json = "application/json" in request.headers.get("accept", "")
    try:
        found = look_up(centre, token, address(request))
    except Rejection as rejection:
        if wants_json:
            return answer(rejection)
        key = "status.busy" if rejection.status == 429 else "status.unknown"
        page = pages.draw(request, centre, "status_none", {"key": key}, rejection.status)
        page.headers.update(rejection.headers)
        return page
    told = told_status(centre, found)
    if wants_json:
        return JSONResponse(told.model_dump(mode="json"))
    service = centre.catalogue.services.get(found.service)
    language = language_of(request)
    limit = say(service.time_limit, language) if service and service.time_limit else ""
    return pages.draw(request, centre, "status", {"told": told, "ems": found.ems, "time_limit": limit})


def look_up(centre: Centre, token: str, caller: str) -> tables.Request:
    """The request behind a token, for a caller at this address; Rejection (404, 429) for none, and for too many."""
    centre.looks.check(caller)
    centre.looks.count(caller)
    centre.guesses.check(caller)
    found = None
    if len(token) == _TOKEN_LENGTH:
        with centre.store.read() as session:
            found = session.scalars(
                select(tables.Request).where(tables.Request.status_hash == ids.fingerprint(token))
            ).one_or_none()
    if found is None:
        centre.guesses.count(caller)
        raise not_found("receipt")
    if found.updated_at < centre.at() - timedelta(days=centre.options.status_days):
        raise not_found("receipt")
    return found


def told_status(centre: Centre, found: tables.Request) -> wire.Status:
    """What the holder of the receipt may see."""
    with centre.store.read() as session:
        branch = session.get_one(tables.Branch, found.branch)
        last = life.steps(session, found.id)[-1]
    service = centre.catalogue.services.get(found.service)
    applicant = desk.opened(centre, found).applicant
    return wire.Status.model_validate(
        {
            "service": found.service,
            "service_name": dict(service.name) if service else {"zh": found.service},
            "state": found.state,
            "reference": found.reference,
            "received_at": centre.local(found.received_at),
            "updated_at": centre.local(found.updated_at),
            "branch": enrolments.branch_name(branch),
            "name_masked": mask_name(applicant.name),
            "number_masked": last_four(applicant.number),
            "acceptance": life.acceptance(centre, found),
            "reasons": found.reasons,
            "note": last.note if found.state in ("in_progress", "done") else "",
            "may_withdraw": life.may_be_withdrawn(found.state),
        }
    )
