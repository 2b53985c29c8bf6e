"""Counters: who sits there, what they serve, and the calls that come from them."""

import pytest

from tests.branch.conftest import BOTH, Hub


@BOTH
def test_opening_binds_the_clerk(hub: Hub) -> None:
    answer = hub.clerk.post("/counters/3/open")
    assert (answer.status, answer.body["number"], answer.body["state"]) == (200, 3, "open")
    assert hub.clerk.post("/counters/3/open").status == 200, "a second tab is harmless"
    taken = hub.other.post("/counters/3/open")
    assert (taken.status, taken.code) == (409, "counter-taken")
    assert hub.clerk.post("/counters/3/close").body["state"] == "closed"
    assert hub.clerk.post("/counters/3/close").status == 200
    assert hub.other.post("/counters/3/open", {}).status == 200


@BOTH
@pytest.mark.parametrize("number", ["0", "9", "9999"])
def test_a_counter_that_the_branch_does_not_have(hub: Hub, number: str) -> None:
    for path in ("open", "close", "call-next"):
        assert hub.clerk.post(f"/counters/{number}/{path}").code == "not-found"
    assert hub.clerk.post("/counters/three/open").status == 422


@BOTH
def test_a_call_needs_an_open_counter_of_ones_own(hub: Hub) -> None:
    ticket = hub.take()
    for path, body in (("call-next", None), ("call", {"label": ticket["label"]})):
        closed = hub.clerk.post(f"/counters/1/{path}", body)
        assert (closed.status, closed.code) == (409, "counter-closed")
        hub.other.post("/counters/2/open")
        foreign = hub.clerk.post(f"/counters/2/{path}", body)
        assert (foreign.status, foreign.code) == (403, "another-counter")
    assert hub.ticket(ticket["id"])["state"] == "waiting"


@BOTH
def test_call_next_takes_the_first_and_says_204_when_nobody_waits(hub: Hub) -> None:
    first, second = hub.take(), hub.take("A1")
    hub.clerk.post("/counters/1/open")
    hub.other.post("/counters/2/open")
    called = hub.clerk.post("/counters/1/call-next")
    assert (called.status, called.body["id"], called.body["state"], called.body["counter"]) == (
        200, first["id"], "called", 1,
    )  # fmt: skip
    assert called.body["called_at"] == "2026-11-23T09:30:00.000+08:00"
    assert hub.other.post("/counters/2/call-next").body["id"] == second["id"]
    hub.other.post(f"/tickets/{second['id']}/finish")
    nobody = hub.other.post("/counters/2/call-next")
    assert (nobody.status, nobody.body) == (204, "")


@BOTH
def test_a_counter_serves_one_ticket_at_a_time(hub: Hub) -> None:
    hub.take()
    second = hub.take()
    ticket = hub.called()
    for verb in (None, "start"):
        if verb:
            hub.clerk.post(f"/tickets/{ticket['id']}/{verb}")
        busy = hub.clerk.post("/counters/1/call-next")
        assert (busy.status, busy.code) == (409, "counter-busy")
        assert hub.clerk.post("/counters/1/call", {"label": second["label"]}).code == "counter-busy"
        assert hub.clerk.post("/counters/1/close").code == "counter-busy"


@BOTH
def test_a_paused_counter_calls_nobody_until_it_is_opened_again(hub: Hub) -> None:
    hub.take()
    hub.clerk.post("/counters/1/open")
    assert hub.clerk.post("/counters/1/pause", {}).status == 422, "a reason belongs to it"
    paused = hub.clerk.post("/counters/1/pause", {"reason": "午餐"})
    assert (paused.body["state"], paused.body["reason"]) == ("paused", "午餐")
    assert hub.clerk.post("/counters/1/call-next").code == "counter-closed"
    assert hub.other.post("/counters/1/open").code == "counter-taken"
    assert hub.clerk.post("/counters/1/open").body["reason"] is None
    assert hub.clerk.post("/counters/1/call-next").status == 200
    assert hub.clerk.post("/counters/2/pause", {"reason": "x"}).code == "counter-closed"


@BOTH
def test_a_counter_calls_only_the_services_it_was_opened_for(hub: Hub) -> None:
    hub.take("A1")
    hub.take("B3")
    opened = hub.clerk.post("/counters/1/open", {"services": ["B"]})
    assert opened.body["services"] == ["B1", "B3"], "a category's letter stands for its services"
    assert hub.clerk.post("/counters/1/call-next").body["service"] == "B3"
    assert hub.clerk.post("/counters/2/open", {"services": ["Z1"]}).code == "unknown-service"
    assert hub.clerk.post("/counters/2/open", {"services": []}).status == 422


@BOTH
def test_a_number_is_called_by_hand_whatever_the_counter_serves(hub: Hub) -> None:
    hub.take("B3")
    wanted = hub.take("A1")
    hub.clerk.post("/counters/1/open", {"services": ["B"]})
    called = hub.clerk.post("/counters/1/call", {"label": wanted["label"]})
    assert (called.status, called.body["label"], called.body["state"]) == (200, "A001", "called")
    hub.clerk.post(f"/tickets/{wanted['id']}/finish")
    assert hub.clerk.post("/counters/1/call", {"label": "A001"}).code == "state-conflict"
    assert hub.clerk.post("/counters/1/call", {"label": "C999"}).code == "not-found"
    assert hub.clerk.post("/counters/1/call", {"label": "a1"}).status == 422


@BOTH
def test_a_supervisor_takes_a_counter_back_and_its_ticket_returns_to_its_place(hub: Hub) -> None:
    ticket = hub.take()
    hub.take()
    hub.called()
    assert hub.clerk.post("/counters/1/release").code == "role-forbidden"
    released = hub.admin.post("/counters/1/release")
    assert (released.status, released.body["state"]) == (200, "closed")
    assert hub.state()["queue"][0]["id"] == ticket["id"]
    assert hub.other.post("/counters/1/open").status == 200


@BOTH
def test_a_priority_counts_once_staff_have_confirmed_it(hub: Hub) -> None:
    hub.take()
    claimed = hub.take(priority="elderly")
    hub.clerk.post("/counters/1/open")
    assert hub.state()["next"]["1"]["label"] == "B001"
    confirmed = hub.clerk.post(f"/tickets/{claimed['id']}/priority", {"priority": "elderly"})
    assert confirmed.body["priority_confirmed"] is True
    assert hub.state()["next"]["1"]["why"] == {
        "code": "priority", "minutes": 0, "priority": "elderly", "promise_min": 20,
    }  # fmt: skip
    assert hub.clerk.post("/counters/1/call-next").body["id"] == claimed["id"]
    assert hub.kiosk.post(f"/tickets/{claimed['id']}/priority", {"priority": "military"}).code == "role-forbidden"
