"""What kiosks tell the hub beside tickets: a citizen calls staff, a printer runs low."""

import json
from dataclasses import asdict, dataclass, replace

from sqlalchemy import insert, select, update

from branch.declined import Declined
from branch.moment import rfc3339
from branch.store import schema
from branch.store.transaction import Tx

KEEP_ALERT_MS = 60 * 60_000
"""A call for staff that nobody took within the hour is history."""


@dataclass(frozen=True, slots=True)
class Alert:
    """A citizen at a kiosk calls staff; taken once a clerk says that she goes."""

    id: int
    kiosk: str
    view: str
    at_ms: int
    taken_ms: int | None = None
    taken_by: str | None = None


def alert_record(alert: Alert, *, staff: bool) -> dict[str, object]:
    """The alert as a token may read it; who goes is for staff."""
    record: dict[str, object] = {
        "id": alert.id,
        "kiosk": alert.kiosk,
        "view": alert.view,
        "at": rfc3339(alert.at_ms),
        "taken": alert.taken_ms is not None,
    }
    if staff:
        record["taken_by"] = alert.taken_by
    return record


def call_staff(tx: Tx, kiosk: str, view: str) -> Alert:
    """Raise an alert; one that is still open at this kiosk is given again, not doubled."""
    a = schema.alerts.c
    query = select(schema.alerts).where(a.kiosk == kiosk, a.taken_ms.is_(None), a.at_ms > tx.now_ms - KEEP_ALERT_MS)
    row = tx.connection.execute(query.order_by(a.id.desc()).limit(1)).one_or_none()
    if row is not None:
        return Alert(*row)
    alert = Alert(tx.seq + 1, kiosk, view, tx.now_ms)
    tx.connection.execute(insert(schema.alerts).values(**asdict(alert)))
    tx.log("kiosk", kiosk, "help", f"kiosk:{kiosk}", asdict(alert))
    return alert


def take_alert(tx: Tx, alert_id: int, actor: str) -> Alert:
    """Say that somebody goes; the first to say so is named, a second one changes nothing."""
    a = schema.alerts.c
    row = tx.connection.execute(select(schema.alerts).where(a.id == alert_id)).one_or_none()
    if row is None:
        raise Declined("not-found", "No call for staff has this number.")
    alert = Alert(*row)
    if alert.taken_ms is not None:
        return alert
    taken = replace(alert, taken_ms=tx.now_ms, taken_by=actor)
    tx.connection.execute(update(schema.alerts).where(a.id == alert_id).values(taken_ms=tx.now_ms, taken_by=actor))
    tx.log("kiosk", alert.kiosk, "help-taken", actor, asdict(taken))
    return taken


def report_health(tx: Tx, kiosk: str, health: dict[str, str]) -> None:
    """Keep what a kiosk says of its devices; only a change is logged, so that the log tells edges."""
    k = schema.kiosks.c
    row = tx.connection.execute(select(schema.kiosks).where(k.name == kiosk)).one_or_none()
    text = json.dumps(health, sort_keys=True)
    values = {"name": kiosk, "health": text, "seen_ms": tx.now_ms}
    if row is None:
        tx.connection.execute(insert(schema.kiosks).values(**values))
    else:
        tx.connection.execute(update(schema.kiosks).where(k.name == kiosk).values(**values))
    if row is None or row.health != text:
        tx.log("kiosk", kiosk, "health", f"kiosk:{kiosk}", {"kiosk": kiosk, "health": health, "seen_ms": tx.now_ms})
