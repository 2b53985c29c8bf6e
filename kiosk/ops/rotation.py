"""Replaces the device's key: the new one is made here, handed in under the old and proved before the old one ends."""

from base64 import b64encode
from pathlib import Path

from kiosk.engine.ports import Away, Rejected
from kiosk.link.fleet import FleetLink
from kiosk.ops.enrolment import Identity, NextKey, keep_next_key, load_identity, next_key_draft, switch_key


class RotationPending(Exception):
    """It is not finished; what is on disk goes on from where it stands. `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def rotate(state: Path, link: FleetLink) -> Identity:
    """Make or finish a rotation; RotationPending where the centre does not answer, or refuses.

    Every step is durable before the next: the draft of the key, its name at the centre, the switch. After a crash
    anywhere the same call goes on, and the link signs with whatever key the centre knows.
    """
    identity = _loaded(state)
    new = identity.next_key
    if new is None:
        key = next_key_draft(state)
        public = b64encode(key.public_key().public_bytes_raw()).decode()
        made = link.add_key(public)
        if isinstance(made, Away | Rejected):
            raise RotationPending(_why(made))
        new = NextKey(made.key_id, key)
        identity = keep_next_key(state, identity, new)
    return _prove(state, link, identity, new)


def finish(state: Path, link: FleetLink) -> Identity | None:
    """Go on with a rotation that was cut short; None where none is under way."""
    identity = _loaded(state)
    return _prove(state, link, identity, identity.next_key) if identity.next_key else None


def _prove(state: Path, link: FleetLink, identity: Identity, new: NextKey) -> Identity:
    link.link.sign_as(new.key_id, new.key)
    proved = link.confirm_key(new.key_id)
    if isinstance(proved, Away | Rejected):
        # The centre may have ended the old key or not; the new one is good in both cases once it was taken in.
        if isinstance(proved, Rejected):
            link.link.sign_as(identity.key_id, identity.key)
        raise RotationPending(_why(proved))
    return switch_key(state, identity, new)


def _loaded(state: Path) -> Identity:
    identity = load_identity(state)
    if identity is None:
        raise RotationPending("not-enrolled")
    return identity


def _why(answer: Away | Rejected) -> str:
    return "away" if isinstance(answer, Away) else answer.code
