"""Whether the hub is well: public, and says nothing about anybody."""

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from branch.hub import hub_of
from branch.routes.common import answer
from branch.store.reading import read_log_position

router = APIRouter(tags=["health"])


@router.get("/healthz")
async def healthz(request: Request) -> Response:
    """Say that the database answers, where the log stands, and whether the clock is a test clock."""
    hub = hub_of(request)
    options = hub.options
    epoch, seq = await run_in_threadpool(hub.store.read, lambda connection: read_log_position(connection, options.id))
    return answer(
        {
            "status": "ok",
            "service": "branch",
            "branch": options.id,
            "clock": "test clock" if options.test_clock else "system clock",
            "insecure": not options.secure,
            "epoch": epoch,
            "seq": seq,
            "read_only": hub.store.standing.superseded_by is not None,
            "rival": hub.store.standing.rival,
            "streams": hub.feed.readers,
        }
    )
