"""What kiosks say beside tickets: a citizen calls staff, a device changed; and the clerk who answers."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from branch.hub import hub_of
from branch.routes.common import AsKiosk, AsStaff, answer, clerk_of, problems
from branch.store.kiosks import alert_record, call_staff, report_health, take_alert
from kiosk.link.models.branch import HelpAlert, HelpRequest, KioskHealthRequest, Name

router = APIRouter(prefix="/api/v1", tags=["kiosks"])


@router.post("/help", status_code=201, response_model=HelpAlert, responses=problems())
async def help_wanted(request: Request, body: HelpRequest, account: AsKiosk) -> Response:
    """A citizen calls staff: shown on every console until a clerk takes it."""
    del account
    alert = await hub_of(request).do(lambda tx: call_staff(tx, body.kiosk, body.view))
    return answer(alert_record(alert, staff=False), 201)


@router.post("/help/{alert_id}/take", response_model=HelpAlert, responses=problems(404))
async def help_taken(request: Request, alert_id: Annotated[int, Path(ge=1, le=2**53)], account: AsStaff) -> Response:
    """Say that somebody goes; the kiosk that called reads `taken` in the state and on the feed."""
    alert = await hub_of(request).do(lambda tx: take_alert(tx, alert_id, clerk_of(account).actor))
    return answer(alert_record(alert, staff=True))


@router.put("/kiosks/{name}/health", status_code=204, responses=problems())
async def kiosk_health(request: Request, name: Name, body: KioskHealthRequest, account: AsKiosk) -> Response:
    """Keep what a kiosk says of its devices, so that consoles show who needs paper."""
    del account
    await hub_of(request).do(lambda tx: report_health(tx, name, dict(body.health)))
    return Response(status_code=204)
