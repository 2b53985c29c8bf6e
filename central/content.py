"""What is inside a sealed part: reads it in memory and checks it against the catalogue."""

import json
from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from central import photos as pictures
from central.ids import content_mark
from central.rejection import Rejection
from kiosk.domain import forms
from kiosk.domain.catalogue import Service
from kiosk.domain.documents import identify
from kiosk.domain.photo import MOST_PHOTOS
from kiosk.domain.request import ProofKind, reaches
from kiosk.link.models.central import RequestOrder, Short
from kiosk.link.models.problem import FieldProblem

_NAME_LENGTH = 60
_VALUE_LENGTH = 500
_KINDS = frozenset(
    {
        "resident_id", "hmt_residence_permit", "foreign_permanent_resident", "passport_mrz",
        # What the barcodes of a driving licence hold: the office finds the person by its register.
        "licence_core_number", "licence_archive_number",
    }
)  # fmt: skip


class Applicant(BaseModel):
    """Whose request it is. A number that was scanned or typed comes without a name; the office knows it."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True, cache_strings="keys")

    kind: Short
    number: str = Field(max_length=_VALUE_LENGTH, repr=False)
    name: str = Field(default="", max_length=_VALUE_LENGTH, repr=False)


class ProofPart(BaseModel):
    """How she was confirmed above what she could show alone: the id of a code, or of a clerk's confirmation."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True, cache_strings="keys")

    kind: ProofKind
    id: Short


class Content(BaseModel):
    """The clear text of a sealed part. It lives as long as the call that needs it and is shown by no repr.

    Without `cache_strings` pydantic would keep her name, her number and her answers after the call.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True, cache_strings="keys")

    applicant: Applicant
    fields: dict[Short, str] = Field(default_factory=dict, max_length=60, repr=False)
    photos: dict[Short, Annotated[str, StringConstraints(max_length=pictures.MOST_BASE64)]] = Field(
        default_factory=dict, max_length=MOST_PHOTOS, repr=False
    )
    proof: ProofPart | None = None


def read(clear: bytes) -> Content:
    """Read what was unsealed; Rejection (422) names the places that are wrong, never what stands there."""
    try:
        return Content.model_validate_json(clear)
    except ValidationError as error:
        raise _failed(
            [FieldProblem(pointer="/".join(["/sealed", *map(str, e["loc"])]), code=e["type"]) for e in error.errors()]
        ) from None
    except (ValueError, RecursionError):
        raise _failed([FieldProblem(pointer="/sealed", code="not-json")]) from None


class Addition(BaseModel):
    """What a citizen adds after she was asked for more; like Content, it is never shown by a repr."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True, cache_strings="keys")

    fields: dict[Short, str] = Field(default_factory=dict, max_length=60, repr=False)
    photos: dict[Short, Annotated[str, StringConstraints(max_length=pictures.MOST_BASE64)]] = Field(
        default_factory=dict, max_length=MOST_PHOTOS, repr=False
    )


def read_addition(clear: bytes) -> Addition:
    """Read what was added; Rejection (422) as `read`."""
    try:
        return Addition.model_validate_json(clear)
    except ValidationError as error:
        raise _failed(
            [FieldProblem(pointer="/".join(["/sealed", *map(str, e["loc"])]), code=e["type"]) for e in error.errors()]
        ) from None
    except (ValueError, RecursionError):
        raise _failed([FieldProblem(pointer="/sealed", code="not-json")]) from None


def check_addition(service: Service, added: Addition, today: date) -> None:
    """Raise Rejection (422) with all mistakes of what was added; answers may be given anew, one by one."""
    known = {field.name: field for field in service.fields}
    errors = []
    if not added.fields and not added.photos:
        errors.append(FieldProblem(pointer="/sealed", code="empty"))
    for name, value in added.fields.items():
        if len(value) > _VALUE_LENGTH or not value.isprintable():
            errors.append(FieldProblem(pointer=f"/sealed/fields/{name}", code="charset"))
        elif name in known and known[name].kind != "photo":
            code = forms.problem(known[name], value, today, added.fields)
            errors += [FieldProblem(pointer=f"/sealed/fields/{name}", code=code)] if code else []
    for name, photo in added.photos.items():
        code = pictures.problem(photo)
        errors += [FieldProblem(pointer=f"/sealed/photos/{name}", code=code)] if code else []
    if errors:
        raise _failed(errors)


def mark(server_secret: bytes, order: RequestOrder, clear: bytes) -> str:
    """The keyed mark of all that makes a request another one; sealing the same twice does not."""
    try:
        inside = json.loads(clear)
    except (ValueError, RecursionError):
        inside = clear.hex()
    whole = [order.service, order.assurance, sorted(order.consents), inside]
    return content_mark(server_secret, json.dumps(whole, sort_keys=True, separators=(",", ":")).encode())


def consents_known(order: RequestOrder, service: Service) -> bool:
    """Whether the boxes ticked are those of the catalogue in force; while it changes, a kiosk may have another one."""
    return set(order.consents) <= {consent.id for consent in service.consents}


def check(order: RequestOrder, service: Service, content: Content, today: date) -> None:
    """Raise Rejection (422) with all mistakes at once."""
    if service.mode == "ticket":
        raise Rejection(422, "not-direct", "This service is only done at a counter; take a ticket.")
    if not reaches(order.assurance, service.min_assurance):
        raise Rejection(
            422, "assurance-too-low", "This service needs a better proof of identity; take a ticket, or use the card."
        )
    errors = [*_consents(order, service), *_applicant(content.applicant, today), *_fields(service, content, today)]
    errors += pictures.problems(service, content.fields, content.photos)
    if errors:
        raise _failed(errors)


def _consents(order: RequestOrder, service: Service) -> list[FieldProblem]:
    required = {consent.id for consent in service.consents if consent.required}
    missing = sorted(required - set(order.consents))
    if order.consents and not consents_known(order, service):
        # Ticked under another version of the catalogue: sealed, it can never be asked again, so the desk judges.
        return []
    return [FieldProblem(pointer=f"/consents/{consent}", code="missing") for consent in missing]


def _applicant(applicant: Applicant, today: date) -> list[FieldProblem]:
    if applicant.kind not in _KINDS:
        return [FieldProblem(pointer="/sealed/applicant/kind", code="unknown-document")]
    answer = identify(applicant.number, expect=applicant.kind, today=today)
    codes: list[str] = [] if answer.valid else [*answer.problems] or ["unknown-document"]
    errors = [FieldProblem(pointer="/sealed/applicant/number", code=code) for code in codes]
    if len(applicant.name) > _NAME_LENGTH or not applicant.name.isprintable():
        errors.append(FieldProblem(pointer="/sealed/applicant/name", code="name"))
    return errors


def _fields(service: Service, content: Content, today: date) -> list[FieldProblem]:
    errors = []
    for field in service.fields:
        if field.kind == "photo":
            continue
        code = forms.problem(field, content.fields.get(field.name, ""), today, content.fields)
        if code:
            errors.append(FieldProblem(pointer=f"/sealed/fields/{field.name}", code=code))
    for name, value in content.fields.items():
        if len(value) > _VALUE_LENGTH or not value.isprintable():
            errors.append(FieldProblem(pointer=f"/sealed/fields/{name}", code="charset"))
    return errors


def _failed(errors: list[FieldProblem]) -> Rejection:
    return Rejection(422, "validation-failed", "Some of the answers cannot be right; see errors.", errors=errors)
