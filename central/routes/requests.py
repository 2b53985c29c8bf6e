"""What becomes of a request as kiosks see it: handing in, asking, withdrawing."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from sqlalchemy import select
from sqlalchemy.orm import Session

from central import answers, intake, life, tables
from central.callers import CallerOf, CentreOf, DeviceCaller, DeviceOf, Id, SignerOf, own_url
from central.centre import Centre
from central.rejection import Rejection, not_found
from central.signature import Signed
from central.staff import Officer
from kiosk.link.models import central as wire
from kiosk.link.models.central import IDEMPOTENCY_HEADER, PLAIN, REPLAYED_HEADER

router = APIRouter(prefix="/api/v1/requests", tags=["requests"])


@router.post("", status_code=201, response_model=wire.Request)
async def submit(order: wire.RequestOrder, request: Request, centre: CentreOf, signed: SignerOf) -> Response:
    """Take a request in: 201 for a new one, 200 for a retry, 422 for the same id with another content."""
    _check_key(signed, order.client_request_id)
    return await run_in_threadpool(_take_in, centre, signed, order, own_url(request))


def _take_in(centre: Centre, signed: Signed, order: wire.RequestOrder, own: str) -> Response:
    stored, replayed = intake.submit(centre, signed, order)
    headers = {"Location": f"/api/v1/requests/{stored.id}"}
    if replayed:
        headers[REPLAYED_HEADER] = "true"
    told = life.told(centre, stored, own).model_dump_json()
    return Response(told, 200 if replayed else 201, headers, "application/json")


@router.get("")
def settle(
    request: Request,
    centre: CentreOf,
    caller: CallerOf,
    client_request_id: Annotated[UUID | None, Query()] = None,
    reference: Annotated[str, Query(max_length=32, pattern=PLAIN)] = "",
) -> wire.Request:
    """What became of a request whose answer never came (404: it never arrived), or of the one on a receipt."""
    if client_request_id is None and not reference:
        raise Rejection(400, "malformed", "Give client_request_id or reference.")
    with centre.store.write() as session:
        _use(session, caller)
        wanted = select(tables.Request)
        if client_request_id is not None:
            wanted = wanted.where(tables.Request.client_request_id == str(client_request_id))
        if reference:
            wanted = wanted.where(tables.Request.reference == reference.upper())
        if isinstance(caller, DeviceCaller):
            # A receipt may be shown at any kiosk of the branch; an unsettled press is its own kiosk's affair.
            mine = tables.Request.branch == caller.branch if reference else tables.Request.device_id == caller.id
            wanted = wanted.where(mine)
        found = session.scalars(wanted).first()
        if found is None:
            raise not_found("request")
    return life.told(centre, found, own_url(request))


@router.get("/{request_id}")
def read(request_id: Id, request: Request, centre: CentreOf, caller: CallerOf) -> wire.Request:
    """A request by the centre's own id."""
    with centre.store.write() as session:
        _use(session, caller)
        found = _visible(session, request_id, caller)
    return life.told(centre, found, own_url(request))


@router.post("/{request_id}/cancellation")
def cancel(request_id: Id, request: Request, centre: CentreOf, caller: CallerOf) -> wire.Request:
    """The citizen withdraws; idempotent, and no longer possible once the request was accepted."""
    with centre.store.write() as session:
        _use(session, caller)
        found = _visible(session, request_id, caller)
        actor = caller.name if isinstance(caller, Officer) else "device"
        found = life.withdraw(centre, session, found, actor)
    return life.told(centre, found, own_url(request))


@router.post("/{request_id}/answers", status_code=201)
def add_answer(
    request_id: Id,
    order: wire.AnswerOrder,
    request: Request,
    response: Response,
    centre: CentreOf,
    caller: DeviceOf,
) -> wire.Request:
    """What she adds after the office asked for more, on the same request: 201, 200 for a retry, 409 if nobody asked."""
    stored, replayed = answers.add(centre, caller, request_id, order)
    if replayed:
        response.status_code = 200
        response.headers[REPLAYED_HEADER] = "true"
    return life.told(centre, stored, own_url(request))


def _use(session: Session, caller: DeviceCaller | Officer) -> None:
    if isinstance(caller, DeviceCaller):
        caller.remember(session)


def _visible(session: Session, request_id: str, caller: DeviceCaller | Officer) -> tables.Request:
    found = session.get(tables.Request, request_id)
    if found is None or (isinstance(caller, DeviceCaller) and found.device_id != caller.id):
        raise not_found("request")
    return found


def _check_key(caller: Signed, wanted: UUID) -> None:
    key = caller.idempotency_key
    if key is None:
        raise Rejection(400, "idempotency-key-missing", f"{IDEMPOTENCY_HEADER} is missing; send client_request_id.")
    # The header's draft standard writes a quoted string; many clients write it bare.
    if key.strip().strip('"').lower() != str(wanted):
        raise Rejection(400, "idempotency-key-mismatch", f"{IDEMPOTENCY_HEADER} is not the client_request_id.")
