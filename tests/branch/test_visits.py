"""What rides with a visit: needs, outcome, rating, the slip held before the kiosk; and the supervisor's own doings."""

import uuid
from typing import Any

import pytest
from sqlalchemy import Connection, delete, select

from branch.replay import tell
from branch.store.log import after
from branch.store.retell import retell_hall
from branch.store.schema import metadata
from branch.store.transaction import Tx
from kiosk.engine.clock import SimulatedClock
from tests.branch.conftest import BOTH, Hub


@BOTH
def test_needs_ride_with_the_ticket_and_change_no_order(hub: Hub) -> None:
    first = hub.take()
    second = hub.take(needs=["hearing", "low-counter"])
    visits = hub.state()["visits"]
    assert visits == {second["id"]: {"needs": ["hearing", "low-counter"], "booked_at": None, "outcome": None}}
    assert "visits" not in hub.state(hub.board), "needs are for staff"
    assert hub.called()["id"] == first["id"]


def test_an_unknown_need_is_refused(hub: Hub) -> None:
    assert hub.kiosk.post("/tickets", hub.order(needs=["champagne"])).status == 422


@BOTH
def test_an_outcome_is_kept_at_finish(hub: Hub) -> None:
    hub.take()
    ticket = hub.called()
    done = hub.clerk.post(f"/tickets/{ticket['id']}/finish", {"outcome": "documents-missing"})
    assert (done.status, done.body["state"]) == (200, "done")
    day = hub.admin.get("/reports/day").body
    assert day["outcomes"] == {"documents-missing": 1}
    hub.take()
    plain = hub.called()
    assert hub.clerk.post(f"/tickets/{plain['id']}/finish").status == 200
    assert hub.admin.get("/reports/day").body["outcomes"] == {"documents-missing": 1, "done": 1}


def served(hub: Hub, number: int = 1) -> dict[str, Any]:
    hub.take()
    ticket = hub.called(number)
    hub.clerk.post(f"/tickets/{ticket['id']}/finish")
    return ticket


def test_a_visit_is_rated_once(hub: Hub) -> None:
    ticket = served(hub)
    path = f"/tickets/{ticket['id']}/rating"
    assert hub.kiosk.post(path, {"level": 2}).status == 201
    assert hub.kiosk.post(path, {"level": 2}).status == 201, "the same again is harmless"
    assert hub.kiosk.post(path, {"level": 5}).status == 409
    assert hub.kiosk.post(path, {"level": 6}).status == 422
    assert hub.clerk.post(path, {"level": 5}).status == 403, "nobody rates herself"


@BOTH
def test_ratings_are_the_supervisors_to_read_and_bad_ones_are_followed_up(hub: Hub) -> None:
    bad, good = served(hub), served(hub)
    hub.kiosk.post(f"/tickets/{bad['id']}/rating", {"level": 1})
    hub.board.post(f"/tickets/{good['id']}/rating", {"level": 5})
    assert hub.clerk.get("/ratings").status == 403
    assert "rating" not in str(hub.state())
    listed = hub.admin.get("/ratings").body["ratings"]
    assert [(one["label"], one["level"], one["bad"], one["counter"]) for one in listed] == [
        ("B001", 1, True, 1), ("B002", 5, False, 1),
    ]  # fmt: skip
    path = f"/ratings/{bad['id']}/follow-up"
    assert hub.admin.post(path, {"text": "打电话 13800138000"}).code == "note-personal"
    assert hub.admin.post(path, {"text": "已当面致歉"}).status == 204
    assert hub.admin.get("/ratings").body["ratings"][0]["followed_by"] == "admin:boss"
    assert hub.admin.post(f"/ratings/{hub.take()['id']}/follow-up", {"text": "x"}).status == 404


def test_a_slip_asks_for_a_rating_until_it_is_rated_or_too_late(hub: Hub, clock: SimulatedClock) -> None:
    first, second = served(hub), served(hub)
    assert hub.kiosk.get("/slips/B001").body["may"] == ["rate"]
    hub.kiosk.post(f"/tickets/{first['id']}/rating", {"level": 4})
    assert hub.kiosk.get("/slips/B001").body["may"] == []
    clock.advance(31 * 60)
    assert hub.kiosk.get(f"/slips/{second['label']}").body["may"] == []


