"""The fleet as people look at it: tiles, alarms, a branch's day."""

import re
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest

from kiosk.domain import one_time
from tests.central.world import Device, World, close_world, content, open_world


@pytest.fixture
def browser(world: World) -> Iterator[httpx.Client]:
    world.server.grant("fleet", "巡检员", "4826")
    with httpx.Client(base_url=world.url, follow_redirects=True, timeout=20) as client:
        client.post("/sign-in", data={"name": "巡检员", "pin": "4826", "to": "/fleet"})
        yield client


def beat(device: Device, **more: object) -> None:
    answer = device.call("POST", "/api/v1/devices/me/heartbeat", {"version": "1", "health": {}} | more)
    assert answer.status_code == 200


def tile(page: str, branch: str) -> str:
    found = re.search(rf'<a class="tile (\w+)" href="/fleet/branches/{branch}">', page)
    assert found is not None
    return found[1]


def test_a_tile_says_at_a_glance_where_somebody_has_to_go(world: World, browser: httpx.Client) -> None:
    hot, old, ill, fine = (world.device(f"42122{n}-050") for n in range(1, 5))
    beat(hot, temperature_c=82)
    beat(old, outbox={"count": 3, "oldest_age_s": 7200})
    beat(ill, health={"printer": "paper-out"})
    beat(fine, temperature_c=50, outbox={"count": 1, "oldest_age_s": 30}, health={"printer": "ready"})
    page = browser.get("/fleet").text
    assert [tile(page, f"42122{n}-050") for n in range(1, 5)] == ["warn", "warn", "warn", "ok"]
    assert "✕ 82 °C" in page
    assert "积压超过 1 小时" in page
    world.clock.offset += timedelta(minutes=4)
    assert tile(browser.get("/fleet").text, "421224-050") == "stop"


def test_a_kiosk_older_than_is_wanted_is_seen_and_one_that_was_never_heard_is_not_called_old(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    world = open_world(tmp_path_factory.mktemp("newer"), min_client_version="0.10")
    try:
        old, new, silent = (world.device(f"42122{n}-060") for n in range(1, 4))
        beat(old, version="0.9")
        beat(new, version="0.10.0")
        kiosks = world.http.get(f"{world.url}/api/v1/fleet/devices", headers=world.staff("fleet")).json()
        seen = {kiosk["device_id"]: kiosk["too_old"] for kiosk in kiosks}
        assert seen == {old.id: True, new.id: False, silent.id: False}
        assert old.call("GET", "/api/v1/devices/me/config").json()["min_client_version"] == "0.10"
        world.server.grant("fleet", "巡检员", "4826")
        with httpx.Client(base_url=world.url, follow_redirects=True, timeout=20) as client:
            client.post("/sign-in", data={"name": "巡检员", "pin": "4826", "to": "/fleet"})
            page = client.get("/fleet").text
        assert page.count("版本过旧，只发号") == 1
        assert [tile(page, f"42122{n}-060") for n in (1, 2)] == ["warn", "ok"]
    finally:
        close_world(world)


def test_a_branchs_day_counts_tickets_waits_and_requests(world: World, browser: httpx.Client) -> None:
    device = world.device("421225-001")
    begun = world.clock().replace(hour=9, minute=0, second=0)
    seq = 0

    def event(ticket: str, minutes: int, state: str) -> dict[str, object]:
        nonlocal seq
        seq += 1
        at = (begun + timedelta(minutes=minutes)).isoformat()
        return {
            "origin_device": "hub", "origin_seq": seq, "type": "ticket", "at": at, "ticket_id": ticket,
            "data": {"state": state},
        }  # fmt: skip

    events = [
        event("t1", 0, "waiting"), event("t2", 5, "waiting"), event("t3", 70, "waiting"),
        event("t1", 10, "called"), event("t2", 35, "called"), event("t2", 38, "no_show"),
    ]  # fmt: skip
    assert device.call("POST", "/api/v1/branches/421225-001/events", {"events": events}).status_code == 200
    device.submit(device.order(content(701)))
    page = browser.get("/fleet/branches/421225-001").text
    figures = re.findall(r'<b class="number">([^<]+)</b>', page)
    assert figures == ["3", "2", "20", "30", "1", "1"]
    assert page.count("<rect") == 4  # tickets at 9 and at 10, the wait of those at 9, a request now
    yesterday = (begun.date() - timedelta(days=1)).isoformat()
    assert "这一天没有记录" in browser.get(f"/fleet/branches/421225-001?on={yesterday}").text
    assert browser.get("/fleet/branches/nowhere").status_code == 404
    assert browser.get("/fleet/branches/421225-001?on=x").status_code == 400


def test_a_kiosks_page_has_its_report_and_a_code_that_opens_its_menu_once(world: World, browser: httpx.Client) -> None:
    device = world.device("421226-001")
    facts = {"report": "readiness", "ready": "no", "printer": "NOT WELL"}
    bundle = {"version": "1", "taken_at": world.clock().isoformat(), "facts": facts, "lines": ["<b>close it</b>"]}
    page = f"/fleet/devices/{device.id}"
    assert "还没有收到" in browser.get(page).text
    assert device.call("POST", "/api/v1/devices/me/diagnostics", bundle).status_code == 201
    seen = browser.get(page).text
    assert "未就绪" in seen
    assert "NOT WELL" in seen
    assert "&lt;b&gt;close it&lt;/b&gt;" in seen
    assert f'href="{page}"' in browser.get("/fleet").text
    assert "service-code" not in re.findall(r'id="([\w-]+)"', seen)
    word = re.search(r'name="word" value="([^"]+)"', seen)
    assert word is not None
    told = browser.post(f"{page}/service-code", data={"word": word[1]})
    found = re.search(r'id="service-code">(\d+)<', told.text)
    assert found is not None
    assert told.headers["cache-control"] == "no-store"
    seconds = int(world.clock().timestamp())
    secret = one_time.secret_of(world.server._running().vault.server_secret, device.id)
    assert found[1] in {one_time.code(secret, seconds // one_time.PERIOD_S - back) for back in (0, 1)}
    assert browser.post(f"{page}/service-code", data={"word": "elsewhere"}).status_code == 403
    assert browser.get("/fleet/devices/nobody").status_code in (404, 422)
