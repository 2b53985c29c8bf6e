"""A clerk confirms who stands at a kiosk: she takes the request, sees the document, and her code is typed there."""

import hmac
import secrets
from dataclasses import asdict, dataclass, replace
from typing import Literal, get_args

from sqlalchemy import BigInteger, Column, Connection, Index, Integer, String, Table, insert, select, update

from branch.declined import Code, Declined
from branch.moment import rfc3339
from branch.store.clerk import Clerk
from branch.store.schema import metadata
from branch.store.transaction import Tx

LIFE_MS = 5 * 60_000
"""A request that nobody has settled by then is over; the citizen at the kiosk has been offered a ticket."""
TRIES = 3
"""Wrong codes after which a confirmation is over."""
OPEN_AT_ONCE = 3
"""Requests that one kiosk may have open: a page that asks without end does not fill the consoles."""

State = Literal["open", "taken", "confirmed", "refused", "withdrawn", "spent", "expired"]
LIVE: tuple[State, ...] = ("open", "taken")
STATES: tuple[State, ...] = get_args(State)

confirmations = Table(
    "confirmations", metadata,
    Column("id", String(36), primary_key=True),
    Column("branch", String(32), nullable=False),
    Column("kiosk", String(32), nullable=False),
    Column("service", String(16), nullable=False),
    Column("tail", String(4), nullable=False),
    Column("state", String(10), nullable=False),
    Column("asked_ms", BigInteger, nullable=False),
    Column("code", String(6), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("clerk_id", Integer),
    Column("clerk", String(64)),
    Column("settled_ms", BigInteger),
)  # fmt: skip
Index("confirmations_by_state", confirmations.c.branch, confirmations.c.state)


@dataclass(frozen=True, slots=True)
class Confirmation:
    """One request of a kiosk. `tail`, the end of the citizen's number, and the code are gone once it is settled."""

    id: str
    kiosk: str
    service: str
    tail: str
    state: State
    asked_ms: int
    code: str = ""
    tries: int = 0
    clerk_id: int | None = None
    clerk: str | None = None
    settled_ms: int | None = None


def ask(tx: Tx, wanted: Confirmation) -> Confirmation:
    """Put a request before the clerks; the same id again gives it as it stands."""
    known = _find(tx, wanted.id)
    if known is not None:
        if (known.kiosk, known.service) != (wanted.kiosk, wanted.service):
            raise Declined("key-reused", "Mint a new id for another confirmation.")
        return known
    _forget(tx)
    c = confirmations.c
    query = select(c.id).where(c.branch == tx.branch, c.kiosk == wanted.kiosk, c.state.in_(LIVE))
    if len(tx.connection.execute(query.where(c.asked_ms > tx.now_ms - LIFE_MS)).all()) >= OPEN_AT_ONCE:
        raise Declined("slow-down", "This kiosk has requests open; settle them first.", retry_after_s=60)
    tx.connection.execute(insert(confirmations).values(branch=tx.branch, **asdict(wanted)))
    _log(tx, wanted, "confirm-asked", f"kiosk:{wanted.kiosk}")
    return wanted


def take(tx: Tx, name: str, clerk: Clerk) -> Confirmation:
    """A clerk goes there: she alone is given the code. Another clerk's is Declined."""
    known = _live(tx, name)
    if known.state == "taken":
        _hers(known, clerk)
        return known
    code = f"{secrets.randbelow(10**6):06d}"
    return _change(tx, replace(known, state="taken", code=code, clerk_id=clerk.account, clerk=clerk.name), clerk.actor)


def refuse(tx: Tx, name: str, clerk: Clerk) -> Confirmation:
    """It is not her, or it cannot be done: the kiosk offers a ticket."""
    known = _live(tx, name)
    if known.state == "taken":
        _hers(known, clerk)
    return _settle(tx, replace(known, clerk_id=clerk.account, clerk=clerk.name), "refused", clerk.actor)


def withdraw(tx: Tx, name: str, kiosk: str) -> Confirmation:
    """Nobody waits at the kiosk any more; what is settled already stays so."""
    known = _known(tx, name)
    if known.state not in LIVE:
        return known
    return _settle(tx, known, "withdrawn", f"kiosk:{kiosk}")


def check(tx: Tx, name: str, code: str, kiosk: str) -> tuple[Confirmation, Code | None]:
    """Compare what was typed at the kiosk; the second part says why it is no confirmation. A wrong try is counted."""
    known = _known(tx, name)
    if known.state == "confirmed":
        return known, None
    if known.state == "open":
        return known, "code-early"
    if known.state != "taken":
        return known, _why(known)
    if hmac.compare_digest(known.code.encode(), code.encode()):
        return _settle(tx, known, "confirmed", f"clerk:{known.clerk}"), None
    wrong = replace(known, tries=known.tries + 1)
    if wrong.tries >= TRIES:
        return _settle(tx, wrong, "spent", f"kiosk:{kiosk}"), "code-spent"
    return _change(tx, wrong, f"kiosk:{kiosk}"), "code-wrong"


def find(connection: Connection, branch: str, name: str, now_ms: int) -> Confirmation | None:
    """One confirmation as it stands now."""
    row = connection.execute(_QUERY.where(_C.branch == branch, _C.id == name)).one_or_none()
    return _aged(Confirmation(*row), now_ms) if row else None


def live(connection: Connection, branch: str, now_ms: int) -> list[Confirmation]:
    """Those that wait for a clerk or have one, oldest first."""
    query = _QUERY.where(_C.branch == branch, _C.state.in_(LIVE), _C.asked_ms > now_ms - LIFE_MS)
    return [Confirmation(*row) for row in connection.execute(query.order_by(_C.asked_ms))]


def record(one: Confirmation, reader: int | None = None) -> dict[str, object]:
    """The confirmation as it may be read; `reader` is a clerk's account, who alone sees the code she took."""
    told: dict[str, object] = {
        "id": one.id,
        "kiosk": one.kiosk,
        "service": one.service,
        "state": one.state,
        "asked_at": rfc3339(one.asked_ms),
        "until": rfc3339(one.asked_ms + LIFE_MS),
    }
    if reader is not None:
        mine = one.state == "taken" and one.clerk_id == reader
        told |= {"tail": one.tail, "clerk": one.clerk, "code": one.code if mine else None}
    return told


_C = confirmations.c
_QUERY = select(
    _C.id, _C.kiosk, _C.service, _C.tail, _C.state, _C.asked_ms, _C.code, _C.tries, _C.clerk_id, _C.clerk, _C.settled_ms
)


def _aged(one: Confirmation, now_ms: int) -> Confirmation:
    over = one.state in LIVE and one.asked_ms + LIFE_MS <= now_ms
    return replace(one, state="expired", code="", tail="") if over else one


def _find(tx: Tx, name: str) -> Confirmation | None:
    return find(tx.connection, tx.branch, name, tx.now_ms)


def _known(tx: Tx, name: str) -> Confirmation:
    known = _find(tx, name)
    if known is None:
        raise Declined("not-found", "No confirmation has this id.")
    return known


def _live(tx: Tx, name: str) -> Confirmation:
    known = _known(tx, name)
    if known.state not in LIVE:
        raise Declined("state-conflict", f"It is {known.state} already.")
    return known


def _hers(known: Confirmation, clerk: Clerk) -> None:
    if known.clerk_id != clerk.account:
        raise Declined("another-counter", "A colleague has taken it.")


def _why(known: Confirmation) -> Code:
    if known.state == "refused":
        return "confirmation-refused"
    return "code-spent" if known.state == "spent" else "code-expired"


def _settle(tx: Tx, known: Confirmation, state: State, actor: str) -> Confirmation:
    return _change(tx, replace(known, state=state, code="", tail="", settled_ms=tx.now_ms), actor)


def _change(tx: Tx, now: Confirmation, actor: str) -> Confirmation:
    tx.connection.execute(update(confirmations).where(_C.branch == tx.branch, _C.id == now.id).values(**asdict(now)))
    _log(tx, now, f"confirm-{now.state}", actor)
    return now


def _forget(tx: Tx) -> None:
    """What nobody settled in time keeps nothing of the citizen."""
    over = confirmations.update().where(_C.state.in_(LIVE), _C.asked_ms <= tx.now_ms - LIFE_MS)
    tx.connection.execute(over.values(state="expired", code="", tail="", settled_ms=tx.now_ms))


def _log(tx: Tx, one: Confirmation, verb: str, actor: str) -> None:
    """What the log keeps: who confirmed which request when; never the code nor any of the number."""
    tx.log("hall", one.id, verb, actor, {"kiosk": one.kiosk, "service": one.service, "state": one.state})
