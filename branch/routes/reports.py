"""Reports for the supervisor: a business day, and how its promises of a wait held; as JSON, CSV and a page to print."""

import math
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from branch.history import waits
from branch.hub import Hub, hub_of
from branch.moment import date_of, from_ms, to_ms
from branch.pages.charts import bars
from branch.promises import judge
from branch.reports import hours_csv
from branch.routes.common import AsAdmin, answer, problems
from branch.routes.pages import language_of, signed_in
from branch.store.retention import read_report
from branch.store.waits import read_log, read_model

router = APIRouter(tags=["reports"])

Day = Annotated[str | None, Query(alias="date", pattern=r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]
_TABLE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/csv": {}, "application/json": {}}, "description": "The report"}
}


@router.get("/api/v1/reports/day", responses={**_TABLE, **problems()})
async def report_of_day(
    request: Request,
    account: AsAdmin,
    day: Day = None,
    form: Annotated[Literal["csv", "json"] | None, Query(alias="format")] = None,
) -> Response:
    """A business day: percentiles by hour, service and counter, no-shows, who was overtaken, what expired."""
    del account
    hub = hub_of(request)
    found = await run_in_threadpool(_day, hub, _date(hub, day))
    if form == "csv" or (form is None and "text/csv" in request.headers.get("accept", "")):
        name = f'attachment; filename="day-{found["date"]}.csv"'
        return Response(hours_csv(found), headers={"Content-Disposition": name}, media_type="text/csv; charset=utf-8")
    return answer(found)


@router.get("/api/v1/reports/promises", responses=problems())
async def report_of_promises(request: Request, account: AsAdmin, day: Day = None) -> Response:
    """How the waits that were told on a day held; yesterday without a date."""
    del account
    hub = hub_of(request)
    return answer(await run_in_threadpool(_promises, hub, day or _yesterday(hub)))


@router.get("/supervisor/day", include_in_schema=False)
async def day_page(request: Request, day: Day = None) -> Response:
    """The same report as a page, to read and to print."""
    hub = hub_of(request)
    found = await signed_in(hub, request)
    if found is None or found.account.role != "admin":
        return RedirectResponse("/supervisor", 303)
    told = await run_in_threadpool(_day, hub, _date(hub, day))
    language = language_of(request)
    charts = {
        what: bars(told["hours"], f"{what}_s", hub.pages.words.say(language, f"report.{what}"))
        for what in ("wait", "service")
    }
    return hub.pages.page(
        "day.html", language, day=told, charts=charts, name=hub.pages.service_names(language), min=minutes,
        now=from_ms(hub.store.now_ms()).strftime("%Y-%m-%d %H:%M"),
    )  # fmt: skip


@router.get("/supervisor/promises", include_in_schema=False)
async def promises_page(request: Request, day: Day = None) -> Response:
    """Yesterday's promises against what happened, as a page."""
    hub = hub_of(request)
    found = await signed_in(hub, request)
    if found is None or found.account.role != "admin":
        return RedirectResponse("/supervisor", 303)
    told = await run_in_threadpool(_promises, hub, day or _yesterday(hub))
    return hub.pages.page("promises.html", language_of(request), told=told, min=minutes)


def minutes(seconds: float | None) -> str:
    """Whole minutes, rounded up; a dash where nothing is known."""
    return "–" if seconds is None else str(math.ceil(seconds / 60))


def _day(hub: Hub, day: str) -> dict[str, Any]:
    return hub.store.read(lambda connection: read_report(connection, hub.options.id, day))


def _promises(hub: Hub, day: str) -> dict[str, Any]:
    begin_ms = to_ms(datetime.fromisoformat(f"{day}T00:00:00+08:00"))

    def query(connection: Any) -> dict[str, Any]:
        entries = read_log(connection, begin_ms, begin_ms + 86_400_000)
        return judge(waits(entries), read_model(connection, hub.options.id, day), day)

    return hub.store.read(query)


def _date(hub: Hub, day: str | None) -> str:
    return day or date_of(hub.store.now_ms())


def _yesterday(hub: Hub) -> str:
    return (from_ms(hub.store.now_ms()) - timedelta(days=1)).date().isoformat()
