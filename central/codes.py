"""One-time codes: sent to a citizen's phone, compared here, good for one request; and what a request must prove."""

import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from central.callers import DeviceCaller
from central.centre import Centre
from central.code_tables import OneTimeCode, UsedProof
from central.content import ProofPart
from central.gateway import Sms
from central.ids import content_mark
from central.rejection import Rejection, not_found
from central.unsealing import Unsealable, unseal_new
from kiosk.domain.catalogue import Service
from kiosk.domain.documents import identify
from kiosk.domain.request import Assurance
from kiosk.link.models.codes import CodeOrder, CodeState

LIFE = timedelta(minutes=5)
"""A code can be typed for so long."""
GOOD = timedelta(minutes=15)
"""A code that was right proves who she is for so long: as long as one session may last."""
PAUSE = timedelta(seconds=60)
"""The same phone gets no second code sooner."""
A_DAY = 8
"""Codes that one phone gets in a day: more would be somebody else's game with it."""
TRIES = 5
PROVED: tuple[Assurance, ...] = ("code", "staff")
"""What a request may only claim with a proof."""

TEXT = "【邮政警邮便民】验证码 {code}，5 分钟内有效，用于在自助机办理“{service}”。如非本人操作请拨打 11185。"


class _Phone(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True, cache_strings="keys")

    mobile: str = Field(max_length=20, repr=False)


@dataclass(frozen=True)
class Claim:
    """What a request says of itself."""

    service: Service
    client_request_id: str
    captured_at: datetime
    mobile: str = field(repr=False)
    proof: ProofPart | None = None


def send(centre: Centre, sms: Sms | None, caller: DeviceCaller, order: CodeOrder) -> CodeState:
    """Send a code to the phone in the sealed part; the same order again sends nothing more."""
    service = centre.catalogue.service(order.service)
    if service is None:
        raise Rejection(404, "service-unknown", "This service is not in the catalogue; fetch it anew.")
    if sms is None:
        raise Rejection(503, "sms-unavailable", "This centre has no gateway for text messages.", "later")
    mobile, now = _mobile(centre, caller, order), centre.at()
    phone, code = _mark(centre, "phone", mobile), f"{secrets.randbelow(10**6):06d}"
    with centre.store.write() as session:
        caller.remember(session)
        known = session.get(OneTimeCode, str(order.id))
        if known is not None:
            return _told(_own(known, caller), now)
        _not_too_often(session, phone, now)
        row = OneTimeCode(
            id=str(order.id), device_id=caller.id, service=order.service, phone_mark=phone,
            code_mark=_mark(centre, str(order.id), code), sent_at=now, tries=0,
        )  # fmt: skip
        session.add(row)
    try:
        # Outside the transaction: a slow gateway keeps nobody else waiting.
        sms.send(mobile, TEXT.format(code=code, service=service.short["zh"]))
    except OSError as error:
        with centre.store.write() as session:
            session.execute(delete(OneTimeCode).where(OneTimeCode.id == str(order.id)))
        raise Rejection(503, "sms-unavailable", "The text message could not be sent.", "later") from error
    return _told(row, now)


def check(centre: Centre, caller: DeviceCaller, code_id: str, typed: str) -> CodeState:
    """Compare what was typed; Rejection says why it is no proof. A wrong try counts."""
    now = centre.at()
    with centre.store.write() as session:
        caller.remember(session)
        row = session.get(OneTimeCode, code_id)
        if row is None or row.device_id != caller.id:
            raise not_found("code")
        if row.proved_at is None and row.tries < TRIES and now - row.sent_at <= LIFE:
            right = hmac.compare_digest(row.code_mark, _mark(centre, row.id, typed))
            row.tries += 1
            row.proved_at = now if right else None
        told = _told(row, now)
        wrong = row.tries < TRIES
    if told.state == "sent" and wrong:
        raise Rejection(422, "code-wrong", "This is not the code that was sent.", "later")
    if told.state == "sent":
        raise Rejection(409, "code-spent", "The code was wrong too often; ask for another one.")
    if told.state == "expired":
        raise Rejection(409, "code-expired", "The code is too old; ask for another one.")
    return told


