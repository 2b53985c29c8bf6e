"""Who may do what: accounts, tokens kept as hashes, PINs kept as salted scrypt, and the sessions of pages."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Literal, get_args

from sqlalchemy import Connection, delete, insert, select, update

from branch.store import schema
from branch.store.transaction import Tx
from kiosk.domain.errors import Refusal

Role = Literal["kiosk", "clerk", "board", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)
STAFF: tuple[Role, ...] = ("clerk", "admin")

SESSION_MS = 12 * 3_600_000  # a working day; next morning a clerk signs in again
BOARD_MS = 400 * 86_400_000  # browsers keep no cookie longer; a board is set up once
TRIES = 5
LOCK_MS = 5 * 60_000

_PIN_LENGTH = range(4, 65)
_NAME_LENGTH = range(1, 65)


@dataclass(frozen=True, slots=True)
class Account:
    """Whom a token stands for. `csrf` is what a page must send along with the cookie; None for a bearer token."""

    id: int
    role: Role
    name: str
    csrf: str | None = None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The secret for the cookie; it is stored nowhere else."""

    token: str
    account: Account


def digest(token: str) -> str:
    """A token as it is kept: tokens are 256 random bits, so a plain hash cannot be reversed."""
    return hashlib.sha256(token.encode()).hexdigest()


def grant(tx: Tx, role: str, name: str, pin: str | None, token: str | None = None) -> SignedIn:
    """Make a token for a name, and the account with it where there is none; a PIN replaces the one before."""
    if role not in ROLES:
        raise Refusal(f"{role!r} is no role; give one of {', '.join(ROLES)}")
    if len(name.strip()) not in _NAME_LENGTH or not name.isprintable():
        raise Refusal("a name has 1 to 64 printable characters")
    if pin is not None and (len(pin) not in _PIN_LENGTH or not pin.isprintable()):
        raise Refusal("a PIN has 4 to 64 characters; give a longer one")
    a = schema.accounts.c
    row = tx.connection.execute(select(a.id).where(a.role == role, a.name == name)).one_or_none()
    kept = hash_pin(pin) if pin is not None else None
    if row is None:
        values = {"role": role, "name": name, "pin": kept, "failures": 0, "locked_until_ms": 0}
        account = tx.connection.execute(insert(schema.accounts).values(**values).returning(a.id)).scalar_one()
    else:
        account = row.id
        if kept is not None:
            reset = update(schema.accounts).where(a.id == account).values(pin=kept, failures=0, locked_until_ms=0)
            tx.connection.execute(reset)
    secret = token or secrets.token_urlsafe(32)
    _keep_token(tx, secret, account, None, None)
    logged = {"account": account, "role": role, "name": name, "token": digest(secret), "pin": kept}
    tx.log("grant", name, "grant", "command", logged)
    return SignedIn(secret, Account(account, role, name))


def find(connection: Connection, token: str, now_ms: int) -> Account | None:
    """Give the account that a token stands for now."""
    t, a = schema.tokens.c, schema.accounts.c
    kept = digest(token)
    query = select(t.hash, t.csrf, t.expires_ms, a.id, a.role, a.name).join_from(
        schema.tokens, schema.accounts, t.account == a.id
    )
    row = connection.execute(query.where(t.hash == kept)).one_or_none()
    if row is None or not hmac.compare_digest(row.hash, kept):
        return None
    if row.expires_ms is not None and row.expires_ms <= now_ms:
        return None
    return Account(row.id, row.role, row.name, row.csrf)


def holders(connection: Connection, name: str, first: str) -> list[tuple[int, str, int]]:
    """The staff accounts of a name that have a PIN, that of role `first` first: id, hashed PIN, locked until."""
    a = schema.accounts.c
    query = select(a.id, a.pin, a.locked_until_ms).where(a.name == name, a.role.in_(STAFF), a.pin.is_not(None))
    return [(row.id, row.pin, row.locked_until_ms) for row in connection.execute(query.order_by(a.role != first))]


def start_session(tx: Tx, account_id: int, lasts_ms: int) -> SignedIn:
    """Make the secret of a cookie; good sign-ins forget earlier failures, expired sessions are swept."""
    a, t = schema.accounts.c, schema.tokens.c
    tx.connection.execute(delete(schema.tokens).where(t.expires_ms < tx.now_ms))
    tx.connection.execute(update(schema.accounts).where(a.id == account_id).values(failures=0))
    row = tx.connection.execute(select(a.role, a.name).where(a.id == account_id)).one()
    secret, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(24)
    _keep_token(tx, secret, account_id, csrf, tx.now_ms + lasts_ms)
    return SignedIn(secret, Account(account_id, row.role, row.name, csrf))


def end_session(tx: Tx, token: str) -> None:
    """Forget a cookie's secret."""
    t = schema.tokens.c
    tx.connection.execute(delete(schema.tokens).where(t.hash == digest(token), t.expires_ms.is_not(None)))


def count_failure(tx: Tx, account_ids: list[int]) -> None:
    """Count a wrong PIN; after five the account is locked for five minutes."""
    a = schema.accounts.c
    for account_id in account_ids:
        failures = tx.connection.execute(select(a.failures).where(a.id == account_id)).scalar_one() + 1
        values = {"failures": failures}
        if failures >= TRIES:
            values = {"failures": 0, "locked_until_ms": tx.now_ms + LOCK_MS}
        tx.connection.execute(update(schema.accounts).where(a.id == account_id).values(**values))


def hash_pin(pin: str) -> str:
    """A PIN as it is kept: scrypt, so that a copied database does not give short PINs away at once."""
    salt = secrets.token_bytes(16)
    return f"scrypt${salt.hex()}${_scrypt(pin, salt).hex()}"


def pin_fits(pin: str, kept: str) -> bool:
    """Compare a PIN with a kept one in constant time."""
    _, salt, key = kept.split("$")
    return hmac.compare_digest(_scrypt(pin, bytes.fromhex(salt)), bytes.fromhex(key))


def _scrypt(pin: str, salt: bytes) -> bytes:
    return hashlib.scrypt(pin.encode(), salt=salt, n=2**14, r=8, p=1, dklen=32)


def _keep_token(tx: Tx, secret: str, account: int, csrf: str | None, expires_ms: int | None) -> None:
    row = {"hash": digest(secret), "account": account, "csrf": csrf, "created_ms": tx.now_ms, "expires_ms": expires_ms}
    tx.connection.execute(insert(schema.tokens).values(**row))
