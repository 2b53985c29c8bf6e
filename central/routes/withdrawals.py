"""A citizen takes her request back at a kiosk: any kiosk of the fleet, with the code of her receipt."""

from fastapi import APIRouter, Request

from central import life, staff, tables
from central.callers import CentreOf, DeviceOf, address
from central.routes.status import look_up, told_status
from kiosk.link.models import central as wire

router = APIRouter(prefix="/api/v1/withdrawals", tags=["requests"])

ACTOR = "receipt"
"""Who withdrew, in the book: nobody knows more than that she held the receipt."""


@router.post("")
def withdraw(order: wire.WithdrawalOrder, request: Request, centre: CentreOf, caller: DeviceOf) -> wire.Status:
    """Withdraw the request of a receipt; idempotent, and no longer possible once it was accepted (409).

    The token is in the body, so that it is in no log of addresses.
    """
    wanted = look_up(centre, order.status_token, address(request))
    with centre.store.write() as session:
        caller.remember(session)
        found = session.get_one(tables.Request, wanted.id)
        if found.state != "withdrawn":
            found = life.withdraw(centre, session, found, ACTOR)
            staff.write_down(session, centre.at(), ACTOR, "withdraw", found.id)
    return told_status(centre, found)
