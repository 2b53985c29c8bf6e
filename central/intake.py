"""Takes a request in: exactly once for each press of the button, checked in memory, stored sealed."""

from base64 import b64decode
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, and_, bindparam, exists, func, insert, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from central import codes, content, ids, standing
from central.callers import DeviceCaller, device_may
from central.care_tables import RetiredKey
from central.centre import Centre
from central.prepared import Prepared
from central.problems import Rejection
from central.signature import Signed, key_unknown
from central.tables import Device, DeviceKey, Request, Step
from central.tree import TURN
from central.unsealing import Unsealable, unseal_new
from kiosk.domain.catalogue import Catalogue
from kiosk.link.models.central import RequestOrder
from kiosk.link.models.desk import RegistryMark

Said = tuple[RegistryMark, list[str]]


def submit(centre: Centre, signed: Signed, order: RequestOrder) -> tuple[Request, bool]:
    """Store a request, or find the one that this press has made before (True); Rejection for anything else."""
    body_hash = sha256(order.model_dump_json().encode()).hexdigest()
    caller, turn, known = _look(centre, signed, order)
    if known is not None and known.body_hash == body_hash:
        return _replay(centre, caller, known.id), True
    # Unsealing and checking take no lock; only what is good comes back for one.
    clear = _unsealed(centre, caller, order)
    mark = content.mark(centre.vault.server_secret, order, clear)
    if known is None:
        inside = content.read(clear)
        catalogue = centre.tree.at(centre.store, turn, caller.branch, caller.at.date()).catalogue
        said = _asked(centre, catalogue, caller, order, inside)
        try:
            stored = centre.store.work(
                lambda connection: _store(centre, connection, turn, caller, order, inside, said, (body_hash, mark))
            )
        except IntegrityError:
            # Two took the same press at once: the unique key let one through, and this is its replay.
            _, _, known = _look(centre, signed, order)
            if known is None:
                raise
        else:
            return stored, False
    if known.content_mark != mark:
        raise Rejection(422, "key-reused", "This client_request_id has been used for another request.")
    return _replay(centre, caller, known.id), True


@dataclass(frozen=True)
class _Known:
    id: str
    body_hash: str
    content_mark: str


# Everything that can be known before the sealed part is opened, in one question.
_LOOK = Prepared(
    select(
        Device.id,
        Device.branch,
        Device.state,
        func.coalesce(TURN, 0),
        Request.id,
        Request.body_hash,
        Request.content_mark,
    )
    .select_from(DeviceKey)
    .join(Device, Device.id == DeviceKey.device_id)
    .outerjoin(Request, and_(Request.device_id == Device.id, Request.client_request_id == bindparam("press")))
    .where(DeviceKey.id == bindparam("wanted"), ~exists().where(RetiredKey.key_id == DeviceKey.id))
)


def _look(centre: Centre, signed: Signed, order: RequestOrder) -> tuple[DeviceCaller, int, _Known | None]:
    """The device that signed, the turn of the tree, and what this press has stored; Rejection (401, 403)."""
    row = centre.store.ask(_LOOK, {"wanted": signed.key_id, "press": str(order.client_request_id)})
    if row is None:
        raise key_unknown()
    device, branch, state, turn, *known = row
    device_may(state)
    caller = DeviceCaller(device, branch, signed.key_id, signed.nonce, signed.idempotency_key, centre.at())
    return caller, int(turn), None if known[0] is None else _Known(*known)


def _replay(centre: Centre, caller: DeviceCaller, request_id: str) -> Request:
    with centre.store.write() as session:
        caller.remember(session)
        return session.get_one(Request, request_id)


def _unsealed(centre: Centre, caller: DeviceCaller, order: RequestOrder) -> bytes:
    try:
        return unseal_new(centre.vault, order.sealed, caller.id, str(order.client_request_id), order.service)
    except Unsealable as error:
        raise Rejection(
            422, "unsealable", f"The sealed part cannot be opened ({error.code}); fetch the configuration anew."
        ) from error


def _asked(
    centre: Centre, catalogue: Catalogue, caller: DeviceCaller, order: RequestOrder, inside: content.Content
) -> Said:
    """What the register says of it, asked before any lock is taken: a slow one holds up this request alone."""
    service = catalogue.services.get(order.service)
    if service is None:
        return "unchecked", []
    return standing.mark(centre, catalogue, service, inside, caller.branch)


