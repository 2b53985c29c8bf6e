"""The supervisor suspends a service at once, with a reason and an end, and takes it up again."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from branch.declined import Declined
from branch.hub import hub_of
from branch.moment import to_ms
from branch.routes.common import AsAdmin, answer, clerk_of, problems
from branch.store.suspensions import suspend, suspension_record, take_up
from kiosk.link.models.branch import SuspensionRequest, SuspensionView

router = APIRouter(prefix="/api/v1/suspensions", tags=["suspensions"])

Service = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,16}$")]


@router.put("/{service}", response_model=SuspensionView, responses=problems(404))
async def suspend_service(request: Request, service: Service, body: SuspensionRequest, account: AsAdmin) -> Response:
    """Stop offering a service; kiosks read it in the state and on the feed, tickets already given stay good."""
    hub, actor = hub_of(request), clerk_of(account).actor
    if hub.catalogue.service(service) is None:
        raise Declined("not-found", "Name a service of the catalogue.")
    until_ms = None if body.until is None else to_ms(body.until)
    now = await hub.do(lambda tx: suspend(tx, service, body.reason, until_ms, actor))
    return answer(suspension_record(now, staff=True))


@router.delete("/{service}", status_code=204, responses=problems())
async def take_service_up(request: Request, service: Service, account: AsAdmin) -> Response:
    """Offer the service again."""
    await hub_of(request).do(lambda tx: take_up(tx, service, clerk_of(account).actor))
    return Response(status_code=204)
