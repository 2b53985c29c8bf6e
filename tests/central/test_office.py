"""The office's rules: two officers for a refusal, answers on the same request, a clock in working days, messages."""

import json
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from central.gateway import SimulatedSms
from central.sms import TRIES, send_next
from tests.central.test_desk import WHY, Desk
from tests.central.world import Clock, Device, World, close_world, code_of, content, mobile, open_world


@pytest.fixture
def request_id(device: Device) -> str:
    return str(device.submit(device.order()).json()["id"])


def answered(device: Device, request_id: str, what: Any = None, press: str = "", **more: Any) -> httpx.Response:
    press = press or str(uuid4())
    sealed = device.order({"fields": {"mobile": mobile(7)}} if what is None else what, press)["sealed"]
    body = {"client_answer_id": press, "sealed": sealed} | more
    return device.call("POST", f"/api/v1/requests/{request_id}/answers", body)


def test_a_refusal_takes_two_different_officers(world: World, device: Device, request_id: str) -> None:
    first, second = Desk(world, name="甲"), Desk(world, name="乙")
    proposed = first.step(request_id, "refuse", **WHY)
    assert (proposed.status_code, proposed.json()["state"]) == (202, "submitted")
    assert proposed.json()["refusal_proposed"] is True
    assert device.call("GET", f"/api/v1/requests/{request_id}").json()["reasons"] == []
    again = first.step(request_id, "refuse", **WHY)
    assert (again.status_code, code_of(again)) == (409, "second-officer-needed")
    seen = second.get(f"/requests/{request_id}").json()
    assert (seen["refusal_proposed_by"], seen["refusal_proposed"]) == ("甲", WHY["reasons"])
    refused = second.step(request_id, "refuse")
    assert (refused.status_code, refused.json()["state"]) == (200, "not_accepted")
    assert refused.json()["reasons"] == WHY["reasons"]
    actors = [(step["action"], step["actor"]) for step in second.get(f"/requests/{request_id}").json()["history"]]
    assert actors == [("submit", "device"), ("propose-refusal", "甲"), ("refuse", "乙")]


def test_the_second_officer_may_see_it_otherwise(world: World, request_id: str) -> None:
    first, second = Desk(world), Desk(world)
    first.step(request_id, "refuse", **WHY)
    accepted = second.step(request_id, "accept").json()
    assert (accepted["state"], accepted["refusal_proposed"]) == ("accepted", False)


def test_the_only_officer_of_an_office_refuses_alone_and_always_means_always(tmp_path: Path) -> None:
    for four_eyes, code in (("auto", 200), ("always", 202)):
        folder = tmp_path / four_eyes
        folder.mkdir()
        world = open_world(folder, four_eyes=four_eyes)
        device = world.device()
        request = device.submit(device.order()).json()["id"]
        assert Desk(world).step(request, "refuse", **WHY).status_code == code
        close_world(world)


def test_more_is_answered_on_the_same_request(world: World, device: Device, request_id: str) -> None:
    desk = Desk(world)
    early = answered(device, request_id)
    assert (early.status_code, code_of(early)) == (409, "state-conflict")
    desk.step(request_id, "needs-more", **WHY)
    press = str(uuid4())
    order = device.order({"fields": {"mobile": mobile(7)}}, press)["sealed"]
    body = {"client_answer_id": press, "sealed": order}
    told = device.call("POST", f"/api/v1/requests/{request_id}/answers", body)
    assert (told.status_code, told.json()["state"], told.json()["reasons"]) == (201, "submitted", [])
    assert device.call("POST", f"/api/v1/requests/{request_id}/answers", body).status_code == 200
    other = device.call("POST", f"/api/v1/requests/{request_id}/answers", body | {"sealed": device.order()["sealed"]})
    assert (other.status_code, code_of(other)) == (422, "key-reused")
    opened = desk.get(f"/requests/{request_id}").json()
    assert [answer["fields"] for answer in opened["answers"]] == [{"mobile": mobile(7)}]
    assert opened["fields"]["mobile"] == content()["fields"]["mobile"]


@pytest.mark.parametrize(
    ("what", "code"),
    [
        ({"fields": {}}, "validation-failed"),
        ({"fields": {"mobile": "12"}}, "validation-failed"),
        ({"photos": {"licence": "bm8gcGljdHVyZQ=="}}, "validation-failed"),
        (b"no json", "validation-failed"),
    ],
)
def test_an_answer_that_cannot_be_right_leaves_the_request_as_it_was(
    world: World, device: Device, request_id: str, what: Any, code: str
) -> None:
    Desk(world).step(request_id, "needs-more", **WHY)
    refused = answered(device, request_id, what)
    assert (refused.status_code, code_of(refused)) == (422, code)
    assert device.call("GET", f"/api/v1/requests/{request_id}").json()["state"] == "needs_more"


def test_only_a_kiosk_of_the_branch_takes_the_answer(world: World, device: Device, request_id: str) -> None:
    Desk(world).step(request_id, "needs-more", **WHY)
    assert answered(world.device("421221-002"), request_id).status_code == 404
    assert answered(world.device(), request_id).status_code == 201


