"""What a kiosk asks for itself: enrolment, configuration, catalogue, heartbeat and commands."""

from dataclasses import asdict
from typing import Annotated, TypeVar

from fastapi import APIRouter, Header, Query, Request, Response
from sqlalchemy import func, select

from central import enrolments, ids
from central.callers import BodyOf, CentreOf, DeviceOf, Id, NewcomerOf, address, newcomer, own_url
from central.centre import Centre, etag
from central.rejection import Rejection, not_found
from central.tables import Command, Device
from kiosk.link.models import central as wire
from kiosk.link.models.central import REPLAYED_HEADER

router = APIRouter(prefix="/api/v1", tags=["devices"])

Answer = TypeVar("Answer")

_OPEN_COMMANDS = ("queued", "in_progress")
_COMMAND_MOVES: dict[str, frozenset[str]] = {
    "queued": frozenset({"in_progress", "succeeded", "failed", "rejected"}),
    "in_progress": frozenset({"succeeded", "failed"}),
}


@router.post("/enrolments", status_code=201)
def enrol(order: wire.EnrolmentOrder, request: Request, response: Response, centre: CentreOf) -> wire.Enrolment:
    """Make a kiosk of the bearer of a claim code. The same code with the same key is answered again."""
    centre.guesses.check(address(request))
    try:
        enrolment, replayed = enrolments.enrol(centre, order, own_url(request))
    except Rejection as rejection:
        if rejection.code == "claim-unknown":
            centre.guesses.count(address(request))
        raise
    if replayed:
        response.status_code = 200
        response.headers[REPLAYED_HEADER] = "true"
    return enrolment


@router.get("/devices/me/config", responses={304: {"description": "not changed"}})
def config(
    request: Request,
    response: Response,
    centre: CentreOf,
    caller: NewcomerOf,
    if_none_match: Annotated[str | None, Header()] = None,
) -> wire.DeviceConfig:
    """What the centre decides for this device: its place, the sealing keys, the offline policy."""
    with centre.store.write() as session:
        caller.remember(session)
        device = session.get_one(Device, caller.id)
        answer = enrolments.config_of(centre, session, device, own_url(request))
    return _tagged(answer, etag(answer.model_dump_json()), if_none_match, response)


@router.get("/catalogue", responses={304: {"description": "not changed"}})
def catalogue(
    request: Request,
    centre: CentreOf,
    response: Response,
    body: BodyOf,
    branch: Annotated[str, Query(max_length=64, pattern=r"^[A-Za-z0-9-]*$")] = "",
    if_none_match: Annotated[str | None, Header()] = None,
) -> dict[str, object]:
    """The services as they are in force: at a signing device's own branch, at the one that is named, or at large.

    Halls have to publish them, so no signature is asked for.
    """
    if "signature-input" in request.headers:
        caller = newcomer(request, centre, body)
        with centre.store.write() as session:
            caller.remember(session)
        branch = caller.branch
    with centre.store.read() as session:
        found = centre.tree.of(session, branch, centre.at().date()) if branch else centre.tree.at_large
    return _tagged(asdict(found.catalogue), found.tag, if_none_match, response)


@router.post("/devices/me/heartbeat")
def heartbeat(beat: wire.Heartbeat, request: Request, centre: CentreOf, caller: NewcomerOf) -> wire.HeartbeatAnswer:
    """Note how a kiosk is; tell it the time, whether it is let in, and whether something waits for it."""
    now = centre.at()
    with centre.store.write() as session:
        caller.remember(session)
        device = session.get_one(Device, caller.id)
        device.beat_at, device.beat = now, beat.model_dump(mode="json", exclude_none=True)
        pending = session.scalar(
            select(func.count()).where(Command.device_id == caller.id, Command.state.in_(_OPEN_COMMANDS))
        )
        answer = enrolments.config_of(centre, session, device, own_url(request))
        holds = centre.tree.of(session, device.branch, now.date())
    return wire.HeartbeatAnswer(
        server_time=now,
        commands_pending=pending or 0 if device.state == "accepted" else 0,
        config_etag=etag(answer.model_dump_json()),
        catalogue_etag=holds.tag,
        device_state="pending" if device.state == "pending" else "accepted",
    )


@router.get("/devices/me/commands")
def commands(centre: CentreOf, caller: DeviceOf) -> list[wire.Command]:
    """The orders that wait for this device, oldest first."""
    with centre.store.write() as session:
        caller.remember(session)
        rows = session.scalars(
            select(Command)
            .where(Command.device_id == caller.id, Command.state.in_(_OPEN_COMMANDS))
            .order_by(Command.created_at, Command.id)
        ).all()
    return [told_command(centre, row) for row in rows]


@router.patch("/devices/me/commands/{command_id}")
def update_command(command_id: Id, update: wire.CommandUpdate, centre: CentreOf, caller: DeviceOf) -> wire.Command:
    """Note how far the device is with an order; saying the same twice changes nothing."""
    with centre.store.write() as session:
        caller.remember(session)
        row = session.get(Command, command_id)
        if row is None or row.device_id != caller.id:
            raise not_found("command")
        if update.state != row.state:
            if update.state not in _COMMAND_MOVES.get(row.state, frozenset()):
                raise Rejection(409, "state-conflict", "This command has already ended.")
            row.state, row.detail, row.updated_at = update.state, update.detail, centre.at()
        return told_command(centre, row)


def order_command(centre: Centre, device_id: str, kind: wire.CommandKind) -> wire.Command:
    """Add an order for a device; Rejection (404) if there is no such device."""
    now = centre.at()
    with centre.store.write() as session:
        if session.get(Device, device_id) is None:
            raise not_found("device")
        row = Command(id=ids.uuid7(now), device_id=device_id, kind=kind, state="queued", created_at=now, updated_at=now)
        session.add(row)
    return told_command(centre, row)


def told_command(centre: Centre, row: Command) -> wire.Command:
    """A command as it goes over the wire."""
    return wire.Command.model_validate(
        {"id": row.id, "kind": row.kind, "state": row.state, "created_at": centre.local(row.created_at)}
    )


def _tagged(answer: Answer, tag: str, known: str | None, response: Response) -> Answer:
    if known is not None and tag in [part.strip() for part in known.split(",")]:
        raise NotModified(tag)
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "private, no-cache"
    return answer


class NotModified(Exception):
    """The caller has the newest version."""

    def __init__(self, tag: str) -> None:
        super().__init__("not modified")
        self.tag = tag


def not_modified(_request: Request, error: NotModified) -> Response:
    """Answer 304, with the tag and no body."""
    return Response(status_code=304, headers={"ETag": error.tag})
