"""Services that the supervisor has suspended: since when, why, until when; every change is in the log."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from sqlalchemy import BigInteger, Column, Connection, String, Table, delete, insert, select

from branch.declined import Declined
from branch.moment import rfc3339
from branch.store.schema import metadata
from branch.store.transaction import SUSPENDED, Tx

suspensions = Table(
    "suspensions", metadata,
    Column("branch", String(32), primary_key=True),
    Column("service", String(16), primary_key=True),
    Column("reason", String(80), nullable=False),
    Column("since_ms", BigInteger, nullable=False),
    Column("until_ms", BigInteger),
    Column("actor", String(80), nullable=False),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Suspension:
    """One service that is not offered. `until_ms` None: until somebody takes it up again."""

    service: str
    reason: str
    since_ms: int
    until_ms: int | None
    actor: str


def read_suspended(connection: Connection, branch: str, now_ms: int) -> dict[str, Suspension]:
    """The services suspended at a moment, by code; one whose end has come is offered again by itself."""
    return _in_force(_read(connection, branch), now_ms)


def suspended(tx: Tx) -> Mapping[str, Suspension]:
    """The same, read only after something may have changed it."""
    known: list[Suspension] | None = tx.memo.get(SUSPENDED)
    if known is None:
        known = tx.memo[SUSPENDED] = _read(tx.bare, tx.branch)
    return _in_force(known, tx.now_ms)


def suspend(tx: Tx, service: str, reason: str, until_ms: int | None, actor: str) -> Suspension:
    """Stop offering a service at once; a second order replaces the first. Tickets already given stay good."""
    if until_ms is not None and until_ms <= tx.now_ms:
        raise Declined("validation-failed", "The end lies in the past; give a later one, or none.")
    now = Suspension(service, reason, tx.now_ms, until_ms, actor)
    _forget(tx, service)
    tx.connection.execute(insert(suspensions).values(branch=tx.branch, **asdict(now)))
    tx.log("hall", service, "suspend", actor, asdict(now))
    return now


def take_up(tx: Tx, service: str, actor: str) -> None:
    """Offer a service again; one that is offered stays so."""
    if service in suspended(tx):
        tx.log("hall", service, "take-up", actor, {"service": service})
    _forget(tx, service)


def suspension_record(one: Suspension, *, staff: bool) -> dict[str, object]:
    """The suspension as a token may read it; who ordered it is for staff."""
    record: dict[str, object] = {
        "service": one.service,
        "reason": one.reason,
        "since": rfc3339(one.since_ms),
        "until": rfc3339(one.until_ms),
    }
    return record | {"by": one.actor} if staff else record


def _read(connection: Connection, branch: str) -> list[Suspension]:
    s = suspensions.c
    query = select(s.service, s.reason, s.since_ms, s.until_ms, s.actor).where(s.branch == branch)
    return [Suspension(*row) for row in connection.execute(query.order_by(s.service))]


def _in_force(orders: list[Suspension], now_ms: int) -> dict[str, Suspension]:
    return {one.service: one for one in orders if one.until_ms is None or one.until_ms > now_ms}


def _forget(tx: Tx, service: str) -> None:
    tx.memo.pop(SUSPENDED, None)
    s = suspensions.c
    tx.connection.execute(delete(suspensions).where(s.branch == tx.branch, s.service == service))
