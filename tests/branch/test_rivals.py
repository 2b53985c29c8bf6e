"""Two kiosks promoted at once: two hubs of one epoch notice each other, stop, and say what to do."""

from collections.abc import Callable
from dataclasses import replace

from branch.store.schema import hub as hub_table
from kiosk.link.models.branch import EPOCH_HEADER, LOG_HEADER
from tests.branch.conftest import Hub


def promoted(hub: Hub, epoch: int) -> None:
    """Have the hub be one that was made by a promotion."""
    hub.store.submit(lambda tx: tx.connection.execute(hub_table.update().values(epoch=epoch))).result()
    hub.store.standing = replace(hub.store.standing, epoch=epoch)


def test_a_kiosk_that_follows_another_log_of_the_epoch_stops_both(make_hub: Callable[..., Hub]) -> None:
    hub = make_hub()
    promoted(hub, 2)
    own, clerk = hub.store.standing.log, hub.clerk
    assert hub.kiosk.get("/log", **{EPOCH_HEADER: "2", LOG_HEADER: own}).status == 200
    assert hub.kiosk.post("/tickets", hub.order()).status == 201
    hub.kiosk.get("/log", **{EPOCH_HEADER: "2", LOG_HEADER: "the-other-log"})
    refused = hub.kiosk.post("/tickets", hub.order())
    assert (refused.status, refused.code) == (503, "hub-superseded")
    assert "promote one of them again" in refused.body["detail"]
    assert hub.state(clerk)["read_only"]
    hub.store.heard_of(3)
    assert not hub.store.standing.rival, "one of the two was promoted again, and is the hub now"
    assert "epoch 3" in hub.kiosk.post("/tickets", hub.order()).body["detail"]


def test_the_first_hub_may_be_replaced_by_an_empty_one(hub: Hub) -> None:
    hub.kiosk.get("/log", **{EPOCH_HEADER: "1", LOG_HEADER: "the-log-of-the-disk-that-broke"})
    assert hub.kiosk.post("/tickets", hub.order()).status == 201


def test_who_only_watches_is_not_believed(make_hub: Callable[..., Hub]) -> None:
    hub = make_hub()
    promoted(hub, 2)
    hub.board.get("/state", **{EPOCH_HEADER: "2", LOG_HEADER: "made-up"})
    assert hub.kiosk.post("/tickets", hub.order()).status == 201
