"""Appointments: imported without names, checked in once, queued by their booked time; early waits, late queues."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from branch.appointments import Windows, read_csv
from branch.moment import to_ms
from kiosk.engine.clock import SimulatedClock, parse_time
from tests.branch.conftest import BOTH, Answer, Hub

TEN = "2026-11-23T10:00:00+08:00"  # the clock says 09:30


@pytest.fixture
def booked(hub: Hub) -> Hub:
    answer = hub.admin.post("/appointments", {"number": "yy-1001", "service": "B3", "starts_at": TEN})
    assert (answer.status, answer.body) == (201, {"number": "YY-1001", "kept": True})
    return hub


def check_in(hub: Hub, number: str = "YY-1001", **more: Any) -> Answer:
    body = {"id": str(uuid.uuid4()), "origin": {"kiosk": "K1", "seq": 1}, "issued_at": hub.clock.now().isoformat()}
    return hub.kiosk.post(f"/appointments/{number}/check-in", {**body, **more})


def test_too_early_says_from_when_on(booked: Hub) -> None:
    early = check_in(booked)
    assert (early.status, early.code) == (409, "appointment-early")
    assert "09:45" in early.body["detail"]


@BOTH
def test_on_time_she_queues_by_her_booked_time(booked: Hub, clock: SimulatedClock) -> None:
    before = booked.take()
    clock.advance(20 * 60)
    mine = check_in(booked)
    assert (mine.status, mine.body["arrival"], mine.body["label"]) == (201, "on-time", "B002")
    between = booked.take()
    clock.advance(15 * 60)
    later = booked.take()
    booked.clerk.post("/counters/1/open")
    order = []
    for _ in range(4):
        called = booked.clerk.post("/counters/1/call-next").body
        order.append(called["id"])
        booked.clerk.post(f"/tickets/{called['id']}/finish")
    assert order == [before["id"], between["id"], mine.body["id"], later["id"]]


def test_late_she_queues_like_everybody(booked: Hub, clock: SimulatedClock) -> None:
    clock.advance(44 * 60)
    walk_in = booked.take()
    clock.advance(2 * 60)
    late = check_in(booked)
    assert (late.status, late.body["arrival"]) == (201, "late")
    assert booked.called()["id"] == walk_in["id"]


@BOTH
def test_once_only_and_a_retry_gets_the_same(booked: Hub, clock: SimulatedClock) -> None:
    clock.advance(30 * 60)
    press = str(uuid.uuid4())
    at = clock.now().isoformat()
    first = check_in(booked, id=press, issued_at=at)
    again = check_in(booked, "yy-1001", id=press, issued_at=at)
    assert (again.status, again.headers["Idempotent-Replayed"]) == (200, "true")
    assert again.body["label"] == first.body["label"]
    other = check_in(booked)
    assert (other.status, other.code) == (409, "appointment-used")


def test_another_day_another_number_and_a_cancelled_one(booked: Hub, clock: SimulatedClock) -> None:
    assert check_in(booked, "YY-9999").status == 404
    assert check_in(booked, "a%00b").status in (400, 404, 422)
    short = {"number": "YY 2", "service": "B3", "starts_at": TEN}
    assert booked.admin.post("/appointments", short).status == 422, "a number has four characters at least"
    booked.admin.post("/appointments", {"number": "YY-2000", "service": "B3", "starts_at": "2026-11-24T10:00:00+08:00"})
    assert check_in(booked, "YY-2000").code == "appointment-another-day"
    clock.advance(30 * 60)
    assert booked.clerk.post("/appointments/YY-1001/cancel").status == 204
    assert check_in(booked).status == 404


def test_the_console_sees_who_is_booked(booked: Hub, clock: SimulatedClock) -> None:
    clock.advance(30 * 60)
    mine = check_in(booked, needs=["hearing"]).body
    assert booked.state()["visits"][mine["id"]] == {
        "needs": ["hearing"], "booked_at": "2026-11-23T10:00:00.000+08:00", "outcome": None,
    }  # fmt: skip
    listed = booked.clerk.get("/appointments").body["appointments"]
    assert [(one["number"], one["ticket"]) for one in listed] == [("YY-1001", mine["id"])]


@BOTH
def test_a_csv_keeps_what_is_good_and_names_what_is_wrong(hub: Hub) -> None:
    lines = ["x,YY-3001,B3,2026-11-23T10:15", "x,YY-3002,Z9,2026-11-23T10:15", "x,YY-3003,B3,soon"]
    text = "\ufeff" + "\n".join(["name,number,service,starts_at", *lines])
    answer = hub.admin.session.post(
        f"{hub.url}/api/v1/appointments/import", data=text.encode(), timeout=20,
        headers={"Authorization": f"Bearer {hub.admin.token}", "Content-Type": "text/csv"},
    )  # fmt: skip
    assert answer.status_code == 200
    assert answer.json()["kept"] == 1
    assert [one["line"] for one in answer.json()["wrong"]] == [3, 4]
    assert (
        hub.clerk.get("/appointments?date=2026-11-23")
        .body["appointments"][0]["starts_at"]
        .startswith("2026-11-23T10:15")
    )


def test_a_csv_without_its_columns() -> None:
    assert read_csv("a,b\n1,2\n", frozenset({"B3"}))[1] == [
        (1, "the columns number, service, starts_at are missing; the first line names them")
    ]


@pytest.mark.parametrize(
    ("now", "arrival"),
    [("09:44:59", "early"), ("09:45:00", "on-time"), ("10:15:00", "on-time"), ("10:15:01", "late")],
)
def test_the_windows(now: str, arrival: str) -> None:
    assert Windows(15, 15).arrival(to_ms(parse_time(TEN)), to_ms(parse_time(f"2026-11-23T{now}+08:00"))) == arrival


def test_only_a_supervisor_books(hub: Hub) -> None:
    assert hub.clerk.post("/appointments", {"number": "YY-1", "service": "B3", "starts_at": TEN}).status == 403


def test_a_booked_visit_survives_a_restart(make_hub: Callable[..., Hub], clock: SimulatedClock) -> None:
    hub = make_hub()
    hub.admin.post("/appointments", {"number": "YY-1001", "service": "B3", "starts_at": TEN})
    hub.close()
    clock.advance(30 * 60)
    assert check_in(make_hub()).status == 201


def test_a_kiosk_reads_what_is_booked_and_whether_it_is_time(booked: Hub, clock: SimulatedClock) -> None:
    early = booked.kiosk.get("/appointments/yy-1001").body
    assert (early["service"], early["arrival"], early["checked_in"]) == ("B3", "early", False)
    assert early["opens_at"].startswith("2026-11-23T09:45")
    clock.advance(20 * 60)
    check_in(booked)
    assert booked.kiosk.get("/appointments/YY-1001").body["checked_in"] is True
    assert booked.kiosk.get("/appointments/YY-9999").status == 404
    assert booked.clerk.get("/appointments/YY-1001").status == 403
