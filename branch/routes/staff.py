"""For the supervisor: who signs in, and a new PIN; for clerks: a kiosk opened to change its paper."""

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from branch.hub import hub_of
from branch.routes.common import AsAdmin, AsStaff, answer, clerk_of, problems
from branch.store.staff import change_paper, read_staff, reset_pin
from kiosk.link.models.branch import Name, PinRequest

router = APIRouter(prefix="/api/v1", tags=["staff"])


@router.get("/staff", responses=problems())
async def list_staff(request: Request, account: AsAdmin) -> Response:
    """Everybody who signs in at a page, and who is locked out."""
    del account
    hub = hub_of(request)
    found = await run_in_threadpool(hub.store.read, lambda connection: read_staff(connection, hub.store.now_ms()))
    return answer({"staff": found})


@router.post("/staff/pin", status_code=204, responses=problems(404))
async def new_pin(request: Request, body: PinRequest, account: AsAdmin) -> Response:
    """Give a clerk a new PIN; her lock and her open sessions end."""
    del account
    await hub_of(request).do(lambda tx: reset_pin(tx, body.name, body.pin))
    return Response(status_code=204)


@router.put("/kiosks/{name}/paper-change", status_code=204, responses=problems())
async def begin_paper_change(request: Request, name: Name, account: AsStaff) -> Response:
    """Say that a clerk stands before a kiosk to change its paper; the kiosk reads it in the state."""
    actor = clerk_of(account).actor
    await hub_of(request).do(lambda tx: change_paper(tx, name, actor, begin=True))
    return Response(status_code=204)


@router.delete("/kiosks/{name}/paper-change", status_code=204, responses=problems())
async def end_paper_change(request: Request, name: Name, account: AsStaff) -> Response:
    """Say that it is done."""
    actor = clerk_of(account).actor
    await hub_of(request).do(lambda tx: change_paper(tx, name, actor, begin=False))
    return Response(status_code=204)
