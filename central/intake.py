"""Takes a request in: exactly once for each press of the button, checked in memory, stored sealed."""

from base64 import b64decode
from hashlib import sha256
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from central import codes, content, ids, standing
from central.callers import DeviceCaller
from central.centre import Centre
from central.problems import Rejection
from central.tables import Request, Step
from central.unsealing import Unsealable, unseal_new
from kiosk.domain.catalogue import Catalogue
from kiosk.link.models.central import RequestOrder
from kiosk.link.models.desk import RegistryMark

Said = tuple[RegistryMark, list[str]]


def submit(centre: Centre, caller: DeviceCaller, order: RequestOrder) -> tuple[Request, bool]:
    """Store a request, or find the one that this press has made before (True); Rejection for anything else."""
    body_hash = sha256(order.model_dump_json().encode()).hexdigest()
    with centre.store.read() as session:
        known = _known(session, caller, order)
        catalogue = centre.tree.of(session, caller.branch, centre.at().date()).catalogue
    if known is not None and known.body_hash == body_hash:
        with centre.store.write() as session:
            caller.remember(session)
            return session.get_one(Request, known.id), True
    # Unsealing and checking take no lock; only what is good comes back for one.
    clear = _unsealed(centre, caller, order)
    mark = content.mark(centre.vault.server_secret, order, clear)
    inside = content.read(clear)
    said = _asked(centre, catalogue, caller, order, inside)
    try:
        with centre.store.write() as session:
            caller.remember(session)
            if known is None:
                return _store(centre, session, caller, order, inside, said, (body_hash, mark)), False
    except IntegrityError:
        # Two processes took the same press at once: the unique key let one through, and this is its replay.
        with centre.store.write() as session:
            caller.remember(session)
            known = _known(session, caller, order)
            if known is None:
                raise
    if known.content_mark != mark:
        raise Rejection(422, "key-reused", "This client_request_id has been used for another request.")
    return known, True


def _known(session: Session, caller: DeviceCaller, order: RequestOrder) -> Request | None:
    return session.scalars(
        select(Request).where(Request.device_id == caller.id, Request.client_request_id == str(order.client_request_id))
    ).one_or_none()


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


def _double(centre: Centre, session: Session, person: str, service: str) -> str:
    """The reference of her open request for the same service, if there is one."""
    found = session.scalars(
        select(Request.reference)
        .where(Request.person == person, Request.service == service, Request.state.in_(standing.STILL_OPEN))
        .order_by(Request.received_at)
        .limit(1)
    ).one_or_none()
    if found and centre.options.double_open == "refuse":
        raise Rejection(
            409, "already-open", f"The request {found} for this service is still open; see what became of it."
        )
    return found or ""


def _store(
    centre: Centre,
    session: Session,
    caller: DeviceCaller,
    order: RequestOrder,
    inside: content.Content,
    said: Said,
    marks: tuple[str, str],
) -> Request:
    now = centre.at()
    # What was offered when she pressed the button counts, not what is offered when the line is back.
    holds = centre.tree.of(session, caller.branch, min(order.captured_at.astimezone(now.tzinfo), now).date())
    service = holds.catalogue.service(order.service)
    if service is None:
        raise Rejection(404, "service-unknown", "This service is not in the catalogue; fetch it anew.")
    if holds.opens_on is not None and now.date() < holds.opens_on:
        raise Rejection(422, "not-direct", "This branch takes no direct requests yet; take a ticket.")
    content.check(order, service, inside, now.date())
    mobile = inside.fields.get(service.code_to, "")
    claim = codes.Claim(service, str(order.client_request_id), order.captured_at, mobile, inside.proof)
    codes.require(session, centre, caller, order.assurance, claim)
    person = ids.person_mark(centre.vault.server_secret, inside.applicant.kind, inside.applicant.number)
    request_id = ids.uuid7(now)
    token = ids.status_token(centre.vault.server_secret, request_id)
    day = f"{now:%Y%m%d}"
    number = centre.numbers.next(session, f"reference {day}")
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
        "double_of": _double(centre, session, person, order.service),
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
    session.execute(insert(Request).values(values))
    session.execute(
        insert(Step).values(request_id=request_id, at=now, actor="device", action="submit", state="submitted", note="")
    )
    return Request(**values)
