"""Several services on one ticket: clerks see all, the first is queued for, and a replay is the same ticket."""

from tests.branch.conftest import BOTH, Hub


@BOTH
def test_further_services_stand_beside_the_ticket_for_staff(hub: Hub) -> None:
    order = hub.order("B3", also=["C1", "A1"])
    first = hub.kiosk.post("/tickets", order)
    assert (first.status, first.body["service"]) == (201, "B3")
    assert hub.kiosk.post("/tickets", order).status == 200
    assert hub.kiosk.post("/tickets", order | {"also": ["C1"]}).code == "key-reused"
    assert hub.clerk.get("/state").body["also"] == {first.body["id"]: ["C1", "A1"]}
    assert "also" not in hub.board.get("/state").body


def test_a_service_that_is_not_offered_or_is_the_first_one_is_left_out(hub: Hub) -> None:
    issued = hub.kiosk.post("/tickets", hub.order("B3", also=["B3", "Z9", "C1"])).body
    assert hub.clerk.get("/state").body["also"] == {issued["id"]: ["C1"]}


def test_five_more_are_too_many(hub: Hub) -> None:
    assert hub.kiosk.post("/tickets", hub.order("B3", also=["C1"] * 5)).status == 422
