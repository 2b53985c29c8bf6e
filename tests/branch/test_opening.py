"""Opening hours, lunch, days off, limits: refused calmly, told in the state, and never against paper that is out."""

from collections.abc import Callable

import pytest

from branch.hours import Opening
from branch.moment import rfc3339, to_ms
from kiosk.config import Opening as OpeningSettings
from kiosk.config import Settings
from kiosk.engine.clock import SimulatedClock, parse_time
from kiosk.wiring.opening import opening
from tests.branch.conftest import BOTH, Hub

MakeHub = Callable[..., Hub]
HOURS = Opening(hours="09:00-17:00", lunch="12:00-13:30", last_minutes=15)


def at(text: str) -> int:
    return to_ms(parse_time(f"{text}+08:00"))


@pytest.mark.parametrize(
    ("moment", "standing", "again"),
    [
        ("2026-11-23T08:59:59", "closed", "2026-11-23T09:00"),
        ("2026-11-23T09:00:00", "open", None),
        ("2026-11-23T12:00:00", "lunch", "2026-11-23T13:30"),
        ("2026-11-23T13:30:00", "open", None),
        ("2026-11-23T16:44:59", "open", None),
        ("2026-11-23T16:45:00", "closed", "2026-11-24T09:00"),
    ],
)
def test_a_working_day(moment: str, standing: str, again: str | None) -> None:
    assert HOURS.at(at(moment)) == standing
    told = rfc3339(HOURS.opens_next(at(moment)))
    assert (told[:16] if told else None) == again


def test_without_hours_it_never_closes() -> None:
    assert Opening().at(at("2026-11-23T03:00:00")) == "open"


def test_the_official_calendar_with_its_moved_days() -> None:
    rules = opening(Settings(opening=OpeningSettings(keep=True, days="working")))
    assert rules.at(at("2026-10-01T10:00:00")) == "day-off"
    assert rules.at(at("2026-10-10T10:00:00")) == "open", "a Saturday that makes up for the holiday"
    assert rules.at(at("2026-11-22T10:00:00")) == "day-off", "a Sunday"
    assert rfc3339(rules.opens_next(at("2026-11-20T18:00:00"))) == "2026-11-23T09:00:00.000+08:00"


def test_the_branchs_own_exceptions_come_first() -> None:
    told = OpeningSettings(keep=True, days="working", closed_on=("2026-11-23",), open_on=("2026-11-22",))
    rules = opening(Settings(opening=told))
    assert (rules.at(at("2026-11-22T10:00:00")), rules.at(at("2026-11-23T10:00:00"))) == ("open", "day-off")


def test_hours_that_are_not_kept_close_nothing() -> None:
    assert opening(Settings()).at(at("2026-11-23T03:00:00")) == "open"


def test_a_closed_branch_refuses_and_says_when_it_opens(make_hub: MakeHub, clock: SimulatedClock) -> None:
    hub = make_hub(opening=HOURS)
    before = hub.order()
    assert hub.kiosk.post("/tickets", before).status == 201
    clock.advance(8 * 3600)
    refused = hub.kiosk.post("/tickets", hub.order())
    assert (refused.status, refused.code) == (409, "closed")
    assert "2026-11-24 09:00" in refused.body["detail"]
    state = hub.state()
    assert (state["open"], state["standing"], state["opens_at"]) == (False, "closed", "2026-11-24T09:00:00.000+08:00")
    again = hub.kiosk.post("/tickets", before)
    assert (again.status, again.headers["Idempotent-Replayed"]) == (200, "true"), "a retry still gets its ticket"


def test_paper_that_is_out_is_taken_in_after_hours(make_hub: MakeHub, clock: SimulatedClock) -> None:
    hub = make_hub(opening=HOURS)
    issued = hub.order(label="B501", printed="barrier")
    clock.advance(8 * 3600)
    answer = hub.kiosk.post("/tickets", issued)
    assert (answer.status, answer.body["state"]) == (201, "waiting")


def test_those_who_hold_a_ticket_are_served_after_closing(make_hub: MakeHub, clock: SimulatedClock) -> None:
    hub = make_hub(opening=HOURS)
    hub.take()
    clock.advance(8 * 3600)
    assert hub.called()["label"] == "B001"


@BOTH
def test_a_contingent_ends_one_service_and_a_void_number_gives_its_place_back(make_hub: MakeHub) -> None:
    hub = make_hub(opening=Opening(contingents={"B3": 2}))
    first, _ = hub.take(), hub.take()
    full = hub.kiosk.post("/tickets", hub.order())
    assert (full.status, full.code) == (409, "service-full")
    assert hub.take("A1")["label"] == "A001"
    hub.kiosk.post(f"/tickets/{first['id']}/void", {"reason": "unprinted"})
    assert hub.take()["label"] == "B003"


def test_a_limit_ends_the_day(make_hub: MakeHub, clock: SimulatedClock) -> None:
    hub = make_hub(opening=Opening(limit=2))
    hub.take(), hub.take("A1")
    full = hub.kiosk.post("/tickets", hub.order())
    assert (full.status, full.code) == (409, "limit-reached")
    clock.advance(24 * 3600)
    assert hub.take()["label"] == "B001"


@BOTH
def test_a_suspended_service_is_refused_until_its_end(hub: Hub, clock: SimulatedClock) -> None:
    hub.take()
    until = "2026-11-23T10:00:00+08:00"
    given = hub.admin.put("/suspensions/B3", {"reason": "系统故障", "until": until})
    assert (given.status, given.body["by"]) == (200, "admin:boss")
    refused = hub.kiosk.post("/tickets", hub.order())
    assert (refused.status, refused.code) == (409, "service-closed")
    assert hub.take("A1")["label"] == "A001"
    told = hub.state(hub.kiosk)["suspended"]
    assert [(one["service"], one["reason"], "by" in one) for one in told] == [("B3", "系统故障", False)]
    assert hub.called()["label"] == "B001", "a ticket that was given stays good"
    clock.advance(31 * 60)
    assert hub.state()["suspended"] == []
    assert hub.take()["label"] == "B002"


def test_a_suspension_is_taken_back_by_hand(hub: Hub) -> None:
    hub.admin.put("/suspensions/B3", {"reason": "停电"})
    assert hub.admin._call("DELETE", "/suspensions/B3", None, {}).status == 204
    assert hub.take()["label"] == "B001"


@pytest.mark.parametrize(
    ("service", "body", "status"),
    [
        ("Z9", {"reason": "x"}, 404),
        ("B3", {"reason": " "}, 422),
        ("B3", {"reason": "x", "until": "2026-11-23T09:00:00+08:00"}, 422),
        ("B3", {"reason": "x", "until": "soon"}, 422),
    ],
)
def test_a_suspension_that_makes_no_sense(hub: Hub, service: str, body: dict[str, str], status: int) -> None:
    assert hub.admin.put(f"/suspensions/{service}", body).status == status


def test_only_the_supervisor_suspends(hub: Hub) -> None:
    assert hub.clerk.put("/suspensions/B3", {"reason": "x"}).status == 403


def test_the_suspension_outlives_a_restart(make_hub: MakeHub) -> None:
    hub = make_hub()
    hub.admin.put("/suspensions/B3", {"reason": "停电"})
    hub.close()
    again = make_hub()
    assert again.kiosk.post("/tickets", again.order()).code == "service-closed"
