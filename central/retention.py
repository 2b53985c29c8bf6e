"""Forgets in time: photographs soon after a request has ended, its content later, logs, events and old records."""

import json
import logging
from base64 import b64decode
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session, aliased

from central import staff
from central.care_tables import DiagnosticsRow, PromiseRow
from central.centre import Centre
from central.rounds import Round
from central.signature import NONCE_KEPT
from central.tables import BranchEvent, Claim, Command, Nonce, Pass, Request, Supplement
from central.unsealing import Unsealable, unseal
from central.vault import Vault
from kiosk.link.models.central import sealing_context

log = logging.getLogger("central")

ENDED = ("done", "not_accepted", "withdrawn")
_EVERY_S = 3600.0
_AT_ONCE = 200  # rows a transaction, so that nobody at the desk waits for long
_DELETED_AT_ONCE = 2000  # of rows that are only deleted


@dataclass(frozen=True)
class Tidied:
    """How much was forgotten."""

    photographs: int = 0
    contents: int = 0
    logs: int = 0
    others: int = 0
    events: int = 0
    promises: int = 0


def tidy(centre: Centre) -> Tidied:
    """Forget what is due; safe to run at any time, by several processes, and again after it was cut off."""
    now, options = centre.at(), centre.options
    photographs = _in_parts(lambda: _photographs(centre, now - timedelta(days=options.photo_days)))
    contents = _in_parts(lambda: _contents(centre, now - timedelta(days=options.content_days)))
    events = _in_parts(lambda: _events(centre, now - timedelta(days=options.event_days)))
    promises = _in_parts(lambda: _promises(centre, now - timedelta(days=options.promise_days)))
    with centre.store.write() as session:
        logs_before = now - timedelta(days=options.log_days)
        logs = _gone(session, delete(DiagnosticsRow).where(DiagnosticsRow.received_at < logs_before))
        ended = Command.state.not_in(("queued", "in_progress"))
        others = _gone(session, delete(Command).where(ended, Command.updated_at < logs_before))
        others += _gone(session, delete(Nonce).where(Nonce.seen_at < now - NONCE_KEPT))
        others += _gone(session, delete(Pass).where(Pass.expires_at < now))
        others += _gone(session, delete(Claim).where(Claim.expires_at < logs_before, Claim.device_id.is_(None)))
        done = Tidied(photographs, contents, logs, others, events, promises)
        if photographs or contents or logs or events or promises:
            staff.write_down(session, now, "centre", "tidied", f"{photographs}/{contents}/{logs}/{events}/{promises}")
    return done


def wipe(session: Session, requests: Sequence[str]) -> None:
    """Take the content out of these requests for good; what happened to them stays, without whom it concerned."""
    session.execute(
        update(Request)
        .where(Request.id.in_(requests))
        .values(sealed=b"", person="", photographs=False, checked_codes=[])
    )
    session.execute(delete(Supplement).where(Supplement.request_id.in_(requests)))


def tidying(centre: Centre) -> Round:
    """Tidies now and then."""

    def work(_stopping: Callable[[], bool]) -> None:
        log.info("tidied: %s", json.dumps(asdict(tidy(centre))))

    return Round("tidying", _EVERY_S, work)


def _in_parts(part: Callable[[], int]) -> int:
    whole = 0
    while done := part():
        whole += done
    return whole


def _photographs(centre: Centre, before: datetime) -> int:
    with centre.store.write() as session:
        rows = session.scalars(
            select(Request)
            .where(Request.photographs, Request.state.in_(ENDED), Request.updated_at < before)
            .limit(_AT_ONCE)
        ).all()
        for request in rows:
            context = (request.device_id, request.client_request_id, request.service)
            again = _without_photographs(centre.vault, request.sealed_kid, request.sealed, *context)
            if again is not None:
                request.sealed_kid, request.sealed = again
            request.photographs = False
            for added in session.scalars(select(Supplement).where(Supplement.request_id == request.id)):
                context = (added.device_id, added.client_answer_id, request.service)
                again = _without_photographs(centre.vault, added.sealed_kid, added.sealed, *context)
                if again is not None:
                    added.sealed_kid, added.sealed = again
        return len(rows)


def _without_photographs(
    vault: Vault, kid: str, sealed: bytes, device: str, request: str, service: str
) -> tuple[str, bytes] | None:
    """Open, take the pictures out, seal again to our own newest key; None for what cannot be opened any more."""
    try:
        inside: dict[str, Any] = json.loads(unseal(vault, kid, sealed, device, request, service))
    except (Unsealable, ValueError):
        return None
    inside.pop("photos", None)
    newest = vault.live()[0]
    suite = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
    public = X25519PublicKey.from_public_bytes(b64decode(newest.public_key))
    clear = json.dumps(inside, ensure_ascii=False).encode()
    return newest.kid, suite.encrypt(clear, public, sealing_context(device, request, service))


def _contents(centre: Centre, before: datetime) -> int:
    with centre.store.write() as session:
        rows = session.scalars(
            select(Request.id)
            .where(Request.state.in_(ENDED), Request.updated_at < before, Request.sealed != b"")
            .limit(_AT_ONCE)
        ).all()
        if rows:
            wipe(session, rows)
        return len(rows)


def _events(centre: Centre, before: datetime) -> int:
    """Up to which number all was there stays known: a kiosk that tells it once more brings nothing back."""
    old = select(BranchEvent.id).where(BranchEvent.received_at < before).limit(_DELETED_AT_ONCE)
    with centre.store.write() as session:
        return _gone(session, delete(BranchEvent).where(BranchEvent.id.in_(old)))


def _promises(centre: Centre, before: datetime) -> int:
    """The last record of a chain stays, however old: the next one has to follow it, and the chain goes on."""
    later = aliased(PromiseRow)
    followed = exists().where(
        later.device_id == PromiseRow.device_id, later.chain == PromiseRow.chain, later.seq > PromiseRow.seq
    )
    old = select(PromiseRow.id).where(PromiseRow.received_at < before, followed).limit(_DELETED_AT_ONCE)
    with centre.store.write() as session:
        return _gone(session, delete(PromiseRow).where(PromiseRow.id.in_(session.scalars(old).all())))


def _gone(session: Session, statement: Any) -> int:
    return int(session.execute(statement).rowcount)  # type: ignore[attr-defined]
