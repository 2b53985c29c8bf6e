"""A slip scanned at the kiosk: its place, and the way back after a missed call; cancelling is the ticket's void."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from branch.hub import hub_of
from branch.routes.common import Anybody, AsKioskOrClerk, answer, clerk_of, problems
from branch.store.slips import read_slip, rejoin
from branch.ticket import ticket_record
from kiosk.link.models.branch import TicketRecord

router = APIRouter(prefix="/api/v1/slips", tags=["slips"])

LabelPath = Annotated[str, Path(pattern=r"^[A-Z][0-9]{3,6}$")]
CodePath = Annotated[str, Path(pattern=r"^([A-Z][0-9]{3,6}|[A-Za-z0-9_-]{16,64})$")]


@router.get("/{label}", responses=problems(404))
async def slip(request: Request, label: CodePath, account: Anybody) -> Response:
    """Today's ticket with this label, or this token of a status page; who is ahead; what its holder may do.

    `may`: `cancel`, `rejoin` or `rate`.
    """
    del account
    hub = hub_of(request)
    options, now_ms = hub.options, hub.store.now_ms()
    told = await run_in_threadpool(
        hub.store.read, lambda connection: read_slip(connection, options.id, label, now_ms, options.missed_s * 1000)
    )
    return answer(told)


@router.post("/{label}/rejoin", response_model=TicketRecord, responses=problems(404, 409))
async def slip_rejoins(request: Request, label: LabelPath, account: AsKioskOrClerk) -> Response:
    """Queue again after a missed call, three places back."""
    hub, actor = hub_of(request), clerk_of(account).actor
    ticket = await hub.do(lambda tx: rejoin(tx, label, hub.options.missed_s * 1000, actor))
    return answer(ticket_record(ticket, staff=False))
