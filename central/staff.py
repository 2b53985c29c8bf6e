"""The people of the office: accounts, roles, PINs, tokens, sessions - and the book of who saw what."""

import hashlib
import hmac
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from central.ids import fingerprint, secret_token, uuid7
from central.tables import Audit, Pass, Staff
from kiosk.domain.errors import Refusal

Right = Literal["desk", "audit", "fleet", "manage", "rights"]

ROLES: dict[str, frozenset[Right]] = {
    "desk": frozenset({"desk"}),
    "clerk": frozenset({"desk"}),
    "officer": frozenset({"desk"}),
    "staff": frozenset({"desk"}),
    "supervisor": frozenset({"desk", "audit", "fleet", "rights"}),
    "auditor": frozenset({"audit"}),
    "fleet": frozenset({"fleet"}),
    "technician": frozenset({"fleet", "manage"}),
    "admin": frozenset({"desk", "audit", "fleet", "manage", "rights"}),
}
"""What each role may do: work on requests, read the book, see and manage the kiosks, answer for a person's rights."""

_PIN_LENGTH = range(4, 65)
_FAILURES = 5
_LOCKED = timedelta(minutes=5)
_SCRYPT = {"n": 2**14, "r": 8, "p": 1}


@dataclass(frozen=True)
class Officer:
    """Somebody who has signed in."""

    id: str
    name: str
    role: str

    def may(self, right: Right) -> bool:
        """Whether her role has a right."""
        return right in ROLES.get(self.role, frozenset())


def grant(session: Session, role: str, name: str, pin: str, now: datetime) -> str:
    """Make or change an account and give its bearer token; an earlier token and open sessions of that name end."""
    if role not in ROLES:
        raise Refusal(f"{role!r} is no role; roles are {', '.join(ROLES)}")
    if not (name.strip() == name and 0 < len(name) <= 40 and name.isprintable()):
        raise Refusal("--name takes 1 to 40 printable characters without blanks at its ends")
    if len(pin) not in _PIN_LENGTH:
        raise Refusal("--pin takes 4 to 64 characters")
    staff = session.scalars(select(Staff).where(Staff.name == name)).one_or_none()
    if staff is None:
        staff = Staff(id=uuid7(now), name=name, role=role, pin_hash="", failures=0)
        session.add(staff)
    staff.role, staff.pin_hash, staff.failures, staff.locked_until = role, _hashed(pin), 0, None
    session.flush()
    session.execute(delete(Pass).where(Pass.staff_id == staff.id))
    token = secret_token()
    session.add(Pass(token_hash=fingerprint(token), staff_id=staff.id, expires_at=None))
    write_down(session, now, "console", "granted", f"{role} {name}")
    return token


def sign_in(session: Session, name: str, pin: str, now: datetime, hours: int) -> tuple[Officer, str] | None:
    """Give the officer and a session token, or None; after five wrong PINs the account rests for five minutes."""
    staff = session.scalars(select(Staff).where(Staff.name == name).with_for_update()).one_or_none()
    if staff is None:
        _matches(pin, _hashed("nobody"))  # an unknown name takes as long as a wrong PIN
        return None
    if staff.locked_until and staff.locked_until > now:
        return None
    if not _matches(pin, staff.pin_hash):
        staff.failures += 1
        if staff.failures >= _FAILURES:
            staff.failures, staff.locked_until = 0, now + _LOCKED
            write_down(session, now, name, "locked", name)
        return None
    staff.failures, staff.locked_until = 0, None
    token = secret_token()
    session.execute(delete(Pass).where(Pass.expires_at < now))
    session.add(Pass(token_hash=fingerprint(token), staff_id=staff.id, expires_at=now + timedelta(hours=hours)))
    write_down(session, now, name, "signed-in", name)
    return Officer(staff.id, staff.name, staff.role), token


def sign_out(session: Session, token: str) -> None:
    """End a session."""
    session.execute(delete(Pass).where(Pass.token_hash == fingerprint(token)))


def whose(session: Session, token: str, now: datetime, browser: bool) -> Officer | None:
    """Whose token this is. A session is no bearer token and the other way round."""
    row = session.execute(
        select(Staff, Pass).join(Pass, Pass.staff_id == Staff.id).where(Pass.token_hash == fingerprint(token))
    ).one_or_none()
    if row is None:
        return None
    staff, found = row
    if browser != (found.expires_at is not None) or (found.expires_at and found.expires_at <= now):
        return None
    return Officer(staff.id, staff.name, staff.role)


def count_with(session: Session, right: Right) -> int:
    """How many accounts have a right."""
    roles = [role for role, rights in ROLES.items() if right in rights]
    return session.scalar(select(func.count()).select_from(Staff).where(Staff.role.in_(roles))) or 0


def form_token(session_token: str) -> str:
    """The word that a form of this session carries, and no other site can know."""
    return hmac.new(session_token.encode(), b"form", "sha256").hexdigest()


def write_down(session: Session, now: datetime, actor: str, action: str, subject: str) -> None:
    """Add a line to the book."""
    session.add(Audit(at=now, actor=actor, action=action, subject=subject))


def _hashed(pin: str) -> str:
    salt = os.urandom(16)
    return salt.hex() + ":" + hashlib.scrypt(pin.encode(), salt=salt, **_SCRYPT).hex()


def _matches(pin: str, stored: str) -> bool:
    salt, _, wanted = stored.partition(":")
    found = hashlib.scrypt(pin.encode(), salt=bytes.fromhex(salt), **_SCRYPT).hex()
    return hmac.compare_digest(found, wanted)
