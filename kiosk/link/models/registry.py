"""What kiosk and centre say of the registry: who this is, and what she may do now."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from kiosk.domain.request import Assurance
from kiosk.link.models.common import PLAIN, ServiceCode, Short, Wire


class Person(Wire):
    """Who is asked about: a kind of identify and its number."""

    kind: Short
    number: Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=PLAIN)] = Field(repr=False)


class RegistryQuery(Wire):
    """What may this person do now? `assurance` says how she was identified; `service` narrows the question to one."""

    assurance: Assurance
    applicant: Person
    service: ServiceCode | None = None
    facts: dict[Short, str | int | bool | None] = Field(default_factory=dict, max_length=60)


class RegistryReason(Wire):
    """One reason, as `kiosk eligible` gives it."""

    code: str
    level: Literal["warn", "refer", "block"]
    text_zh: str
    text_en: str
    source: str


class RegistryDecision(Wire):
    """Whether one service is open to her now. `unchecked` (待核): the registry did not answer or does not know her."""

    service: str
    decision: Literal["ok", "warn", "refer", "block", "unchecked"]
    reasons: tuple[RegistryReason, ...] = ()
    opens_on: date | None = None
    open_request: str | None = Field(default=None, description="the reference of hers that is still open")


class RegistryVehicle(Wire):
    """A vehicle of hers, masked."""

    plate_masked: str
    kind: str
    inspection_until: date | None = None


class RegistryLicence(Wire):
    """Her driving licence, masked."""

    number_masked: str
    classes: str
    expires_on: date | Literal["long-term"] | None = None


class RegistryAnswer(Wire):
    """What the registry says. Licence and vehicles are told only to one whose card was read or whom staff know."""

    known: bool
    checked: bool
    name_masked: str = ""
    services: tuple[RegistryDecision, ...] = ()
    licence: RegistryLicence | None = None
    vehicles: tuple[RegistryVehicle, ...] = ()
