"""Takes in what a citizen adds after she was asked for more: on the same request, which is then the office's again."""

from base64 import b64decode
from hashlib import sha256

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from central import content, ids
from central.callers import DeviceCaller
from central.centre import Centre
from central.rejection import Rejection, not_found
from central.tables import Request, Step, Supplement
from central.unsealing import Unsealable, unseal_new
from kiosk.link.models.central import AnswerOrder


def add(centre: Centre, caller: DeviceCaller, request_id: str, order: AnswerOrder) -> tuple[Request, bool]:
    """Store it once for each press; True for a retry. Any kiosk of the request's branch may take it."""
    now = centre.at()
    body_hash = sha256(order.model_dump_json().encode()).hexdigest()
    with centre.store.write() as session:
        caller.remember(session)
        request = _of_branch(session, caller, request_id)
        known = session.scalars(
            select(Supplement).where(
                Supplement.device_id == caller.id, Supplement.client_answer_id == str(order.client_answer_id)
            )
        ).one_or_none()
        if known is not None:
            if known.request_id != request_id or known.body_hash != body_hash:
                raise Rejection(422, "key-reused", "This client_answer_id has been used for another answer.")
            return request, True
        _check(centre, caller, request, order)
        changed = session.execute(
            update(Request)
            .where(Request.id == request_id, Request.state == "needs_more")
            .values(
                state="submitted",
                updated_at=now,
                reasons=[],
                proposed_by="",
                proposed=None,
                due_on=centre.days.after(now.date(), centre.options.accept_days),
            )
        )
        if changed.rowcount != 1:  # type: ignore[attr-defined]
            raise Rejection(409, "state-conflict", "Nothing more was asked for on this request.")
        session.add(
            Supplement(
                id=ids.uuid7(now),
                request_id=request_id,
                device_id=caller.id,
                client_answer_id=str(order.client_answer_id),
                sealed_kid=order.sealed.kid,
                sealed=b64decode(order.sealed.ciphertext),
                body_hash=body_hash,
                at=now,
            )
        )
        session.add(Step(request_id=request_id, at=now, actor="device", action="answer", state="submitted"))
        return session.get_one(Request, request_id, populate_existing=True), False


def _of_branch(session: Session, caller: DeviceCaller, request_id: str) -> Request:
    found = session.get(Request, request_id)
    if found is None or found.branch != caller.branch:
        raise not_found("request")
    return found


def _check(centre: Centre, caller: DeviceCaller, request: Request, order: AnswerOrder) -> None:
    service = centre.catalogue.services.get(request.service)
    if service is None:
        raise Rejection(404, "service-unknown", "This service is not in the catalogue; take a ticket.")
    try:
        clear = unseal_new(centre.vault, order.sealed, caller.id, str(order.client_answer_id), request.service)
    except Unsealable as error:
        raise Rejection(
            422, "unsealable", f"The sealed part cannot be opened ({error.code}); fetch the configuration anew."
        ) from error
    content.check_addition(service, content.read_addition(clear), centre.at().date())
