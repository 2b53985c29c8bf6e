"""What the supervisor does about people and paper: a PIN set anew, a kiosk that a clerk opens to change its paper."""

from typing import Any

from sqlalchemy import BigInteger, Column, Connection, String, Table, delete, insert, select

from branch.declined import Declined
from branch.moment import rfc3339
from branch.store import schema
from branch.store.accounts import STAFF, grant
from branch.store.schema import metadata
from branch.store.transaction import Tx
from kiosk.domain.errors import Refusal

PAPER_MS = 15 * 60_000
"""A kiosk left open for paper comes back by itself after so long."""

paper_changes = Table(
    "paper_changes", metadata,
    Column("kiosk", String(32), primary_key=True),
    Column("since_ms", BigInteger, nullable=False),
    Column("actor", String(80), nullable=False),
)  # fmt: skip


def read_staff(connection: Connection, now_ms: int) -> list[dict[str, Any]]:
    """Everybody who signs in at a page, and until when she is locked out."""
    a = schema.accounts.c
    query = select(a.role, a.name, a.pin, a.locked_until_ms).where(a.role.in_(STAFF)).order_by(a.role, a.name)
    return [
        {
            "role": row.role,
            "name": row.name,
            "pin": row.pin is not None,
            "locked_until": rfc3339(row.locked_until_ms) if row.locked_until_ms > now_ms else None,
        }
        for row in connection.execute(query)
    ]


def reset_pin(tx: Tx, name: str, pin: str) -> None:
    """Give a clerk a new PIN: the lock ends, and so does every session with the old one."""
    a, t = schema.accounts.c, schema.tokens.c
    account = tx.connection.execute(select(a.id).where(a.role == "clerk", a.name == name)).scalar_one_or_none()
    if account is None:
        raise Declined("not-found", "No clerk has this name.")
    try:
        grant(tx, "clerk", name, pin)
    except Refusal as error:
        raise Declined("validation-failed", "A PIN has 4 to 64 printable characters.") from error
    tx.connection.execute(delete(schema.tokens).where(t.account == account, t.expires_ms.is_not(None)))


def change_paper(tx: Tx, kiosk: str, actor: str, *, begin: bool) -> None:
    """Have a kiosk show its paper page to the clerk who stands before it, or end that."""
    tx.connection.execute(delete(paper_changes).where(paper_changes.c.kiosk == kiosk))
    if begin:
        tx.connection.execute(insert(paper_changes).values(kiosk=kiosk, since_ms=tx.now_ms, actor=actor))
    tx.log("hall", kiosk, "paper-change" if begin else "paper-done", actor, {"kiosk": kiosk})


def read_paper_changes(connection: Connection, now_ms: int) -> frozenset[str]:
    """The kiosks whose paper is being changed now."""
    p = paper_changes.c
    return frozenset(connection.execute(select(p.kiosk).where(p.since_ms > now_ms - PAPER_MS)).scalars())