def test_a_rating_comes_within_half_an_hour(hub: Hub, clock: SimulatedClock) -> None:
    ticket = served(hub)
    waiting = hub.take()
    assert hub.kiosk.post(f"/tickets/{waiting['id']}/rating", {"level": 5}).status == 409
    clock.advance(31 * 60)
    assert hub.kiosk.post(f"/tickets/{ticket['id']}/rating", {"level": 5}).status == 409


def test_a_tablet_asks_for_the_visit_that_just_ended_at_its_counter(hub: Hub, clock: SimulatedClock) -> None:
    assert hub.board.get("/counters/1/to-rate").body == {"ticket": None}
    ticket = served(hub)
    assert hub.board.get("/counters/1/to-rate").body == {"ticket": {"id": ticket["id"], "label": "B001"}}
    assert hub.board.get("/counters/2/to-rate").body == {"ticket": None}
    hub.board.post(f"/tickets/{ticket['id']}/rating", {"level": 5})
    assert hub.board.get("/counters/1/to-rate").body == {"ticket": None}
    served(hub)
    clock.advance(121)
    assert hub.board.get("/counters/1/to-rate").body == {"ticket": None}, "somebody else stands there now"


@BOTH
def test_a_slip_shows_its_place_and_can_be_cancelled(hub: Hub) -> None:
    hub.take()
    mine = hub.take()
    slip = hub.kiosk.get("/slips/B002").body
    assert (slip["id"], slip["state"], slip["ahead"], slip["may"]) == (mine["id"], "waiting", 1, ["cancel"])
    hub.kiosk.post(f"/tickets/{mine['id']}/void", {"reason": "citizen"})
    assert hub.kiosk.get("/slips/B002").body["may"] == []
    assert hub.kiosk.get("/slips/B077").status == 404
    assert hub.kiosk.get("/slips/b2").status == 422


@BOTH
def test_a_missed_number_comes_back_after_three_others(hub: Hub, clock: SimulatedClock) -> None:
    hub.take()
    missed = hub.called()
    others = []
    for _ in range(5):
        clock.advance(10)
        others.append(hub.take()["id"])
    assert hub.kiosk.post("/slips/B001/rejoin").status == 409, "she has not missed anything yet"
    hub.clerk.post(f"/tickets/{missed['id']}/no-show")
    clock.advance(59 * 60)
    assert hub.kiosk.get("/slips/B001").body["may"] == ["rejoin"]
    assert hub.kiosk.post("/slips/B001/rejoin").body["state"] == "waiting"
    assert hub.kiosk.post("/slips/B001/rejoin").status == 200, "again is harmless"
    queue = [one["id"] for one in hub.state()["queue"]]
    assert queue == [*others[:3], missed["id"], *others[3:]]


def test_a_number_missed_long_ago_stays_missed(hub: Hub, clock: SimulatedClock) -> None:
    hub.take()
    missed = hub.called()
    hub.clerk.post(f"/tickets/{missed['id']}/no-show")
    clock.advance(61 * 60)
    assert hub.kiosk.get("/slips/B001").body["may"] == []
    assert hub.kiosk.post("/slips/B001/rejoin").status == 409


def test_the_supervisor_sets_a_pin_anew(hub: Hub) -> None:
    hub.person("clerk", "li", "1234")
    form = {"name": "li", "pin": "9999", "page": "console"}
    for _ in range(6):
        hub.nobody.session.post(f"{hub.url}/console/sign-in", data=form, timeout=20)
    listed = {one["name"]: one for one in hub.admin.get("/staff").body["staff"]}
    assert listed["li"]["locked_until"] is not None
    assert hub.admin.post("/staff/pin", {"name": "li", "pin": "567890"}).status == 204
    signed = hub.nobody.session.post(
        f"{hub.url}/console/sign-in", data={**form, "pin": "567890"}, timeout=20, allow_redirects=False
    )
    assert signed.status_code == 303
    assert hub.admin.post("/staff/pin", {"name": "nobody", "pin": "567890"}).status == 404
    assert hub.admin.post("/staff/pin", {"name": "li", "pin": "12"}).status == 422
    assert hub.clerk.post("/staff/pin", {"name": "li", "pin": "567890"}).status == 403