def test_a_second_open_request_is_marked_or_refused_as_the_office_chose(tmp_path: Path, world: World) -> None:
    device = world.device()
    first = device.submit(device.order(content(401))).json()["reference"]
    second = device.submit(device.order(content(401))).json()
    row = Desk(world).get(f"/requests?reference={second['reference']}").json()[0]
    assert row["double_of"] == first
    strict = open_world(tmp_path, double_open="refuse")
    kiosk = strict.device()
    first = kiosk.submit(kiosk.order(content(401))).json()
    refused = kiosk.submit(kiosk.order(content(401)))
    assert (refused.status_code, code_of(refused)) == (409, "already-open")
    assert first["reference"] in refused.json()["detail"]
    assert kiosk.submit(kiosk.order(content(402))).status_code == 201
    kiosk.call("POST", f"/api/v1/requests/{first['id']}/cancellation")
    assert kiosk.submit(kiosk.order(content(401))).status_code == 201
    close_world(strict)


def test_the_limit_counts_working_days_and_stands_still_while_the_citizen_is_asked(
    world: World, device: Device
) -> None:
    told = device.submit(device.order(content(403))).json()
    begun = world.clock().date()
    assert date.fromisoformat(told["due_on"]) >= begun + timedelta(days=5)
    desk = Desk(world)
    assert desk.step(told["id"], "needs-more", **WHY).json()["due_on"] is None
    assert answered(device, told["id"]).json()["due_on"] == told["due_on"]
    world.clock.offset += timedelta(days=30)
    row = desk.get(f"/requests?reference={told['reference']}").json()[0]
    assert row["overdue"] is True


class Flaky:
    """A gateway that takes nothing for so many tries, then takes a message and is asked about it again."""

    def __init__(self, fails: int) -> None:
        self.fails = fails
        self.tried: list[str] = []
        self.taken: list[tuple[str, str, str]] = []

    def send(self, to: str, text: str, once: str = "") -> None:
        self.tried.append(once)
        if len(self.tried) <= self.fails:
            raise OSError(to, text)
        self.taken.append((to, text, once))


class Office:
    """A service without its own messenger's hurry: tests send what is owed, at the times they choose."""

    def __init__(self, world: World, gateway: Any) -> None:
        self.world = world
        self.gateway = gateway
        centre = world.server._centre
        assert centre is not None
        self.centre = centre
        world.server._server.config.app.state.sms = None  # type: ignore[union-attr]

    def send_all(self) -> None:
        while send_next(self.centre, self.gateway):
            pass


def office(folder: Path, gateway: Any) -> Office:
    return Office(open_world(folder, sms=gateway), gateway)


def until(so: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not so():
        assert time.monotonic() < end
        time.sleep(0.05)


def history(desk: Desk, request: str) -> list[str]:
    return [step["action"] for step in desk.get(f"/requests/{request}").json()["history"]]


def test_citizens_are_told_by_message_with_nothing_about_them_in_it(tmp_path: Path) -> None:
    file = tmp_path / "sms.jsonl"
    world = open_world(tmp_path, sms=SimulatedSms(file, Clock()))
    device, desk = world.device(), Desk(world)
    told = device.submit(device.order(content(404, name="欧阳短信"))).json()
    desk.step(told["id"], "needs-more", **WHY)
    until(lambda: history(desk, told["id"])[-1] == "told")  # by the service's own thread
    [line] = [json.loads(text) for text in file.read_text().splitlines()]
    assert line["to"] == mobile(404)
    assert told["reference"] in line["text"]
    assert "欧阳" not in line["text"]
    assert file.stat().st_mode & 0o077 == 0
    assert mobile(404) not in json.dumps(history(desk, told["id"]))
    # The simulator remembers, whoever asks: the same message is never there twice.
    SimulatedSms(file, world.clock).send(line["to"], line["text"], line["id"])
    assert len(file.read_text().splitlines()) == 1
    close_world(world)


def test_a_gateway_that_fails_is_tried_again_later_and_the_message_goes_out_once(tmp_path: Path) -> None:
    gateway = Flaky(2)
    place = office(tmp_path, gateway)
    device, desk = place.world.device(), Desk(place.world)
    told = device.submit(device.order(content(405))).json()
    assert desk.step(told["id"], "accept").json()["state"] == "accepted"
    for minutes, tries in ((0, 1), (0, 1), (1, 2), (2, 2), (3, 3), (60, 3)):
        place.world.clock.offset = timedelta(minutes=minutes, seconds=5)
        place.send_all()
        assert len(gateway.tried) == tries
    assert [(to, once) for to, _, once in gateway.taken] == [(mobile(405), gateway.tried[0])]
    assert history(desk, told["id"])[-2:] == ["accept", "told"]
    close_world(place.world)


def test_a_message_owed_outlives_the_service_and_one_that_never_goes_out_is_shown(tmp_path: Path) -> None:
    gateway = Flaky(99)
    place = office(tmp_path, gateway)
    device, desk = place.world.device(), Desk(place.world)
    told = device.submit(device.order(content(406))).json()
    desk.step(told["id"], "accept")
    close_world(place.world)  # before anything was sent
    place = office(tmp_path, gateway)
    desk = Desk(place.world)
    for day in range(TRIES):
        place.world.clock.offset = timedelta(hours=4 * day)
        place.send_all()
    assert len(gateway.tried) == TRIES
    assert len(set(gateway.tried)) == 1
    assert history(desk, told["id"])[-1] == "not-told"
    place.world.clock.offset = timedelta(days=5)
    place.send_all()
    assert len(gateway.tried) == TRIES
    close_world(place.world)
