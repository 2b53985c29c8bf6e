"""Old days: after the declared number of days only figures are left of them, and nothing about a person."""

import sqlite3
from collections.abc import Callable

import pytest

from branch.store.retention import AT_ONCE, LATER_DAYS
from kiosk.engine.clock import SimulatedClock
from tests.branch.conftest import BOTH, Hub

DAY_S = 24 * 3600
KEEP = 30


@pytest.fixture
def hub(make_hub: Callable[..., Hub]) -> Hub:
    return make_hub(keep_days=KEEP)


def visit(hub: Hub, clock: SimulatedClock) -> str:
    """One who is served and rates it badly, one who leaves; gives the id of the first."""
    hub.take(needs=["guide"], also=["A1"])
    hub.take()
    ticket = hub.called()
    hub.clerk.post(f"/tickets/{ticket['id']}/note", {"text": "补交委托书"})
    clock.advance(240)
    assert hub.clerk.post(f"/tickets/{ticket['id']}/finish", {"outcome": "partly"}).status == 200
    assert hub.kiosk.post(f"/tickets/{ticket['id']}/rating", {"level": 1}).status == 201
    hub.admin.post(f"/ratings/{ticket['id']}/follow-up", {"text": "已致歉"})
    return str(ticket["id"])


def work(hub: Hub, clock: SimulatedClock, days: int = LATER_DAYS) -> None:
    """Somebody comes on each of some days."""
    for _ in range(days):
        pass_days(hub, clock, 1)
        hub.take()


def pass_days(hub: Hub, clock: SimulatedClock, days: int) -> None:
    clock.advance(days * DAY_S)
    hub.store.submit(lambda _tx: None).result()


@BOTH
def test_a_day_stays_until_its_days_are_over_then_only_its_figures_do(hub: Hub, clock: SimulatedClock) -> None:
    ticket = visit(hub, clock)
    hub.admin.post("/appointments", {"number": "YY-9", "service": "B3", "starts_at": "2027-06-01T09:40:00+08:00"})
    work(hub, clock)
    pass_days(hub, clock, KEEP - LATER_DAYS)
    told = hub.admin.get("/reports/day?date=2026-11-23").body
    assert (told["folded"], len(told["bad"]), hub.ticket(ticket)["state"]) == (False, 1, "done")

    pass_days(hub, clock, 1)
    figures = hub.admin.get("/reports/day?date=2026-11-23").body
    assert figures.pop("folded")
    assert (figures["bad"], figures["expired"], figures["fairness"]["list"]) == ([], [], [])
    same = ("date", "total", "services", "counters", "hours", "outcomes", "ratings", "cut_off")
    assert {name: figures[name] for name in same} == {name: told[name] for name in same}
    assert hub.kiosk.get(f"/tickets/{ticket}").status == 404
    assert hub.admin.get("/ratings?from=2026-11-23").body["ratings"] == []
    assert hub.kiosk.get("/appointments/YY-9").status == 200, "what is booked ahead stays"
    told_of = "SELECT subject FROM events WHERE type = 'ticket' OR verb IN ('rate', 'visit', 'outcome', 'also')"
    assert ticket not in hub.store.read(lambda c: set(c.exec_driver_sql(told_of).scalars()))
    assert hub.clerk.post("/counters/1/open").status == 200, "accounts stay"
    assert hub.kiosk.post("/tickets", hub.order()).body["label"] == "B001"


def test_no_byte_of_a_note_is_left_in_the_file(hub: Hub, clock: SimulatedClock) -> None:
    visit(hub, clock)
    work(hub, clock)
    pass_days(hub, clock, KEEP)
    file = hub.folder / "branch.db"
    with sqlite3.connect(file) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    content = file.read_bytes()
    for text in ("补交委托书", "已致歉"):
        assert text.encode() not in content
        assert text.encode("ascii", "backslashreplace") not in content


def test_a_clock_that_jumps_by_years_erases_nothing(hub: Hub, clock: SimulatedClock) -> None:
    ticket = visit(hub, clock)
    pass_days(hub, clock, 5 * 365)
    assert hub.ticket(ticket)["state"] == "done"


def test_a_clock_that_is_years_ahead_over_midnight_erases_nothing_and_doubles_no_number(
    hub: Hub, clock: SimulatedClock
) -> None:
    ticket = visit(hub, clock)
    right = clock.now()
    for days in (5 * 365, 1):
        pass_days(hub, clock, days)
        hub.take()
    clock._now = right
    assert hub.ticket(ticket)["state"] == "done"
    assert hub.take()["label"] == "B003"


def test_a_hub_that_gets_the_rule_late_folds_some_days_a_turn(hub: Hub, clock: SimulatedClock) -> None:
    days = AT_ONCE + 2
    for _ in range(days):
        hub.take()
        pass_days(hub, clock, 1)
    work(hub, clock)
    pass_days(hub, clock, KEEP)
    folded = [hub.admin.get(f"/reports/day?date=2026-{day}").body["folded"] for day in ("11-23", "11-29", "11-30")]
    assert folded == [True, True, False]
    pass_days(hub, clock, 1)
    assert hub.admin.get("/reports/day?date=2026-11-30").body["folded"]
