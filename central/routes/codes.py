"""One-time codes as kiosks ask for them: send one, compare what was typed."""

from typing import Annotated

from fastapi import APIRouter, Depends

from central import codes
from central.callers import CentreOf, DeviceOf, Id, sms_of
from central.gateway import Sms
from kiosk.link.models.codes import CodeOrder, CodeState, CodeTyped

router = APIRouter(prefix="/api/v1/codes", tags=["codes"])


@router.post("", status_code=201)
def send(
    order: CodeOrder, centre: CentreOf, caller: DeviceOf, sms: Annotated[Sms | None, Depends(sms_of)]
) -> CodeState:
    """Send a code by text message; 429 where the phone had one just now, 503 where none can be sent."""
    return codes.send(centre, sms, caller, order)


@router.post("/{code_id}/check")
def check(code_id: Id, typed: CodeTyped, centre: CentreOf, caller: DeviceOf) -> CodeState:
    """Compare: 200 `proved`; 422 `code-wrong` may be typed again, 409 `code-spent` and `code-expired` not."""
    return codes.check(centre, caller, code_id, typed.code)