def test_an_old_session_ends_with_its_pin(hub: Hub) -> None:
    hub.person("clerk", "li", "1234")
    session = hub.nobody.session
    session.post(f"{hub.url}/console/sign-in", data={"name": "li", "pin": "1234", "page": "console"}, timeout=20)
    assert session.cookies.get("branch_console")
    hub.admin.post("/staff/pin", {"name": "li", "pin": "567890"})
    left = hub.store.read(lambda c: c.exec_driver_sql("SELECT count(*) FROM tokens WHERE csrf IS NOT NULL").scalar())
    assert left == 0


@BOTH
def test_a_kiosk_is_opened_for_paper_and_comes_back_by_itself(hub: Hub, clock: SimulatedClock) -> None:
    hub.kiosk.put("/kiosks/K1/health", {"health": {"printer": "paper-low"}})
    assert hub.clerk.put("/kiosks/K1/paper-change", {}).status == 204
    assert hub.state(hub.kiosk)["kiosks"][0]["paper_change"] is True
    assert hub.clerk._call("DELETE", "/kiosks/K1/paper-change", None, {}).status == 204
    assert hub.state(hub.kiosk)["kiosks"][0]["paper_change"] is False
    hub.clerk.put("/kiosks/K1/paper-change", {})
    clock.advance(16 * 60)
    assert hub.state(hub.kiosk)["kiosks"][0]["paper_change"] is False


@pytest.mark.parametrize("path", ["/reports/day", "/reports/promises", "/ratings", "/staff"])
def test_reports_are_the_supervisors(hub: Hub, path: str) -> None:
    assert hub.clerk.get(path).status == 403
    assert hub.admin.get(path).status == 200


@BOTH
def test_what_the_hall_knows_is_told_from_the_log_alone(hub: Hub, clock: SimulatedClock) -> None:
    tables = ("appointments", "visits", "ratings", "also")

    def rows(connection: Connection) -> dict[str, list[Any]]:
        read = {name: connection.execute(select(metadata.tables[name])).mappings() for name in tables}
        return {name: sorted(map(str, found)) for name, found in read.items()}

    for number, at in (("YY-1001", "2026-11-23T09:40:00+08:00"), ("YY-1002", "2026-11-24T09:40:00+08:00")):
        hub.admin.post("/appointments", {"number": number, "service": "B3", "starts_at": at})
    hub.admin.post("/appointments/YY-1002/cancel")
    press = {"id": str(uuid.uuid4()), "origin": {"kiosk": "K1", "seq": 1}, "issued_at": clock.now().isoformat()}
    assert hub.kiosk.post("/appointments/YY-1001/check-in", {**press, "needs": ["guide"]}).status == 201
    ticket, more = hub.called(), hub.take(also=["A1"])
    hub.clerk.post(f"/tickets/{ticket['id']}/finish", {"outcome": "partly"})
    hub.kiosk.post(f"/tickets/{ticket['id']}/rating", {"level": 1})
    hub.admin.post(f"/ratings/{ticket['id']}/follow-up", {"text": "已致歉"})
    before = hub.store.read(rows)

    def again(tx: Tx) -> dict[str, list[Any]]:
        for name in tables:
            tx.connection.execute(delete(metadata.tables[name]))
        retell_hall(
            tx.connection,
            tx.branch,
            tell(after(tx.connection, 1, 0, 10_000)).hall,
            {ticket["id"]: "2026-11-23", more["id"]: "2026-11-23"},
        )
        return rows(tx.connection)

    assert hub.store.submit(again).result() == before
    assert [len(one) for one in before.values()] == [2, 1, 1, 1]