def require(session: Session, centre: Centre, caller: DeviceCaller, assurance: Assurance, claim: Claim) -> None:
    """Raise Rejection (422) where a request claims more than is proved; a proof that holds is used up."""
    if assurance not in PROVED:
        return
    proof = claim.proof
    if proof is None or proof.kind != assurance:
        raise _unproved("proof-missing", "This assurance needs the proof that raised it.")
    used = session.get(UsedProof, (proof.kind, proof.id))
    if used is not None:
        if (used.device_id, used.client_request_id) == (caller.id, claim.client_request_id):
            return
        raise _unproved("proof-used", "This proof has served another request.")
    if proof.kind == "code":
        _code_holds(session, centre, caller, proof.id, claim)
    session.add(
        UsedProof(
            kind=proof.kind, id=proof.id, device_id=caller.id, client_request_id=claim.client_request_id,
            at=centre.at(),
        )
    )  # fmt: skip


def _code_holds(session: Session, centre: Centre, caller: DeviceCaller, code_id: str, claim: Claim) -> None:
    row = session.get(OneTimeCode, code_id)
    if row is None or row.device_id != caller.id or row.proved_at is None or row.service != claim.service.code:
        raise _unproved("proof-unknown", "No code of this device was confirmed under this id.")
    if not -LIFE <= claim.captured_at - row.proved_at <= GOOD:
        raise _unproved("proof-expired", "The code was confirmed too long before.")
    if not hmac.compare_digest(row.phone_mark, _mark(centre, "phone", _plain(claim.mobile))):
        raise _unproved("proof-phone", "The code went to another phone than the one in the request.")


def _mobile(centre: Centre, caller: DeviceCaller, order: CodeOrder) -> str:
    try:
        clear = unseal_new(centre.vault, order.sealed, caller.id, str(order.id), order.service)
    except Unsealable as error:
        raise Rejection(
            422, "unsealable", f"The sealed part cannot be opened ({error.code}); fetch the configuration anew."
        ) from error
    try:
        answer = identify(_Phone.model_validate_json(clear).mobile, expect="mobile")
    except (ValidationError, ValueError, RecursionError):
        raise Rejection(422, "validation-failed", "The sealed part holds no mobile number.") from None
    if not answer.valid:
        raise Rejection(422, "validation-failed", "The mobile number cannot be right.")
    return answer.number.reveal()


def _plain(mobile: str) -> str:
    return identify(mobile, expect="mobile").number.reveal()


def _not_too_often(session: Session, phone: str, now: datetime) -> None:
    sent = select(func.count()).select_from(OneTimeCode).where(OneTimeCode.phone_mark == phone)
    for most, span in ((1, PAUSE), (A_DAY, timedelta(days=1))):
        if session.scalar(sent.where(OneTimeCode.sent_at > now - span)) >= most:  # type: ignore[operator]
            wait = str(int(span.total_seconds()))
            raise Rejection(429, "slow-down", "This phone had a code already.", "after", headers={"Retry-After": wait})


def _own(row: OneTimeCode, caller: DeviceCaller) -> OneTimeCode:
    if row.device_id != caller.id:
        raise not_found("code")
    return row


def _told(row: OneTimeCode, now: datetime) -> CodeState:
    over = now - row.sent_at > LIFE
    state: Literal["sent", "proved", "expired"] = "proved" if row.proved_at else "expired" if over else "sent"
    return CodeState(id=UUID(row.id), state=state, expires_at=row.sent_at + LIFE)


def _mark(centre: Centre, what: str, text: str) -> str:
    return content_mark(centre.vault.server_secret, f"one-time-code {what} {text}".encode())


def _unproved(code: str, detail: str) -> Rejection:
    return Rejection(422, code, detail)
