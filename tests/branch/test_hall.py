"""The hall at a glance: state, calls for staff, kiosks' health, the day's figures, the turn of the day."""

import csv
import io
from collections.abc import Callable

from kiosk.engine.clock import SimulatedClock, parse_time
from kiosk.link.models.branch import StateView
from tests.branch.conftest import BOTH, Hub


def test_the_state_is_whole_and_fits_its_model(hub: Hub) -> None:
    hub.take("A1")
    hub.take("B3")
    hub.take("B1")
    ticket = hub.called(2)
    state = hub.board.get("/state").body
    parsed = StateView.model_validate(state)
    assert (parsed.epoch, parsed.now, parsed.business_date) == (1, "2026-11-23T09:30:00.000+08:00", "2026-11-23")
    assert parsed.waiting == {"B1": 1, "B3": 1}
    assert parsed.waiting_by_category == {"A": 0, "B": 2, "C": 0}
    assert (parsed.waiting_total, parsed.wait, parsed.open) == (2, None, True)
    assert [counter.number for counter in parsed.counters] == list(range(1, 9))
    assert parsed.counters[1].ticket is not None
    assert [(call.label, call.counter) for call in parsed.calls] == [(ticket["label"], 2)]


def test_names_queue_and_notes_are_for_staff(hub: Hub) -> None:
    hub.take()
    ticket = hub.called()
    hub.clerk.post(f"/tickets/{ticket['id']}/note", {"text": "缺号牌"})
    for person in (hub.board, hub.kiosk):
        text = str(hub.state(person))
        assert "clerk-1" not in text
        assert "缺号牌" not in text
        assert "queue" not in hub.state(person)
    assert "clerk-1" in str(hub.state(hub.clerk))


def test_the_last_calls_are_newest_first_and_a_recall_comes_up_again(hub: Hub) -> None:
    for _ in range(3):
        hub.take()
    hub.clerk.post("/counters/1/open")
    for _ in range(3):
        ticket = hub.clerk.post("/counters/1/call-next").body
        hub.clerk.post(f"/tickets/{ticket['id']}/no-show")
    assert [call["label"] for call in hub.state()["calls"]] == ["B003", "B002", "B001"]
    missed = next(one for one in hub.state()["missed"] if one["label"] == "B001")
    hub.clerk.post(f"/tickets/{missed['id']}/recall")
    newest = hub.state()["calls"][0]
    assert (newest["label"], newest["recalls"]) == ("B001", 1)


def test_a_slip_nobody_confirmed_is_flagged_after_a_minute_and_keeps_its_place(hub: Hub) -> None:
    hub.kiosk.post("/tickets", hub.order())
    hub.take()
    hub.clock.advance(60)
    assert not hub.state()["queue"][0]["unconfirmed"]
    hub.clock.advance(1)
    flags = [(one["label"], one["unconfirmed"]) for one in hub.state()["queue"]]
    assert flags == [("B001", True), ("B002", False)]
    assert hub.called()["label"] == "B001"


@BOTH
def test_a_citizen_calls_staff_and_hears_that_somebody_comes(hub: Hub) -> None:
    alert = hub.kiosk.post("/help", {"kiosk": "K1", "view": "identify"})
    assert (alert.status, alert.body["taken"]) == (201, False)
    again = hub.kiosk.post("/help", {"kiosk": "K1", "view": "services"})
    assert again.body["id"] == alert.body["id"], "pressing twice calls once"
    assert [one["kiosk"] for one in hub.state(hub.clerk)["help"]] == ["K1"]
    assert hub.clerk.post(f"/help/{alert.body['id']}/take").body["taken_by"] == "clerk:clerk-1"
    assert hub.other.post(f"/help/{alert.body['id']}/take").body["taken_by"] == "clerk:clerk-1", "the first goes"
    told = hub.state(hub.kiosk)["help"][0]
    assert told["taken"] is True
    assert "taken_by" not in told
    assert hub.kiosk.post("/help", {"kiosk": "K1", "view": "identify"}).body["id"] != alert.body["id"]
    assert hub.clerk.post("/help/999/take").code == "not-found"
    assert hub.kiosk.post("/help", {"kiosk": "<K1>", "view": "x"}).status == 422


