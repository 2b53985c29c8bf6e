"""Which release a kiosk is offered, and the pieces of its bundle."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from sqlalchemy.orm import Session

from central import tree
from central.callers import CentreOf, DeviceCaller, DeviceOf
from central.rejection import not_found
from central.updates import Caller, Updates
from kiosk.link.models.updates import Release, UpdateOffer

router = APIRouter(prefix="/api/v1", tags=["updates"])

Compatible = Annotated[str, Query(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9-]+$")]
"""What bundles are made for a machine (RAUC's word), like kiosk-rpi4."""


@router.get(
    "/devices/me/update",
    responses={200: {"model": UpdateOffer}, 204: {"description": "nothing newer"}},
    response_model=UpdateOffer,
)
def offer(
    request: Request, centre: CentreOf, caller: DeviceOf, release: Annotated[Release, Query()], compatible: Compatible
) -> UpdateOffer | Response:
    """The release that this kiosk is to take."""
    updates: Updates = request.app.state.updates
    with centre.store.write() as session:
        caller.remember(session)
        asks = _asks(session, caller, release, compatible)
    return updates.offer(asks) or Response(status_code=204)


@router.get(
    "/updates/{version}/bundle",
    responses={200: {"content": {"application/octet-stream": {}}}},
    response_class=Response,
)
def bundle(
    version: Annotated[Release, Path()],
    request: Request,
    centre: CentreOf,
    caller: DeviceOf,
    compatible: Compatible,
    at: Annotated[int, Query(ge=0, lt=2**32)] = 0,
) -> Response:
    """Up to 256 KiB of a bundle, from byte `at` on."""
    updates: Updates = request.app.state.updates
    with centre.store.write() as session:
        caller.remember(session)
        asks = _asks(session, caller, version, compatible)
    found = updates.piece(asks, version, at)
    if found is None:
        raise not_found("piece")
    return Response(found, media_type="application/octet-stream", headers={"Cache-Control": "no-store"})


def _asks(session: Session, caller: DeviceCaller, release: str, compatible: str) -> Caller:
    return Caller(caller.id, tuple(tree.way(session, caller.branch)), release, compatible)
