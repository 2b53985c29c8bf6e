"""Ratings: given at a kiosk or at a counter's tablet, read and followed up by the supervisor."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from branch.hub import hub_of
from branch.moment import date_of
from branch.routes.common import AsAdmin, AsRater, answer, clerk_of, problems
from branch.store.ratings import follow_up, rate, read_ratings, to_rate
from kiosk.link.models.branch import FollowUpRequest, RatingRequest

router = APIRouter(prefix="/api/v1", tags=["ratings"])

Day = Annotated[str | None, Query(pattern=r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]


@router.post("/tickets/{ticket_id}/rating", status_code=201, responses=problems(404, 409))
async def rate_visit(request: Request, ticket_id: UUID, body: RatingRequest, account: AsRater) -> Response:
    """Rate a visit, once, while it is served or within half an hour after it."""
    source = f"{account.role}:{account.name}"[:40]
    return answer(await hub_of(request).do(lambda tx: rate(tx, str(ticket_id), body.level, source)), 201)


@router.get("/counters/{number}/to-rate", responses=problems())
async def visit_to_rate(request: Request, number: Annotated[int, Path(ge=1, le=999)], account: AsRater) -> Response:
    """The visit that the tablet at this counter may ask about now: `ticket` with id and label, or null."""
    del account
    hub = hub_of(request)
    found = await run_in_threadpool(
        hub.store.read, lambda connection: to_rate(connection, hub.options.id, number, hub.store.now_ms())
    )
    return answer({"ticket": found})


@router.get("/ratings", responses=problems())
async def list_ratings(
    request: Request,
    account: AsAdmin,
    first: Annotated[Day, Query(alias="from")] = None,
    last: Annotated[Day, Query(alias="to")] = None,
) -> Response:
    """The ratings of some days, the worst first; today without dates. For the supervisor: clerks do not read them."""
    del account
    hub = hub_of(request)
    today = date_of(hub.store.now_ms())
    begin, end = first or last or today, last or first or today
    found = await run_in_threadpool(
        hub.store.read, lambda connection: read_ratings(connection, hub.options.id, begin, end)
    )
    return answer({"from": begin, "to": end, "ratings": found})


@router.post("/ratings/{ticket_id}/follow-up", status_code=204, responses=problems(404))
async def follow_rating_up(request: Request, ticket_id: UUID, body: FollowUpRequest, account: AsAdmin) -> Response:
    """Note what was done about a bad rating."""
    actor = clerk_of(account).actor
    await hub_of(request).do(lambda tx: follow_up(tx, str(ticket_id), body.text, actor))
    return Response(status_code=204)
