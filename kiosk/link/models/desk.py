"""What the desk sees and does: rows of the inbox, an opened request, a step."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, StringConstraints

from kiosk.domain.request import Assurance, ServerState
from kiosk.link.models.common import Line, Wire

RegistryMark = Literal["ok", "warn", "refer", "block", "unknown", "unchecked"]
"""What the registry said when a request came in: `unknown` does not know her, `unchecked` (待核) did not answer."""


class Acceptance(Wire):
    """受理: the number and the date that have legal weight."""

    number: str
    accepted_at: AwareDatetime


DeskVerb = Literal["accept", "needs-more", "refuse", "progress", "done"]


class DeskAction(Wire):
    """What an officer adds to a step. Reasons are the whole list at once, never one by one."""

    reasons: tuple[Line, ...] = Field(default=(), max_length=20)
    reason: Line = ""
    note: Line = ""
    ems: Annotated[str, StringConstraints(max_length=20, pattern=r"^[A-Za-z0-9]*$")] = ""


class HistoryStep(Wire):
    """One step in the life of a request, and who took it."""

    at: AwareDatetime
    actor: str
    action: str
    state: ServerState | None = None
    note: str = ""


class DeskItem(Wire):
    """A row of the inbox; nothing personal."""

    id: str
    reference: str
    service: str
    branch: str
    state: ServerState
    assurance: Assurance
    received_at: AwareDatetime
    updated_at: AwareDatetime
    due_on: date | None = None
    overdue: bool = False
    registry: RegistryMark = "unchecked"
    double_of: str = ""
    refusal_proposed_by: str = ""


class DeskAnswer(Wire):
    """What the citizen added after she was asked for more, in clear."""

    at: AwareDatetime
    fields: dict[str, str]
    photos: dict[str, str] = Field(default_factory=dict, description="JPEG in base64 by field")


class DeskRequest(DeskItem):
    """An opened request with its applicant in clear; that it was displayed has been written down."""

    applicant: dict[str, str]
    fields: dict[str, str]
    photos: dict[str, str] = Field(default_factory=dict, description="JPEG in base64 by field")
    consents: tuple[str, ...]
    consented_at: AwareDatetime
    catalogue_version: str
    reasons: tuple[str, ...]
    acceptance: Acceptance | None
    history: tuple[HistoryStep, ...]
    registry_codes: tuple[str, ...] = ()
    refusal_proposed: tuple[str, ...] = ()
    answers: tuple[DeskAnswer, ...] = ()
