"""A press of the button gives one ticket: its label, its place, and the same answer however often it is asked for."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from branch.store.transaction import Tx
from kiosk.domain.ticket import Ranges
from kiosk.engine.clock import SimulatedClock, parse_time
from kiosk.link.models.branch import TicketIssued, TicketRecord
from tests.branch.conftest import BOTH, Hub


@BOTH
def test_a_ticket_is_reserved_with_a_label_of_its_category(hub: Hub) -> None:
    order = hub.order("B3")
    answer = hub.kiosk.post("/tickets", order)
    assert answer.status == 201
    issued = TicketIssued.model_validate(answer.body)
    assert str(issued.id) == order["id"]
    assert (issued.label, issued.state, issued.ahead, issued.wait) == ("B001", "reserved", 0, None)
    assert (issued.business_date, issued.status_url) == ("2026-11-23", None)
    assert hub.kiosk.post("/tickets", hub.order("B1")).body["label"] == "B002", "one series a category"
    assert hub.kiosk.post("/tickets", hub.order("A1")).body["label"] == "A001"


@BOTH
def test_the_same_id_again_gets_the_same_ticket(hub: Hub) -> None:
    order = hub.order()
    first = hub.kiosk.post("/tickets", order)
    again = hub.kiosk.post("/tickets", order)
    assert (first.status, again.status) == (201, 200)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    assert again.body == first.body
    hub.kiosk.post(f"/tickets/{order['id']}/confirm", {"printed": "process-id"})
    assert hub.kiosk.post("/tickets", order).body["state"] == "waiting"
    assert hub.kiosk.post("/tickets", hub.order()).body["label"] == "B002", "no number was burnt"


@BOTH
def test_the_same_id_in_other_letters_or_with_unknown_fields_is_still_the_same(hub: Hub) -> None:
    order = hub.order()
    hub.kiosk.post("/tickets", order)
    again = hub.kiosk.post("/tickets", {**order, "id": order["id"].upper(), "colour": "green"})
    assert (again.status, again.body["label"]) == (200, "B001")


@BOTH
@pytest.mark.parametrize(
    "other", [{"service": "B1"}, {"language": "en"}, {"priority": "elderly"}, {"origin": {"kiosk": "K2", "seq": 1}}]
)
def test_the_same_id_with_another_body_is_refused(hub: Hub, other: dict[str, Any]) -> None:
    order = hub.order()
    hub.kiosk.post("/tickets", order)
    answer = hub.kiosk.post("/tickets", {**order, **other})
    assert (answer.status, answer.code) == (422, "key-reused")


@BOTH
def test_what_is_wrong_in_an_order_is_named_and_never_repeated(hub: Hub) -> None:
    cases: list[tuple[dict[str, Any], str]] = [
        ({"id": "not-a-uuid"}, "validation-failed"),
        ({"service": "Z9"}, "unknown-service"),
        ({"origin": {"kiosk": "K1"}}, "validation-failed"),
        ({"issued_at": "yesterday"}, "validation-failed"),
        ({"issued_at": "2026-11-23T09:00:00"}, "validation-failed"),
        ({"label": "B1"}, "validation-failed"),
        ({"language": "<script>"}, "validation-failed"),
    ]
    for change, code in cases:
        answer = hub.kiosk.post("/tickets", {**hub.order(), **change})
        assert (answer.status, answer.code) == (422, code), change
        assert "not-a-uuid" not in str(answer.body)
        assert "<script>" not in str(answer.body)
    assert hub.kiosk.post("/tickets", hub.order()).body["label"] == "B001", "a refused order burns no number"


@BOTH
def test_people_ahead_and_the_wait_are_told_once_ten_services_are_known(hub: Hub) -> None:
    assert [hub.take()["ahead"] for _ in range(3)] == [0, 1, 2]
    hub.clerk.post("/counters/1/open")
    for _ in range(3):
        hub.clock.advance(60)
        ticket = hub.clerk.post("/counters/1/call-next").body
        hub.clock.advance(300)
        hub.clerk.post(f"/tickets/{ticket['id']}/finish")
    assert hub.take()["wait"] is None
    for _ in range(8):
        hub.take()
        ticket = hub.clerk.post("/counters/1/call-next").body
        hub.clock.advance(300)
        hub.clerk.post(f"/tickets/{ticket['id']}/finish")
    issued = hub.take()
    assert issued["wait"] == {"low_s": 300, "high_s": 300}, issued
    assert hub.state()["wait"]["high_s"] >= 300


def _at_498(tx: Tx) -> None:
    tx.connection.exec_driver_sql("UPDATE series SET last = 498")
    tx.forget()


@BOTH
def test_the_shared_range_goes_on_at_a_thousand(hub: Hub) -> None:
    hub.take()
    hub.store.submit(_at_498).result()
    assert [hub.take()["label"] for _ in range(3)] == ["B499", "B1000", "B1001"]


@BOTH
def test_a_range_that_is_told_to_end_refuses_and_never_uses_a_number_twice(make_hub: Callable[..., Hub]) -> None:
    hub = make_hub(ranges=Ranges(last=3, exhausted="refuse"))
    assert [hub.take()["label"] for _ in range(3)] == ["B001", "B002", "B003"]
    refused = hub.kiosk.post("/tickets", hub.order())
    assert (refused.status, refused.code) == (409, "range-exhausted")
    assert hub.take("A1")["label"] == "A001"


@BOTH
def test_a_kiosks_clock_decides_nothing(hub: Hub) -> None:
    first = hub.kiosk.post("/tickets", hub.order(issued_at="2024-01-01T00:00:00+08:00"))
    second = hub.kiosk.post("/tickets", hub.order(issued_at="2031-06-01T12:00:00+08:00"))
    assert [one.body["business_date"] for one in (first, second)] == ["2026-11-23", "2026-11-23"]
    assert hub.called()["label"] == "B001"


@BOTH
def test_a_clock_years_ahead_is_put_right_and_leaves_nothing_behind(hub: Hub, clock: SimulatedClock) -> None:
    hub.take()
    years = timedelta(days=5 * 365)
    clock._now += years
    ahead = hub.take()
    assert (ahead["label"], ahead["business_date"][:4]) == ("B001", "2031")
    clock._now -= years
    back = hub.take()
    assert (back["label"], back["business_date"]) == ("B002", "2026-11-23"), "the day goes on where it was"
    late = hub.order(label="B501", printed="status", issued_at=(clock.now() + timedelta(seconds=1)).isoformat())
    clock.advance(2)
    assert hub.kiosk.post("/tickets", late).status == 201
    assert [ticket["label"] for ticket in hub.state()["queue"]] == ["B002", "B501"]
    assert hub.ticket(ahead["id"])["state"] == "expired"


@BOTH
def test_a_clock_that_goes_back_reorders_nobody(hub: Hub, clock: SimulatedClock) -> None:
    hub.take()
    clock._now -= parse_time("2026-11-23T01:00:00+08:00") - parse_time("2026-11-23T00:00:00+08:00")
    hub.take()
    assert [ticket["label"] for ticket in hub.state()["queue"]] == ["B001", "B002"]


@BOTH
def test_the_record_of_a_ticket_holds_what_the_contract_says(hub: Hub) -> None:
    ticket = hub.take("C1", priority="elderly")
    record = hub.board.get(f"/tickets/{ticket['id']}")
    assert record.status == 200
    parsed = TicketRecord.model_validate(record.body)
    assert (parsed.label, parsed.state, parsed.counter, parsed.priority, parsed.recalls) == (
        "C001", "waiting", None, "elderly", 0,
    )  # fmt: skip
    assert parsed.issued_at == "2026-11-23T09:30:00.000+08:00"
    assert (parsed.called_at, parsed.started_at, parsed.ended_at) == (None, None, None)


@BOTH
def test_confirming_is_idempotent_and_legal_after_a_call(hub: Hub) -> None:
    order = hub.order()
    hub.kiosk.post("/tickets", order)
    path = f"/tickets/{order['id']}/confirm"
    hub.clerk.post("/counters/1/open")
    assert hub.clerk.post("/counters/1/call-next").body["state"] == "called", "a reserved ticket may be called"
    for printed in ("process-id", "none"):
        answer = hub.kiosk.post(path, {"printed": printed})
        assert (answer.status, answer.body["state"], answer.body["printed"]) == (200, "called", "process-id")
    hub.clerk.post(f"/tickets/{order['id']}/start")
    assert hub.kiosk.post(path, {"printed": "screen"}).body["state"] == "serving"
    assert hub.kiosk.post(path, {"printed": "by-magic"}).status == 422
    assert hub.kiosk.post(f"/tickets/{uuid.uuid4()}/confirm", {"printed": "none"}).code == "not-found"


@BOTH
def test_a_void_ticket_leaves_the_queue_and_its_label_is_not_issued_again(hub: Hub) -> None:
    ticket = hub.take()
    path = f"/tickets/{ticket['id']}/void"
    assert hub.kiosk.post(path, {"reason": "no paper"}).body["state"] == "void"
    assert hub.kiosk.post(path, {"reason": "no paper"}).status == 200, "a retry is harmless"
    assert hub.kiosk.post(f"/tickets/{ticket['id']}/confirm", {"printed": "status"}).code == "state-conflict"
    assert hub.take()["label"] == "B002"
    assert hub.state()["waiting_total"] == 1


@BOTH
def test_void_is_for_what_waits_or_is_held(hub: Hub) -> None:
    hub.take()
    ticket = hub.called()
    path = f"/tickets/{ticket['id']}"
    assert hub.clerk.post(f"{path}/void", {"reason": "left"}).code == "state-conflict"
    hub.clerk.post(f"{path}/hold")
    assert hub.clerk.post(f"{path}/void", {"reason": "left"}).body["state"] == "void"
    assert hub.clerk.post(f"{path}/void", {}).status == 422


@BOTH
def test_an_attempt_that_was_given_up_makes_no_ticket_when_it_arrives_after_all(hub: Hub) -> None:
    late = hub.order()
    answer = hub.kiosk.post(f"/tickets/{late['id']}/void", {"reason": "no answer"})
    assert (answer.status, answer.code) == (404, "not-found")
    answer = hub.kiosk.post("/tickets", late)
    assert (answer.status, answer.code) == (409, "ticket-void")
    assert hub.state()["waiting_total"] == 0


@BOTH
def test_a_clerks_void_of_an_unknown_id_leaves_nothing_behind(hub: Hub) -> None:
    order = hub.order()
    assert hub.clerk.post(f"/tickets/{order['id']}/void", {"reason": "typing"}).status == 404
    assert hub.kiosk.post("/tickets", order).status == 201


@BOTH
def test_a_status_address_is_given_only_where_phones_can_reach_it(make_hub: Callable[..., Hub]) -> None:
    hub = make_hub(public_url="https://status.example/")
    order = hub.order()
    url = hub.kiosk.post("/tickets", order).body["status_url"]
    assert url.startswith("https://status.example/t/")
    assert len(url.rsplit("/", 1)[1]) == 22
    assert hub.kiosk.post("/tickets", order).body["status_url"] == url
