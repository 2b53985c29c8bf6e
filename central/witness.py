"""Counter-signs the journals of promises: a chain that the centre has seen cannot be shortened or rewritten unseen."""

from base64 import b64decode, b64encode
from dataclasses import asdict, replace
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import select
from sqlalchemy.orm import Session

from central.care_tables import PromiseRow
from central.rejection import Rejection, not_found
from central.tables import Device, DeviceKey
from kiosk.domain.promises import CHECKPOINT, START, Promise, Witness, plain_code
from kiosk.link.models.care import CounterSigned, PromiseFound, SignedPromise

_MOST = 2**31 - 1
"""Records of one chain; PostgreSQL counts no further in an integer."""


def witness_key(server_secret: bytes) -> Ed25519PrivateKey:
    """The key that counter-signs, derived from the server's secret: whoever restores the vault restores it too."""
    derived = HKDF(hashes.SHA256(), 32, None, b"police-post journal witness v1").derive(server_secret)
    return Ed25519PrivateKey.from_private_bytes(derived)


def take_in(
    session: Session, key: Ed25519PrivateKey, device_id: str, records: tuple[SignedPromise, ...], now: datetime
) -> CounterSigned:
    """Store the next records of one chain and sign its head; known ones may come again.

    Rejection: 409 `journal-gap` with records missing before these, 409 `journal-forked` where a record was changed
    that had been handed in, 422 `journal-invalid` for a signature that does not hold.
    """
    chain = records[0].chain
    seq, fingerprint = _head(session, device_id, chain)
    for sent in records:
        promise = Promise(**sent.model_dump(exclude={"key_id", "signature"}))
        if promise.chain != chain:
            raise Rejection(422, "journal-invalid", "A batch holds records of one chain.")
        _check(session, device_id, promise, sent)
        if promise.seq <= seq:
            known = _row(session, device_id, chain, promise.seq)
            # What is not there any more was forgotten in time; the records that followed it vouch for it.
            if known is not None and known.fingerprint != promise.fingerprint:
                raise Rejection(409, "journal-forked", "A record differs from the one that was handed in before.")
            continue
        if promise.seq != seq + 1:
            raise Rejection(409, "journal-gap", f"Record {seq + 1} comes next.")
        if promise.previous != fingerprint:
            raise Rejection(409, "journal-forked", "The record does not follow the last one that was handed in.")
        seq, fingerprint = promise.seq, promise.fingerprint
        session.add(
            PromiseRow(
                device_id=device_id,
                chain=chain,
                seq=seq,
                fingerprint=fingerprint,
                code=promise.code,
                record=sent.model_dump(),
                received_at=now,
            )
        )
    session.flush()
    return _said(key, Witness(device_id, chain, seq, fingerprint, now.isoformat(timespec="seconds"), ""))


def begin(
    session: Session, key: Ed25519PrivateKey, device_id: str, declared: SignedPromise, now: datetime
) -> CounterSigned:
    """Note where a chain begins here whose older records its kiosk threw away before it had anybody to hand them to.

    Rejection: 422 `journal-invalid` for what declares no such thing, 409 `journal-forked` for a chain that is known
    from an earlier record on: nothing of that goes on the kiosk's word alone.
    """
    promise = Promise(**declared.model_dump(exclude={"key_id", "signature"}))
    _check(session, device_id, promise, declared)
    gone = int(promise.subject) if promise.subject.isascii() and promise.subject.isdigit() else 0
    if promise.kind != CHECKPOINT or not 0 < gone < promise.seq <= _MOST or len(promise.digest) != len(START):
        raise Rejection(422, "journal-invalid", "This record declares nothing that went before.")
    known = _row(session, device_id, promise.chain, gone)
    if known is None and _head(session, device_id, promise.chain) == (0, START):
        # Without a code: nobody holds a paper that this row could vouch for.
        session.add(
            PromiseRow(
                device_id=device_id,
                chain=promise.chain,
                seq=gone,
                fingerprint=promise.digest,
                code="",
                record=declared.model_dump(),
                received_at=now,
            )
        )
        session.flush()
    elif known is None or known.fingerprint != promise.digest:
        raise Rejection(409, "journal-forked", "This chain is known from an earlier record on.")
    at = now.isoformat(timespec="seconds")
    return _said(key, Witness(device_id, promise.chain, gone, promise.digest, at, ""))


def find(session: Session, code: str) -> list[PromiseFound]:
    """The papers that carry a short code; more than one only by a chance of one in a million millions."""
    plain = plain_code(code)
    if not plain:
        raise not_found("code")
    rows = session.execute(
        select(PromiseRow, Device).join(Device, Device.id == PromiseRow.device_id).where(PromiseRow.code == plain)
    ).all()
    return [
        PromiseFound(
            device_id=device.id,
            branch=device.branch,
            kiosk=f"K{device.kiosk_number}",
            seq=row.seq,
            **{name: row.record[name] for name in ("at", "kind", "subject", "word")},
        )
        for row, device in rows
    ]


def _said(key: Ed25519PrivateKey, said: Witness) -> CounterSigned:
    said = replace(said, signature=b64encode(key.sign(said.signed)).decode())
    public = b64encode(key.public_key().public_bytes_raw()).decode()
    return CounterSigned(**asdict(said), public_key=public)


def _head(session: Session, device_id: str, chain: str) -> tuple[int, str]:
    found = session.scalars(
        select(PromiseRow)
        .where(PromiseRow.device_id == device_id, PromiseRow.chain == chain)
        .order_by(PromiseRow.seq.desc())
        .limit(1)
    ).one_or_none()
    return (found.seq, found.fingerprint) if found else (0, START)


def _row(session: Session, device_id: str, chain: str, seq: int) -> PromiseRow | None:
    return session.scalars(
        select(PromiseRow).where(PromiseRow.device_id == device_id, PromiseRow.chain == chain, PromiseRow.seq == seq)
    ).one_or_none()


def _check(session: Session, device_id: str, promise: Promise, sent: SignedPromise) -> None:
    key = session.get(DeviceKey, sent.key_id)
    raw = key.public_key if key is not None and key.device_id == device_id else ""
    try:
        Ed25519PublicKey.from_public_bytes(b64decode(raw)).verify(b64decode(sent.signature), promise.signed)
    except (InvalidSignature, ValueError):
        raise Rejection(422, "journal-invalid", f"The signature of record {promise.seq} does not hold.") from None
