"""One kiosk on a page of its own: the code for its service menu, its readiness report, the logs it has sent."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from central import fleet, sessions
from central.callers import CentreOf, Id
from central.centre import Centre
from central.pages import Pages
from central.rejection import not_found
from central.routes.device_care import bundles, code_now
from central.sessions import Session
from kiosk.link.models.care import ServiceCodeNow

router = APIRouter(tags=["fleet"], include_in_schema=False)


@router.get("/fleet/devices/{device_id}", response_class=Response)
def page(device_id: Id, request: Request, centre: CentreOf) -> Response:
    """What the kiosk has said of itself."""
    return _drawn(request, centre, device_id, sessions.current(request, centre, "fleet"), None)


@router.post("/fleet/devices/{device_id}/service-code", response_class=Response)
def service_code(device_id: Id, request: Request, centre: CentreOf, word: Annotated[str, Form()] = "") -> Response:
    """The same page with the code that opens the service menu now; who asked for it is written down."""
    session = sessions.posted(request, centre, "fleet", word)
    response = _drawn(request, centre, device_id, session, code_now(centre, device_id, session.officer.name))
    response.headers["Cache-Control"] = "no-store"
    return response


def _drawn(request: Request, centre: Centre, device_id: str, session: Session, code: ServiceCodeNow | None) -> Response:
    kiosk = next((one for one in fleet.kiosks(centre) if one.device_id == device_id), None)
    if kiosk is None:
        raise not_found("device")
    pages: Pages = request.app.state.pages
    values = {"session": session, "kiosk": kiosk, "bundles": bundles(centre, device_id), "code": code}
    return pages.draw(request, centre, "kiosk", values)
