"""Tickets that a kiosk issued while cut off come home under the number on their slip."""

from datetime import timedelta
from typing import Any

import pytest

from branch.orders import emergency_numbers
from kiosk.domain.ticket import Ranges
from tests.branch.conftest import BOTH, Hub


def slip(hub: Hub, label: str, minutes_ago: int = 0, kiosk: str = "K1", **more: Any) -> dict[str, Any]:
    issued = hub.clock.now() - timedelta(minutes=minutes_ago)
    origin = {"kiosk": kiosk, "seq": 7}
    return hub.order(label=label, printed="process-id", issued_at=issued.isoformat(), origin=origin, **more)


@BOTH
def test_it_waits_under_its_own_label(hub: Hub) -> None:
    order = slip(hub, "B501", 5)
    answer = hub.kiosk.post("/tickets", order)
    assert (answer.status, answer.body["label"], answer.body["state"]) == (201, "B501", "waiting")
    again = hub.kiosk.post("/tickets", order)
    assert (again.status, again.headers["Idempotent-Replayed"]) == (200, "true")
    record = hub.ticket(order["id"])
    assert (record["printed"], record["issued_at"]) == ("process-id", "2026-11-23T09:25:00.000+08:00")


@BOTH
def test_a_label_that_is_taken_is_refused_loudly(hub: Hub) -> None:
    hub.kiosk.post("/tickets", slip(hub, "B501"))
    answer = hub.kiosk.post("/tickets", slip(hub, "B501"))
    assert (answer.status, answer.code) == (409, "label-taken")


@pytest.mark.parametrize(
    ("label", "kiosk"), [("B001", "K1"), ("B601", "K1"), ("B500", "K1"), ("B501", "K2"), ("A501", "K1"), ("B901", "K9")]
)
@BOTH
def test_only_the_kiosks_own_range_and_category_will_do(hub: Hub, label: str, kiosk: str) -> None:
    answer = hub.kiosk.post("/tickets", slip(hub, label, kiosk=kiosk))
    assert (answer.status, answer.code) == (422, "label-out-of-range")


def test_each_kiosk_has_its_range_by_the_number_of_its_name() -> None:
    ranges = Ranges()
    assert (min(emergency_numbers("K1", ranges)), max(emergency_numbers("K4", ranges))) == (501, 899)
    assert len(emergency_numbers("hall-2", ranges)) == 99
    assert len(emergency_numbers("entrance", ranges)) == 4 * 99, "a name without a number tells nothing"
    assert emergency_numbers("K12", ranges) == frozenset()


@BOTH
def test_a_closed_day_is_kept_as_expired(hub: Hub) -> None:
    order = slip(hub, "B502", minutes_ago=24 * 60)
    answer = hub.kiosk.post("/tickets", order)
    assert (answer.status, answer.body["state"], answer.body["business_date"]) == (201, "expired", "2026-11-22")
    assert hub.kiosk.post("/tickets", slip(hub, "B502")).status == 201, "today the label is free"
    assert hub.kiosk.post("/tickets", slip(hub, "B502", minutes_ago=24 * 60)).code == "label-taken"


@BOTH
def test_it_queues_by_the_time_on_its_slip(hub: Hub) -> None:
    hub.take()
    hub.clock.advance(600)
    hub.take()
    hub.kiosk.post("/tickets", slip(hub, "B501", minutes_ago=5))
    assert [one["label"] for one in hub.state()["queue"]] == ["B001", "B501", "B002"]


@BOTH
def test_but_never_ahead_of_somebody_who_was_called_already(hub: Hub) -> None:
    hub.take()
    hub.clock.advance(60)
    hub.take()
    called = hub.called()
    hub.clock.advance(60)
    hub.kiosk.post("/tickets", slip(hub, "B501", minutes_ago=20))
    hub.clerk.post(f"/tickets/{called['id']}/return")
    assert [one["label"] for one in hub.state()["queue"]] == ["B001", "B501", "B002"]


@BOTH
def test_a_kiosks_wrong_clock_is_corrected_by_the_time_of_sending(hub: Hub) -> None:
    now = hub.clock.now()
    two_years = timedelta(days=731)
    issued, sent = now - two_years - timedelta(minutes=3), now - two_years
    order = hub.order(label="B501", printed="barrier", issued_at=issued.isoformat(), sent_at=sent.isoformat())
    answer = hub.kiosk.post("/tickets", order)
    assert (answer.body["state"], answer.body["business_date"]) == ("waiting", "2026-11-23")
    assert hub.ticket(order["id"])["issued_at"] == "2026-11-23T09:27:00.000+08:00"
    hub.clock.advance(5)
    retry = hub.kiosk.post("/tickets", {**order, "sent_at": (sent + timedelta(seconds=5)).isoformat()})
    assert retry.status == 200, "the time of sending is no part of what makes a body the same"


@BOTH
def test_a_slip_from_the_future_waits_from_now(hub: Hub) -> None:
    order = slip(hub, "B501", minutes_ago=-60 * 24 * 800)
    answer = hub.kiosk.post("/tickets", order)
    assert (answer.body["state"], answer.body["business_date"]) == ("waiting", "2026-11-23")