def test_kiosks_report_their_devices_and_only_changes_are_logged(hub: Hub) -> None:
    assert hub.kiosk.put("/kiosks/K2/health", {"health": {"printer": "paper-low"}}).status == 204
    seq = hub.state()["seq"]
    hub.clock.advance(30)
    hub.kiosk.put("/kiosks/K2/health", {"health": {"printer": "paper-low"}})
    kiosk = hub.state()["kiosks"][0]
    assert (kiosk["name"], kiosk["health"]) == ("K2", {"printer": "paper-low"})
    assert kiosk["seen_at"] == "2026-11-23T09:30:30.000+08:00"
    assert hub.state()["seq"] == seq, "nothing is logged for health that stayed the same"
    assert hub.kiosk.put("/kiosks/K2/health", {"health": {"printer": "on fire"}}).status == 422


def a_day(hub: Hub) -> None:
    hub.clerk.post("/counters/1/open")
    for minutes in (2, 4, 6):
        hub.take("B3")
        hub.clock.advance(minutes * 60)
        ticket = hub.clerk.post("/counters/1/call-next").body
        hub.clock.advance(300)
        hub.clerk.post(f"/tickets/{ticket['id']}/finish")
    missed = hub.take("A1")
    hub.clerk.post("/counters/1/call-next")
    hub.clerk.post(f"/tickets/{missed['id']}/no-show")


def test_the_figures_of_a_day(hub: Hub) -> None:
    a_day(hub)
    figures = hub.admin.get("/stats").body
    services = {one["service"]: one for one in figures["services"]}
    assert services["B3"]["wait_s"] == {"p50": 240.0, "p80": 360.0, "p95": 360.0}
    assert services["B3"]["service_s"]["p50"] == 300.0
    assert (services["A1"]["no_show"], services["A1"]["service_s"]["p50"]) == (1, None)
    assert (figures["total"]["issued"], figures["total"]["served"]) == (4, 3)
    assert figures["counters"][0]["counter"] == 1


def test_the_figures_as_a_table_and_for_other_days(hub: Hub) -> None:
    a_day(hub)
    table = hub.clerk.get("/stats?from=2026-11-23&to=2026-11-23", Accept="text/csv")
    rows = list(csv.DictReader(io.StringIO(table.body)))
    assert table.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert [(row["by"], row["key"]) for row in rows] == [
        ("total", ""), ("service", "A1"), ("service", "B3"), ("counter", "1"),
    ]  # fmt: skip
    assert rows[2]["wait_p50_s"] == "240.0"
    assert hub.clerk.get("/stats?from=2026-11-01&to=2026-11-02").body["total"]["issued"] == 0
    assert hub.clerk.get("/stats?from=2026-11-02&to=2026-11-01").status == 422
    assert hub.clerk.get("/stats?from=2026-13-02").status == 422
    assert hub.clerk.get("/stats?from=&to=").body == hub.clerk.get("/stats").body
    assert hub.clerk.get("/stats?format=csv").body.startswith("by,key,")


@BOTH
def test_midnight_expires_what_is_left_closes_counters_and_begins_numbers_anew(hub: Hub, clock: SimulatedClock) -> None:
    waiting, reserved = hub.take(), hub.order()
    hub.kiosk.post("/tickets", reserved)
    called = hub.called()
    held = hub.take("A1")
    hub.other.post("/counters/2/open")
    hub.other.post("/counters/2/call", {"label": held["label"]})
    hub.other.post(f"/tickets/{held['id']}/hold")
    clock.advance(15 * 3600)
    first = hub.take()
    assert (first["label"], first["business_date"], first["ahead"]) == ("B001", "2026-11-24", 0)
    assert {hub.ticket(one["id"])["state"] for one in (waiting, reserved, called, held)} == {"expired"}
    state = hub.state()
    assert {counter["state"] for counter in state["counters"]} == {"closed"}
    assert (state["waiting_total"], state["calls"]) == (1, [])
    assert hub.kiosk.post(f"/tickets/{reserved['id']}/confirm", {"printed": "barrier"}).body["state"] == "expired"


def test_a_clock_that_falls_back_over_midnight_does_not_reopen_the_day(hub: Hub, clock: SimulatedClock) -> None:
    clock._now = parse_time("2026-11-24T00:00:05+08:00")
    assert hub.take()["business_date"] == "2026-11-24"
    clock._now = parse_time("2026-11-23T23:59:50+08:00")
    assert (hub.take()["label"], hub.take()["business_date"]) == ("B002", "2026-11-24")


def test_an_idle_hub_turns_the_day_by_itself(make_hub: Callable[..., Hub], clock: SimulatedClock) -> None:
    hub = make_hub()
    ticket = hub.take()
    clock.advance(24 * 3600)
    hub.store.submit(lambda _tx: None).result()  # what the server does every ten seconds
    assert hub.ticket(ticket["id"])["state"] == "expired"
