"""What a kiosk asks for itself: configuration and catalogue by tag, heartbeat, commands; and the fleet page."""

from datetime import timedelta

import httpx
import pytest

from tests.central.world import BRANCH, CATALOGUE, Device, World, code_of

CONFIG = "/api/v1/devices/me/config"
COMMANDS = "/api/v1/devices/me/commands"


@pytest.mark.parametrize("path", [CONFIG, "/api/v1/catalogue"])
def test_what_has_not_changed_is_not_sent_again(device: Device, path: str) -> None:
    first = device.call("GET", path)
    tag = first.headers["ETag"]
    again = device.call("GET", path, headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    assert device.call("GET", path, headers={"If-None-Match": f'"other", {tag}'}).status_code == 304
    assert device.call("GET", path, headers={"If-None-Match": '"other"'}).json() == first.json()


def test_every_kiosk_has_its_own_configuration(world: World) -> None:
    one, two = world.device("421225-001"), world.device("421225-001")
    assert one.call("GET", CONFIG).json()["kiosk"]["number"] == 1
    assert two.call("GET", CONFIG).json()["kiosk"]["number"] == 2
    assert one.call("GET", CONFIG).headers["ETag"] != two.call("GET", CONFIG).headers["ETag"]


def test_the_catalogue_is_public_as_halls_must_publish_it(world: World) -> None:
    told = world.http.get(f"{world.url}/api/v1/catalogue").json()
    assert told["version"] == CATALOGUE.version
    assert [field["name"] for field in told["services"]["A4"]["fields"]] == ["mobile", "postcode"]


def beat(**more: object) -> dict[str, object]:
    return {"version": "0.1.0", "health": {"printer": "paper-low", "scanner": "ready"}, **more}


def test_a_heartbeat_is_answered_with_time_and_tags(world: World, device: Device) -> None:
    answer = device.call("POST", "/api/v1/devices/me/heartbeat", beat(outbox={"count": 2, "oldest_age_s": 61.5}))
    told = answer.json()
    assert told["commands_pending"] == 0
    assert told["config_etag"] == device.call("GET", CONFIG).headers["ETag"]
    assert told["catalogue_etag"] == world.http.get(f"{world.url}/api/v1/catalogue").headers["ETag"]
    assert told["server_time"].endswith("+08:00")


@pytest.mark.parametrize("wrong", [{"health": {"printer": "fine"}}, {"outbox": {"count": -1}}, {"version": ""}])
def test_a_heartbeat_of_other_words_is_malformed(device: Device, wrong: dict[str, object]) -> None:
    assert code_of(device.call("POST", "/api/v1/devices/me/heartbeat", beat() | wrong)) == "malformed"


def fleet(world: World, device: Device, staff: dict[str, str]) -> dict[str, object]:
    rows = world.http.get(f"{world.url}/api/v1/fleet/devices", headers=staff).json()
    [row] = [row for row in rows if row["device_id"] == device.id]
    return dict(row)


def test_the_fleet_shows_health_and_silence(world: World, device: Device) -> None:
    staff = world.staff("fleet")
    assert fleet(world, device, staff)["silent"] is True
    device.call("POST", "/api/v1/devices/me/heartbeat", beat())
    row = fleet(world, device, staff)
    assert (row["silent"], row["trouble"], row["version"]) == (False, ["printer"], "0.1.0")
    world.clock.offset = timedelta(minutes=4)
    assert fleet(world, device, staff)["silent"] is True


def order(world: World, device: Device, kind: str, staff: dict[str, str]) -> httpx.Response:
    url = f"{world.url}/api/v1/fleet/devices/{device.id}/commands"
    return world.http.post(url, json={"kind": kind}, headers=staff)


def test_a_command_is_fetched_and_reported_on(world: World, device: Device) -> None:
    made = order(world, device, "test-print", world.staff("technician")).json()
    answer = device.call("POST", "/api/v1/devices/me/heartbeat", beat())
    assert answer.json()["commands_pending"] == 1
    [waiting] = device.call("GET", COMMANDS).json()
    assert (waiting["id"], waiting["kind"], waiting["state"]) == (made["id"], "test-print", "queued")

    def report(state: str) -> httpx.Response:
        return device.call("PATCH", f"{COMMANDS}/{made['id']}", {"state": state})

    assert report("in_progress").json()["state"] == "in_progress"
    assert report("succeeded").json()["state"] == "succeeded"
    assert report("succeeded").status_code == 200
    assert code_of(report("failed")) == "state-conflict"
    assert device.call("GET", COMMANDS).json() == []


def test_commands_come_from_the_list_and_from_those_who_may(world: World, device: Device) -> None:
    assert code_of(order(world, device, "shell", world.staff("admin"))) == "malformed"
    assert code_of(order(world, device, "reboot", world.staff("fleet"))) == "role-missing"
    assert code_of(order(world, device, "reboot", {})) == "token-missing"
    made = order(world, device, "reboot", world.staff("admin")).json()
    stranger = world.device()
    assert code_of(stranger.call("PATCH", f"{COMMANDS}/{made['id']}", {"state": "failed"})) == "not-found"
    assert stranger.call("GET", COMMANDS).json() == []


def event(seq: int, **more: object) -> dict[str, object]:
    return {"origin_device": "K1", "origin_seq": seq, "type": "ticket", "at": "2026-11-22T10:00:00+08:00", **more}


def post(device: Device, *events: object, branch: str = BRANCH) -> httpx.Response:
    return device.call("POST", f"/api/v1/branches/{branch}/events", {"events": list(events)})


def test_events_are_stored_once_and_answered_each(world: World) -> None:
    device = world.device("421226-001")
    first = post(device, event(1, data={"label": "A001"}), event(2), event(4), branch="421226-001").json()
    assert [result["result"] for result in first["results"]] == ["accepted"] * 3
    assert first["acknowledged"] == {"K1": 2}
    again = post(device, event(2), event(3), {"origin_seq": 5}, event(-1), branch="421226-001").json()
    results = [result["result"] for result in again["results"]]
    assert results == ["duplicate", "accepted", "rejected", "rejected"]
    assert all(result["code"] for result in again["results"][2:])
    assert again["acknowledged"] == {"K1": 4}


def test_events_of_another_branch_are_refused(device: Device) -> None:
    answer = post(device, event(1), branch="421227-001")
    assert (answer.status_code, code_of(answer)) == (403, "wrong-branch")


def test_a_batch_has_500_events_at_most(device: Device) -> None:
    assert code_of(post(device, *[event(n) for n in range(1, 502)])) == "malformed"


def test_health_tells_whether_it_works_and_by_which_clock(world: World) -> None:
    told = world.http.get(f"{world.url}/healthz").json()
    assert (told["ok"], told["service"], told["database"], told["clock"]) == (True, "central", "ok", "system clock")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/nothing", 404), ("DELETE", "/healthz", 405), ("GET", "/docs", 404), ("POST", "/api/v1/requests/", 307)],
)
def test_other_addresses_are_problems_too(world: World, method: str, path: str, status: int) -> None:
    answer = world.http.request(method, world.url + path)
    assert answer.status_code == status
    if status >= 400:
        code_of(answer)
