"""The tree of places: inherited with overrides, drafted, previewed, published with a version, rolled back."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.central.test_desk import Desk
from tests.central.test_desk_pages import form_word
from tests.central.world import BRANCH, Device, World, code_of


class Office:
    """Somebody who manages places."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.headers = world.staff("technician")

    def call(self, method: str, path: str = "", body: Any = None) -> httpx.Response:
        url = f"{self.world.url}/api/v1/places{path}"
        return self.world.http.request(method, url, json=body, headers=self.headers)

    def put(self, place: str, level: str, parent: str | None = None) -> httpx.Response:
        return self.call("PUT", f"/{place}", {"name_zh": place, "name_en": place, "level": level, "parent": parent})

    def publish(self, place: str, **laid: Any) -> int:
        assert self.call("PUT", f"/{place}/draft", laid).status_code == 200
        return int(self.call("POST", f"/{place}/publish").json()["version"])


@pytest.fixture
def office(world: World) -> Office:
    return Office(world)


@pytest.fixture
def branch(world: World, office: Office) -> str:
    """A branch of its own under a city and a county of its own."""
    name = f"b{uuid4().hex[:12]}"
    world.server.claim(name)
    office.put(f"city-{name}", "city")
    office.put(f"county-{name}", "county", f"city-{name}")
    office.put(name, "branch", f"county-{name}")
    return name


def catalogue(device: Device) -> Any:
    return device.call("GET", "/api/v1/catalogue").json()


def test_what_is_laid_down_above_holds_below_until_it_is_laid_down_there(
    world: World, office: Office, branch: str
) -> None:
    device = world.device(branch)
    first = device.call("GET", "/api/v1/devices/me/config")
    assert (first.json()["version"], first.json()["hours"]) == (1, "")
    city = office.publish(
        f"city-{branch}",
        hours="09:00-17:00",
        services={"A4": {"fee_fen": 1050}, "A3": {"enabled": False}},
        texts={"zh": {"welcome.title": "市里的", "x.y": "市"}},
    )
    county = office.publish(f"county-{branch}", hours="10:00-16:00", texts={"zh": {"welcome.title": "县里的"}})
    assert county > city > 1
    again = device.call("GET", "/api/v1/devices/me/config", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 200
    told = again.json()
    assert (told["version"], told["hours"]) == (county, "10:00-16:00")
    assert told["texts"] == {"zh": {"welcome.title": "县里的", "x.y": "市"}}
    services = catalogue(device)["services"]
    assert (services["A4"]["fee_fen"], services["A4"]["fee_note"]["zh"]) == (1050, "10.50 元")
    assert services["A3"]["enabled"] is False
    other = catalogue(world.device())["services"]
    assert (other["A4"]["fee_fen"], other["A3"]["enabled"]) == (0, True)


def test_the_heartbeat_tells_that_something_new_was_published(world: World, office: Office, branch: str) -> None:
    device = world.device(branch)

    def tags() -> tuple[str, str]:
        told = device.call("POST", "/api/v1/devices/me/heartbeat", {"version": "1", "config_version": 1}).json()
        return told["config_etag"], told["catalogue_etag"]

    before = tags()
    fetched = device.call("GET", "/api/v1/catalogue").headers["etag"]
    assert before[1] == fetched
    version = office.publish(branch, services={"A4": {"enabled": False}})
    after = tags()
    assert after[0] != before[0]
    assert after[1] != before[1]
    assert device.call("GET", "/api/v1/catalogue").headers["etag"] == after[1]
    kiosks = world.http.get(f"{world.url}/api/v1/fleet/devices", headers=office.headers).json()
    mine = next(kiosk for kiosk in kiosks if kiosk["device_id"] == device.id)
    assert (mine["config_version"], mine["config_wanted"]) == (1, version)


def test_a_draft_holds_nowhere_and_is_previewed(world: World, office: Office, branch: str) -> None:
    city = f"city-{branch}"
    office.call("PUT", f"/{city}/draft", {"services": {"A4": {"enabled": False}}})
    assert catalogue(world.device(branch))["services"]["A4"]["enabled"] is True
    seen = office.call("GET", f"/{city}/preview?branch={branch}").json()
    assert seen["services"]["A4"]["enabled"] is False
    assert office.call("GET", f"/{city}/preview?branch={BRANCH}").status_code == 404
    assert office.call("DELETE", f"/{city}/draft").status_code == 204
    assert code_of(office.call("POST", f"/{city}/publish")) == "no-draft"


def test_rolling_back_gives_a_new_version_with_the_old_content(world: World, office: Office, branch: str) -> None:
    device = world.device(branch)
    first = office.publish(branch, hours="08:00-12:00")
    office.publish(branch, hours="13:00-18:00")
    back = office.call("POST", f"/{branch}/rollback", {"version": first}).json()
    assert back["version"] > first + 1
    config = device.call("GET", "/api/v1/devices/me/config").json()
    assert (config["version"], config["hours"]) == (back["version"], "08:00-12:00")
    states = [one["state"] for one in office.call("GET", f"/{branch}").json()["history"]]
    assert states == ["published", "older", "older"]
    assert office.call("POST", f"/{branch}/rollback", {"version": 9999}).status_code == 404


def test_a_service_rolls_out_on_its_day(world: World, office: Office, branch: str) -> None:
    device = world.device(branch)
    day = (world.clock().date() + timedelta(days=3)).isoformat()
    office.publish(branch, services={"A4": {"opens_on": day}})
    assert catalogue(device)["services"]["A4"]["enabled"] is False
    assert code_of(device.submit(device.order())) == "service-unknown"
    world.clock.offset += timedelta(days=3)
    assert catalogue(device)["services"]["A4"]["enabled"] is True
    assert device.submit(device.order()).status_code == 201


def test_before_its_day_a_branch_takes_no_direct_requests(world: World, office: Office, branch: str) -> None:
    device = world.device(branch)
    office.publish(f"county-{branch}", opens_on=(world.clock().date() + timedelta(days=1)).isoformat())
    assert code_of(device.submit(device.order())) == "not-direct"
    world.clock.offset += timedelta(days=1)
    assert device.submit(device.order()).status_code == 201


def test_ranges_of_a_branch_make_its_emergency_ranges(world: World, office: Office, branch: str) -> None:
    ranges = {"first": 1, "last": 299, "overflow": 2000, "emergency_base": 301, "emergency_step": 50}
    office.publish(branch, ranges=ranges | {"emergency_size": 40})
    assert world.device(branch).config.kiosk.emergency_range.model_dump() == {"first": 351, "last": 390}  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("laid", "code"),
    [
        ({"services": {"Z1": {"enabled": True}}}, "service-unknown"),
        ({"services": {"A4": {"enabled": True, "name": "x"}}}, "malformed"),
        ({"services": {"A4": {"fee_fen": -1}}}, "malformed"),
        ({"hours": "17:00-09:00"}, "malformed"),
        ({"hours": "9-17"}, "malformed"),
        ({"ranges": {"last": 800}}, "malformed"),
        ({"texts": {"zh": {"BAD KEY": "x"}}}, "malformed"),
        ({"texts": {"fr": {"a": "x"}}}, "malformed"),
        ({"nonsense": 1}, "malformed"),
    ],
)
def test_a_draft_that_cannot_be_is_refused(office: Office, branch: str, laid: Any, code: str) -> None:
    refused = office.call("PUT", f"/{branch}/draft", laid)
    assert (refused.status_code in (400, 422), code_of(refused)) == (True, code)