_STILL_OPEN = Prepared(
    select(Request.reference)
    .where(
        Request.person == bindparam("whose"),
        Request.service == bindparam("what"),
        or_(*(Request.state == state for state in standing.STILL_OPEN)),
    )
    .order_by(Request.received_at)
    .limit(1)
)


def _double(centre: Centre, connection: Connection, person: str, service: str) -> str:
    """The reference of her open request for the same service, if there is one."""
    row = _STILL_OPEN.first(connection, {"whose": person, "what": service})
    found = str(row[0]) if row else ""
    if found and centre.options.double_open == "refuse":
        raise Rejection(
            409, "already-open", f"The request {found} for this service is still open; see what became of it."
        )
    return found


_COLUMNS = (
    "id", "device_id", "branch", "client_request_id", "service", "assurance", "consents", "catalogue_version",
    "consents_known", "sealed_kid", "sealed", "photographs", "person", "checked", "checked_codes", "double_of",
    "due_on", "body_hash", "content_mark", "captured_at", "received_at", "updated_at", "state", "reference",
    "status_hash", "reasons", "ems", "proposed_by",
)  # fmt: skip
_REQUEST = Prepared(insert(Request.__table__).values({name: bindparam(f"new_{name}") for name in _COLUMNS}).inline())  # type: ignore[arg-type]
_STEP = Prepared(
    insert(Step.__table__)  # type: ignore[arg-type]
    .values(
        request_id=bindparam("new_request"), at=bindparam("new_at"), actor="device", action="submit",
        state="submitted", note="",
    )
    .inline()
)  # fmt: skip


def _store(
    centre: Centre,
    connection: Connection,
    turn: int,
    caller: DeviceCaller,
    order: RequestOrder,
    inside: content.Content,
    said: Said,
    marks: tuple[str, str],
) -> Request:
    caller.remember(connection)
    now = centre.at()
    # What was offered when she pressed the button counts, not what is offered when the line is back.
    holds = centre.tree.at(centre.store, turn, caller.branch, min(order.captured_at.astimezone(now.tzinfo), now).date())
    service = holds.catalogue.service(order.service)
    if service is None:
        raise Rejection(404, "service-unknown", "This service is not in the catalogue; fetch it anew.")
    if holds.opens_on is not None and now.date() < holds.opens_on:
        raise Rejection(422, "not-direct", "This branch takes no direct requests yet; take a ticket.")
    content.check(order, service, inside, now.date())
    mobile = inside.fields.get(service.code_to, "")
    claim = codes.Claim(service, str(order.client_request_id), order.captured_at, mobile, inside.proof)
    if order.assurance in codes.PROVED:
        with Session(connection) as session:
            codes.require(session, centre, caller, order.assurance, claim)
            session.flush()
    person = ids.person_mark(centre.vault.server_secret, inside.applicant.kind, inside.applicant.number)
    request_id = ids.uuid7(now)
    token = ids.status_token(centre.vault.server_secret, request_id)
    day = f"{now:%Y%m%d}"
    number = centre.numbers.next(connection, f"reference {day}")
    reference = f"{centre.options.reference_prefix}-{day}-{number:06d}"
    values: dict[str, Any] = {
        "id": request_id,
        "device_id": caller.id,
        "branch": caller.branch,
        "client_request_id": str(order.client_request_id),
        "service": order.service,
        "assurance": order.assurance,
        "consents": list(order.consents),
        "catalogue_version": holds.catalogue.version,
        "consents_known": content.consents_known(order, service),
        "sealed_kid": order.sealed.kid,
        "sealed": b64decode(order.sealed.ciphertext),
        "photographs": bool(inside.photos),
        "person": person,
        "checked": said[0],
        "checked_codes": said[1],
        "double_of": _double(centre, connection, person, order.service),
        "due_on": centre.days.after(now.date(), centre.options.accept_days),
        "body_hash": marks[0],
        "content_mark": marks[1],
        "captured_at": order.captured_at,
        "received_at": now,
        "updated_at": now,
        "state": "submitted",
        "reference": reference,
        "status_hash": ids.fingerprint(token),
        "reasons": [],
        "ems": "",
        "proposed_by": "",
    }
    _REQUEST.rows(connection, {f"new_{name}": value for name, value in values.items()})
    _STEP.rows(connection, {"new_request": request_id, "new_at": now})
    return Request(**values)
