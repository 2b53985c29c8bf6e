"""Where an officer lets kiosks in: a claim alone makes one that may say how it is, and hand in nothing."""

import json
import re
from base64 import b64encode
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.domain.errors import Refusal
from kiosk.domain.key_mark import key_mark
from kiosk.wiring import admission
from kiosk.wiring.conformance import Conformance
from tests.central.world import BRANCH, Device, World, close_world, code_of, content, open_world

BEAT = {"version": "1", "health": {}}


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = open_world(tmp_path_factory.mktemp("guarded"), admission="officer")
    yield world
    close_world(world)


def decided(world: World, device: str, fate: str, role: str = "admin") -> httpx.Response:
    return world.http.post(f"{world.url}/api/v1/fleet/devices/{device}/{fate}", headers=world.staff(role))


def book(world: World, subject: str) -> list[str]:
    lines = world.http.get(f"{world.url}/api/v1/desk/audit", headers=world.staff("admin")).json()
    return [line["action"] for line in lines if line["subject"] == subject]


def test_a_kiosk_that_waits_may_say_how_it_is_and_hand_in_nothing(guarded: World) -> None:
    key = Ed25519PrivateKey.generate()
    code = guarded.server.claim("421230-001")
    assert [guarded.enrol(code, key).json()["state"] for _ in range(2)] == ["pending", "pending"]
    device = guarded.device("421230-002")
    beat = device.call("POST", "/api/v1/devices/me/heartbeat", BEAT)
    assert (beat.status_code, beat.json()["device_state"], beat.json()["commands_pending"]) == (200, "pending", 0)
    assert device.call("GET", "/api/v1/devices/me/config").json()["device_id"] == device.id
    assert device.call("GET", "/api/v1/catalogue").status_code == 200
    refused = device.submit(device.order(content(801)))
    assert (refused.status_code, code_of(refused), refused.json()["retry"]) == (403, "device-pending", "later")
    asked: list[tuple[str, str, Any]] = [
        ("GET", f"/api/v1/requests?client_request_id={uuid4()}", None),
        ("GET", "/api/v1/devices/me/commands", None),
        ("POST", "/api/v1/branches/421230-002/events", {"events": []}),
        ("POST", "/api/v1/devices/me/keys", {"public_key": "A" * 43 + "="}),
        ("POST", "/api/v1/devices/me/diagnostics", {"version": "1", "taken_at": guarded.clock().isoformat()}),
    ]
    assert [code_of(device.call(method, path, body)) for method, path, body in asked] == ["device-pending"] * 5


def test_once_an_officer_has_let_it_in_its_requests_are_taken_and_the_book_says_who(guarded: World) -> None:
    device = guarded.device("421230-003")
    assert code_of(decided(guarded, device.id, "accept", "desk")) == "role-missing"
    assert code_of(decided(guarded, device.id, "resume")) == "state-conflict"
    assert decided(guarded, device.id, "accept").json()["state"] == "accepted"
    assert device.call("POST", "/api/v1/devices/me/heartbeat", BEAT).json()["device_state"] == "accepted"
    assert device.submit(device.order(content(802))).status_code == 201
    assert code_of(decided(guarded, device.id, "accept")) == "state-conflict"
    assert sorted(book(guarded, device.id)) == ["applied", "let-in"]


def test_one_that_is_refused_stays_out_and_gives_its_number_back(guarded: World) -> None:
    code, key = guarded.server.claim("421230-004"), Ed25519PrivateKey.generate()
    told = guarded.enrol(code, key).json()
    device = Device(guarded, told["device_id"], told["key_id"], key, guarded.device("421230-005").config)
    assert decided(guarded, device.id, "refuse").json()["state"] == "retired"
    assert code_of(device.call("POST", "/api/v1/devices/me/heartbeat", BEAT)) == "device-retired"
    assert code_of(guarded.enrol(code, key)) == "device-retired"
    assert code_of(decided(guarded, device.id, "accept")) == "state-conflict"
    assert guarded.device("421230-004").config.kiosk.number == told["config"]["kiosk"]["number"]
    assert "turned-away" in book(guarded, device.id)


def test_the_fleet_page_shows_whose_key_it_is_and_lets_it_in(guarded: World) -> None:
    code, key = guarded.server.claim("421230-006"), Ed25519PrivateKey.generate()
    device = guarded.enrol(code, key).json()["device_id"]
    guarded.server.grant("admin", "准入员", "4826")
    guarded.server.grant("fleet", "只看", "4826")
    with httpx.Client(base_url=guarded.url, follow_redirects=True, timeout=20) as browser:
        browser.post("/sign-in", data={"name": "只看", "pin": "4826", "to": "/fleet"})
        assert f"{device}/accept" not in browser.get("/fleet").text
    with httpx.Client(base_url=guarded.url, follow_redirects=True, timeout=20) as browser:
        browser.post("/sign-in", data={"name": "准入员", "pin": "4826", "to": "/fleet"})
        page = browser.get("/fleet").text
        mark = key_mark(_public(key))
        assert f'<b class="number">{mark}</b>' in page
        assert "machine: test" in page
        assert f"{device}/command" not in page
        form = re.search(rf'action="/fleet/devices/{device}/accept"><input[^>]*name="word" value="([^"]+)"', page)
        assert form is not None
        after = browser.post(f"/fleet/devices/{device}/accept", data={"word": form[1]}).text
        assert f"{device}/accept" not in after
        assert f"{device}/command" in after
        assert browser.post(f"/fleet/devices/{device}/refuse", data={"word": "elsewhere"}).status_code == 403


def test_by_command_those_that_wait_come_first_and_can_be_let_in(
    guarded: World, capsys: pytest.CaptureFixture[str]
) -> None:
    device = guarded.device("421230-007")
    centre = guarded.server._running()
    assert admission.listed(centre) == 0
    states = [json.loads(line)["state"] for line in capsys.readouterr().out.splitlines()]
    assert states == sorted(states, key=lambda state: state != "pending")
    assert admission.decide(centre, device.id, "accept", "县局") == 0
    assert json.loads(capsys.readouterr().out)["state"] == "accepted"
    with pytest.raises(Refusal, match="does not wait to be let in"):
        admission.decide(centre, device.id, "refuse", "县局")
    with pytest.raises(Refusal, match="kiosk central devices"):
        admission.decide(centre, "nobody", "accept", "县局")
    with pytest.raises(Refusal, match="--name"):
        admission.decide(centre, device.id, "accept", " ")


def test_the_conformance_check_says_what_a_kiosk_that_waits_could_not_be_asked(guarded: World) -> None:
    found = {each.name: each.ok for each in Conformance(guarded.url, guarded.server.claim("421230-008")).run()}
    assert False not in found.values()
    assert found["a-device-that-waits-hands-nothing-in"]
    assert found["a-request-is-taken-once"] is None


def test_by_default_the_claim_is_enough(world: World) -> None:
    device = world.device(BRANCH)
    assert device.call("POST", "/api/v1/devices/me/heartbeat", BEAT).json()["device_state"] == "accepted"


def _public(key: Ed25519PrivateKey) -> str:
    return b64encode(key.public_key().public_bytes_raw()).decode()
