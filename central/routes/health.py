"""Whether the service works; style sheet and icon of its pages."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse, PlainTextResponse
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from central.authority import authority
from central.callers import CentreOf
from central.metrics import CONTENT_TYPE, Metrics
from central.pages import STATIC
from central.rejection import not_found
from kiosk.link.models.central import Health

router = APIRouter(tags=["health"])

_KEPT = {"Cache-Control": "max-age=300"}


@router.get("/healthz", responses={503: {"model": Health}})
def healthz(centre: CentreOf, response: Response) -> Health:
    """200 while the database answers, 503 when it does not."""
    try:
        with centre.store.read() as session:
            session.execute(select(1))
        works = True
    except SQLAlchemyError:
        works = False
        response.status_code = 503
    return Health(
        ok=works,
        version=centre.options.version,
        database="ok" if works else "failing",
        clock="test clock" if centre.options.test_clock else "system clock",
        now=centre.at(),
    )


@router.get("/metrics", response_class=PlainTextResponse)
def metrics(request: Request) -> Response:
    """Figures in Prometheus' text format; nothing about anybody."""
    found: Metrics = request.app.state.metrics
    return Response(found.text(), media_type=CONTENT_TYPE)


@router.get("/ca.pem", response_class=PlainTextResponse)
def ca(centre: CentreOf) -> Response:
    """The certificate that a kiosk pins at its enrolment, if its fingerprint is the one on the claim."""
    pem = authority(centre.options.ca, centre.options.cert)
    if not pem:
        raise not_found("certificate")
    return Response(pem, media_type="application/x-pem-file")


@router.get("/static/central.css", include_in_schema=False, response_class=FileResponse)
def style() -> FileResponse:
    """The style sheet of all pages."""
    return FileResponse(STATIC / "central.css", media_type="text/css", headers=_KEPT)


@router.get("/static/icon.svg", include_in_schema=False, response_class=FileResponse)
def icon() -> FileResponse:
    """The icon in the browser's tab."""
    return FileResponse(STATIC / "icon.svg", media_type="image/svg+xml", headers=_KEPT)
