"""Events of a branch, passed on by its hub's kiosk in batches: each stored once, each answered by itself."""

from typing import Any

from fastapi import APIRouter
from pydantic import ValidationError
from sqlalchemy import bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from central.callers import CentreOf, DeviceOf, Id
from central.centre import Centre
from central.prepared import Prepared
from central.rejection import Rejection
from central.tables import BranchEvent, Progress
from kiosk.link.models import central as wire

router = APIRouter(prefix="/api/v1/branches", tags=["branches"])


@router.post("/{branch}/events")
def take_events(branch: Id, batch: wire.EventBatch, centre: CentreOf, caller: DeviceOf) -> wire.EventBatchAnswer:
    """Store what is new; tell for each origin up to which number nothing is missing."""
    if branch != caller.branch:
        raise Rejection(403, "wrong-branch", "This device belongs to another branch.")
    results: list[wire.EventResult] = []
    origins: set[str] = set()
    known: dict[str, int] = {}
    with centre.store.write() as session:
        caller.remember(session)
        for index, raw in enumerate(batch.events):
            try:
                event = wire.BranchEvent.model_validate(raw)
            except ValidationError as error:
                code = str(error.errors()[0]["type"])
                results.append(wire.EventResult(index=index, result="rejected", code=code))
                continue
            origins.add(event.origin_device)
            if event.origin_device not in known:
                known[event.origin_device] = _contiguous(session, branch, event.origin_device)
            # What is all there has been heard; old events have been forgotten, and must not come back.
            stored = event.origin_seq > known[event.origin_device] and _store(centre, session, branch, event)
            results.append(wire.EventResult(index=index, result="accepted" if stored else "duplicate"))
        acknowledged = {origin: _advance(session, branch, origin) for origin in sorted(origins)}
    return wire.EventBatchAnswer(results=tuple(results), acknowledged=acknowledged)


def _once(insert: Any) -> Any:
    values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in _COLUMNS}
    return insert(BranchEvent).values(values).on_conflict_do_nothing().returning(BranchEvent.id)


_COLUMNS = ("branch", "origin_device", "origin_seq", "type", "at", "ticket_id", "data", "received_at")
_ONCE = Prepared(_once(sqlite.insert), postgresql=_once(postgresql.insert))


def _store(centre: Centre, session: Session, branch: str, event: wire.BranchEvent) -> bool:
    """Whether it was new: two kiosks of a branch may tell the same at the same time."""
    told = {**event.model_dump(), "branch": branch, "received_at": centre.at()}
    return _ONCE.first(session.connection(), {f"new_{name}": told[name] for name in _COLUMNS}) is not None


def _contiguous(session: Session, branch: str, origin: str) -> int:
    progress = session.get(Progress, (branch, origin))
    return progress.contiguous if progress is not None else 0


def _advance(session: Session, branch: str, origin: str) -> int:
    progress = session.get(Progress, (branch, origin))
    if progress is None:
        progress = Progress(branch=branch, origin_device=origin, contiguous=0)
        session.add(progress)
    later = session.scalars(
        select(BranchEvent.origin_seq)
        .where(
            BranchEvent.branch == branch,
            BranchEvent.origin_device == origin,
            BranchEvent.origin_seq > progress.contiguous,
        )
        .order_by(BranchEvent.origin_seq)
    )
    for number in later:
        if number != progress.contiguous + 1:
            break
        progress.contiguous = number
    return progress.contiguous