def test_the_tree_stays_a_tree(office: Office, branch: str) -> None:
    assert code_of(office.put(f"city-{branch}", "city", f"county-{branch}")) == "level-order"
    assert code_of(office.put(f"county-{branch}", "branch", f"city-{branch}")) == "level-order"
    assert code_of(office.put("somewhere", "county", "nowhere")) == "parent-unknown"
    order = [(place["id"], place["level"]) for place in office.call("GET").json() if place["id"].endswith(branch)]
    assert order == [(f"city-{branch}", "city"), (f"county-{branch}", "county"), (branch, "branch")]


def test_who_only_looks_changes_nothing(world: World, branch: str) -> None:
    viewer = Office(world)
    viewer.headers = world.staff("fleet")
    assert viewer.call("GET").status_code == 200
    for method, path in (("PUT", "/draft"), ("POST", "/publish"), ("DELETE", "/draft")):
        refused = viewer.call(method, f"/{branch}{path}", {} if method != "DELETE" else None)
        assert (refused.status_code, code_of(refused)) == (403, "role-missing")


def test_by_form_from_draft_to_rollback(world: World, branch: str) -> None:
    world.server.grant("admin", "网点主管", "4826")
    with httpx.Client(base_url=world.url, follow_redirects=True, timeout=20) as browser:
        browser.post("/sign-in", data={"name": "网点主管", "pin": "4826", "to": "/places"})
        assert branch in browser.get("/places").text
        page = browser.get(f"/places/{branch}")
        word = form_word(page)
        form = {
            "word": word,
            "switch:A4": "off",
            "fee:A3": "12.5",
            "hours": "08:30-12:00",
            "texts:zh": "welcome.title = <b>欢迎</b>\n\n",
            "remark": "试点",
        }
        kept = browser.post(f"/places/{branch}/draft", data=form)
        assert kept.status_code == 200
        assert "12.50" in kept.text
        assert "&lt;b&gt;欢迎" in kept.text
        published = browser.post(f"/places/{branch}/publish", data={"word": word})
        assert published.status_code == 200
        version = re.search(r"<strong>v(\d+)</strong>", published.text)
        assert version is not None
        config = world.device(branch).config
        assert (config.version, config.hours) == (int(version[1]), "08:30-12:00")
        assert config.texts == {"zh": {"welcome.title": "<b>欢迎</b>"}}
        browser.post(f"/places/{branch}/draft", data={"word": word})
        browser.post(f"/places/{branch}/publish", data={"word": word})
        back = browser.post(f"/places/{branch}/rollback", data={"word": word, "version": version[1]})
        assert back.status_code == 200
        assert world.device(branch).config.hours == "08:30-12:00"
        assert browser.post(f"/places/{branch}/draft", data={"word": word, "fee:A3": "x"}).status_code == 422
        assert browser.post(f"/places/{branch}/publish", data={"word": "foreign"}).status_code == 403
    assert "published" in {line["action"] for line in _book(world)}


def _book(world: World) -> list[dict[str, str]]:
    return list(Desk(world, "auditor").get("/audit").json())
