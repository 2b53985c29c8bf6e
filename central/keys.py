"""Replaces a device's signing key with overlap: the new one is handed in under the old, and confirmed under itself."""

from base64 import b64decode, b64encode
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from central import ids, staff
from central.care_tables import RetiredKey
from central.rejection import Rejection, not_found
from central.tables import DeviceKey
from kiosk.link.models.care import KeyMade


def is_retired(session: Session, key_id: str) -> bool:
    """Say whether a key was replaced."""
    return session.get(RetiredKey, key_id) is not None


def add(session: Session, device_id: str, public_key: str, now: datetime) -> KeyMade:
    """Take in a device's next key; the same one again is answered again. Rejection for another device's key."""
    try:
        raw = Ed25519PublicKey.from_public_bytes(b64decode(public_key)).public_bytes_raw()
    except ValueError:
        raise Rejection(400, "public-key-malformed", "public_key is no Ed25519 key: 32 bytes in base64.") from None
    plain = b64encode(raw).decode()
    known = session.scalars(select(DeviceKey).where(DeviceKey.public_key == plain)).one_or_none()
    if known is not None:
        if known.device_id != device_id or is_retired(session, known.id):
            raise Rejection(409, "key-known", "This key cannot be used; make a new one.")
        return KeyMade(key_id=known.id, state="pending")
    made = DeviceKey(id="device-key-" + ids.uuid7(now), device_id=device_id, public_key=plain, created_at=now)
    session.add(made)
    staff.write_down(session, now, "device", "key-added", device_id)
    return KeyMade(key_id=made.id, state="pending")


def confirm(session: Session, device_id: str, key_id: str, signed_with: str, now: datetime) -> KeyMade:
    """The device has signed with its new key: all its others sign nothing from now on."""
    key = session.get(DeviceKey, key_id)
    if key is None or key.device_id != device_id:
        raise not_found("key")
    if signed_with != key_id:
        raise Rejection(409, "key-unproved", "A key is confirmed by a request that it has signed itself.")
    others = session.scalars(
        select(DeviceKey.id)
        .where(DeviceKey.device_id == device_id, DeviceKey.id != key_id)
        .where(DeviceKey.id.not_in(select(RetiredKey.key_id)))
    ).all()
    for other in others:
        session.add(RetiredKey(key_id=other, retired_at=now))
    if others:
        staff.write_down(session, now, "device", "key-replaced", device_id)
    return KeyMade(key_id=key_id, state="active")
