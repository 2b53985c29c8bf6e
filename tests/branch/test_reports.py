"""The day's report: hours, percentiles, who was overtaken and why, what expired; the same as a table and a page."""

import csv
import io

from branch.pages.charts import HEIGHT, bars
from branch.reports import fairness
from kiosk.engine.clock import SimulatedClock
from tests.branch.conftest import Hub


def play_day(hub: Hub, clock: SimulatedClock) -> None:
    """Four come; the third is called by hand before the second; the fourth never."""
    tickets = [hub.take() for _ in range(4)]
    clock.advance(300)
    hub.clerk.post("/counters/1/open")
    for index in (0, 2, 1):
        hub.clerk.post("/counters/1/call", {"label": tickets[index]["label"]})
        clock.advance(240)
        hub.clerk.post(f"/tickets/{tickets[index]['id']}/finish")


def test_a_day_by_hour(hub: Hub, clock: SimulatedClock) -> None:
    play_day(hub, clock)
    day = hub.admin.get("/reports/day?date=2026-11-23").body
    (hour,) = day["hours"]
    assert (hour["hour"], hour["issued"], hour["called"]) == (9, 4, 3)
    assert hour["wait_s"] == {"p50": 540.0, "p80": 780.0, "p95": 780.0}
    assert hour["service_s"]["p50"] == 240.0


def test_the_overtaken_are_named(hub: Hub, clock: SimulatedClock) -> None:
    play_day(hub, clock)
    found = hub.admin.get("/reports/day").body["fairness"]
    assert (found["called"], found["overtaken"], found["without_priority"], found["most"]) == (3, 1, 1, 1)
    assert [(one["label"], one["by"], one["without_priority"]) for one in found["list"]] == [("B002", 1, 1)]


def test_a_confirmed_priority_is_no_unfairness(hub: Hub, clock: SimulatedClock) -> None:
    first, preferred = hub.take(), hub.take()
    hub.clerk.post(f"/tickets/{preferred['id']}/priority", {"priority": "disabled"})
    assert hub.called()["id"] == preferred["id"]
    hub.clerk.post(f"/tickets/{preferred['id']}/finish")
    clock.advance(60)
    assert hub.called()["id"] == first["id"]
    found = hub.admin.get("/reports/day").body["fairness"]
    assert (found["overtaken"], found["without_priority"]) == (1, 0)


def test_nobody_is_overtaken_on_a_quiet_day() -> None:
    assert fairness([]) == {"called": 0, "overtaken": 0, "without_priority": 0, "most": 0, "list": []}


def test_the_end_of_the_day_expires_what_is_left_and_says_which(hub: Hub, clock: SimulatedClock) -> None:
    play_day(hub, clock)
    clock.advance(24 * 3600)
    hub.store.submit(lambda _tx: None).result()
    day = hub.admin.get("/reports/day?date=2026-11-23").body
    assert (day["total"]["expired"], [one["label"] for one in day["expired"]]) == (1, ["B004"])


def test_the_table_has_the_same_hours(hub: Hub, clock: SimulatedClock) -> None:
    play_day(hub, clock)
    answer = hub.admin.get("/reports/day?format=csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    (row,) = csv.DictReader(io.StringIO(answer.body))
    assert (row["hour"], row["issued"], row["wait_p50_s"]) == ("9", "4", "540.0")


def test_a_day_without_anybody(hub: Hub) -> None:
    day = hub.admin.get("/reports/day?date=2026-01-01").body
    assert (day["hours"], day["total"]["issued"], day["total"]["wait_s"]["p50"]) == ([], 0, None)
    promises = hub.admin.get("/reports/promises?date=2026-01-01").body
    assert (promises["called"], promises["within_high"]) == (0, None)
    assert hub.admin.get("/reports/day?date=2026-13-01").status == 422


def test_a_chart_keeps_within_its_frame() -> None:
    def hour(number: int, p50: float | None) -> dict[str, object]:
        more = None if p50 is None else p50 * 2
        return {"hour": number, "wait_s": {"p50": p50, "p80": more, "p95": more}}

    chart = bars([hour(9, 600), hour(10, None), hour(11, 5400)], "wait_s", "x")
    assert [line[1] for line in chart.lines] == [0, 60, 120, 180]
    assert all(bar.p95 is None or 0 <= bar.p95 <= (bar.top or 0) <= HEIGHT for bar in chart.bars)
    assert chart.bars[1].top is None
