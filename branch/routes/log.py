"""The log for kiosks: each keeps a copy, and any of them can be made the hub with it."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from branch.hub import hub_of
from branch.routes.common import AsKiosk, answer, problems
from branch.store.log import Entry, pages
from branch.store.reading import read_log_position
from branch.wire import parse_event_id
from kiosk.link.models.branch import LogPage

router = APIRouter(prefix="/api/v1", tags=["log"])

MOST = 500
"""Entries a page; a reader that keeps up gets a handful, one that starts anew asks again and again."""


@router.get("/log", response_model=LogPage, responses=problems())
async def log(
    request: Request,
    account: AsKiosk,
    after: Annotated[str, Query(pattern=r"^[0-9]{1,9}-[0-9]{1,15}$")] = "0-0",
    limit: Annotated[int, Query(ge=1, le=MOST)] = MOST,
) -> Response:
    """What follows a place in the log, e.g. `after=1-533`; the clerks' notes stay here."""
    del account
    hub = hub_of(request)
    place = parse_event_id(after) or (0, 0)
    standing = hub.store.standing

    def read(connection: Connection) -> tuple[int, list[Entry]]:
        return read_log_position(connection, hub.options.id)[1], list(pages(connection, *place, limit + 1))

    seq, entries = await run_in_threadpool(hub.store.read, read)
    told = [_told(entry) for entry in entries[:limit]]
    return answer(
        {"log": standing.log, "epoch": standing.epoch, "seq": seq, "entries": told, "more": len(entries) > limit}
    )


def _told(entry: Entry) -> dict[str, object]:
    data = {**entry.data, "note": None} if entry.type == "ticket" else entry.data
    return {
        "epoch": entry.epoch,
        "seq": entry.seq,
        "type": entry.type,
        "subject": entry.subject,
        "verb": entry.verb,
        "actor": entry.actor,
        "at_ms": entry.at_ms,
        "data": data,
    }
