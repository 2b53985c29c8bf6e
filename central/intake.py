"""Takes a request in: exactly once for each press of the button, checked in memory, stored sealed."""

from base64 import b64decode
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import and_, bindparam, exists, func, select
from sqlalchemy.exc import IntegrityError

from central import codes, content, ids, standing, storing
from central.callers import DeviceCaller, device_may
from central.care_tables import RetiredKey
from central.centre import Centre
from central.prepared import Prepared
from central.rejection import Rejection
from central.signature import Signed, key_unknown
from central.tables import Device, DeviceKey, Request
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
        draft, claim = _checked(centre, turn, caller, order, inside)
        draft |= {"body_hash": body_hash, "content_mark": mark}
        try:
            stored = storing.store(centre, caller, draft, claim)
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


def _checked(
    centre: Centre, turn: int, caller: DeviceCaller, order: RequestOrder, inside: content.Content
) -> tuple[storing.Draft, codes.Claim]:
    """The columns of a request that may be taken in; Rejection (404, 422) where it may not. Takes no lock."""
    now = centre.at()
    # What was offered when she pressed the button counts, not what is offered when the line is back.
    holds = centre.tree.at(centre.store, turn, caller.branch, min(order.captured_at.astimezone(now.tzinfo), now).date())
    service = holds.catalogue.service(order.service)
    if service is None:
        raise Rejection(404, "service-unknown", "This service is not in the catalogue; fetch it anew.")
    if holds.opens_on is not None and now.date() < holds.opens_on:
        raise Rejection(422, "not-direct", "This branch takes no direct requests yet; take a ticket.")
    content.check(order, service, inside, now.date())
    today = centre.tree.at(centre.store, turn, caller.branch, caller.at.date()).catalogue
    checked, checked_codes = _asked(centre, today, caller, order, inside)
    secret = centre.vault.server_secret
    request_id = ids.uuid7(now)
    mobile = inside.fields.get(service.code_to, "")
    return {
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
        "person": ids.person_mark(secret, inside.applicant.kind, inside.applicant.number),
        "checked": checked,
        "checked_codes": checked_codes,
        "due_on": centre.days.after(now.date(), centre.options.accept_days),
        "captured_at": order.captured_at,
        "received_at": now,
        "updated_at": now,
        "state": "submitted",
        "status_hash": ids.fingerprint(ids.status_token(secret, request_id)),
        "reasons": [],
        "ems": "",
        "proposed_by": "",
    }, codes.Claim(service, str(order.client_request_id), order.captured_at, mobile, inside.proof)
