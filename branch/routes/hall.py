"""The hall as a whole: its state, its event feed, and its figures."""

from typing import Annotated, Literal

from fastapi import APIRouter, Header, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from branch.declined import Declined
from branch.hub import hub_of
from branch.moment import date_of
from branch.routes.common import JSON, Anybody, AsStaff, answer, problems
from branch.stats import report, to_csv
from branch.store.accounts import STAFF
from branch.store.reading import read_days
from kiosk.link.models.branch import StateView

router = APIRouter(prefix="/api/v1", tags=["hall"])

Day = Annotated[str | None, Query(pattern=r"^(\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01]))?$")]


@router.get("/state", response_model=StateView, responses=problems())
async def state(request: Request, account: Anybody) -> Response:
    """The whole hall; staff get queue, reasons and names with it."""
    snapshot = await hub_of(request).snapshots.get()
    return Response(snapshot.text(staff=account.role in STAFF).encode(), media_type=JSON)


@router.get(
    "/events",
    responses={200: {"content": {"text/event-stream": {}}, "description": "The feed"}, **problems()},
    response_class=StreamingResponse,
)
async def events(request: Request, account: Anybody, last_event_id: Annotated[str | None, Header()] = None) -> Response:
    """Server-sent events: `ticket`, `counter`, `kiosk`, and `snapshot` where the reader's last id is of no use."""
    stream = hub_of(request).feed.stream(last_event_id, staff=account.role in STAFF)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(stream, headers=headers, media_type="text/event-stream")


@router.get("/stats", responses={200: {"content": {"text/csv": {}, JSON: {}}, "description": "Figures"}, **problems()})
async def stats(
    request: Request,
    account: AsStaff,
    first: Annotated[Day, Query(alias="from")] = None,
    last: Annotated[Day, Query(alias="to")] = None,
    form: Annotated[Literal["csv", "json"] | None, Query(alias="format")] = None,
) -> Response:
    """Percentiles of wait and service by service and counter, and no-shows, over business days; today without dates."""
    del account
    hub = hub_of(request)
    today = date_of(hub.store.now_ms())
    begin, end = first or last or today, last or first or today
    if begin > end:
        raise Declined("validation-failed", "The first day comes after the last; swap `from` and `to`.")
    tickets = await run_in_threadpool(
        hub.store.read, lambda connection: read_days(connection, hub.options.id, begin, end)
    )
    figures = report(tickets, begin, end)
    if form == "csv" or (form is None and "text/csv" in request.headers.get("accept", "")):
        name = f'attachment; filename="stats-{begin}-{end}.csv"'
        return Response(to_csv(figures), headers={"Content-Disposition": name}, media_type="text/csv; charset=utf-8")
    return answer(figures)
