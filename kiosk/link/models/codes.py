"""What kiosk and centre say to each other about one-time codes."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, StringConstraints

from kiosk.link.models.central import SealedPart, ServiceCode, Wire


class CodeOrder(Wire):
    """POST /codes: send a code to the phone in the sealed part, `{"mobile": ...}`; `id` is minted at the press."""

    id: UUID
    service: ServiceCode
    sealed: SealedPart


class CodeTyped(Wire):
    """POST /codes/{id}/check."""

    code: Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]


class CodeState(Wire):
    """How a code stands: sent, proved (typed rightly), or expired."""

    id: UUID
    state: Literal["sent", "proved", "expired"]
    expires_at: AwareDatetime
