"""The desk: only the office moves a request, one legal step at a time, and every display is written down."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.central.world import Device, World, code_of, content, mobile, resident_id


class Desk:
    """An officer's hands."""

    def __init__(self, world: World, role: str = "desk", name: str = "") -> None:
        self.world = world
        self.headers = world.staff(role, name)

    def get(self, path: str) -> httpx.Response:
        return self.world.http.get(f"{self.world.url}/api/v1/desk{path}", headers=self.headers)

    def step(self, request: str, verb: str, **body: Any) -> httpx.Response:
        url = f"{self.world.url}/api/v1/desk/requests/{request}/{verb}"
        return self.world.http.post(url, json=body or None, headers=self.headers)


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world)


@pytest.fixture
def request_id(device: Device) -> str:
    return str(device.submit(device.order()).json()["id"])


WHY = {"reasons": ["身份证照片不清楚", "缺少委托书"]}


def test_accepting_gives_number_and_date(desk: Desk, device: Device, request_id: str) -> None:
    answer = desk.step(request_id, "accept")
    assert (answer.status_code, answer.json()["state"]) == (200, "accepted")
    acceptance = answer.json()["acceptance"]
    assert acceptance["number"].startswith("SL-421202-001-")
    assert acceptance["accepted_at"].endswith("+08:00")
    seen = device.call("GET", f"/api/v1/requests/{request_id}").json()
    assert (seen["state"], seen["acceptance"]) == ("accepted", acceptance)


def test_the_whole_way_to_done(desk: Desk, request_id: str) -> None:
    way: list[tuple[str, dict[str, Any]]] = [
        ("needs-more", WHY),
        ("accept", {}),
        ("progress", {"note": "已送车管所"}),
        ("done", {"ems": "EA123456789CN"}),
    ]
    states = [desk.step(request_id, verb, **body).json()["state"] for verb, body in way]
    assert states == ["needs_more", "accepted", "in_progress", "done"]
    history = desk.get(f"/requests/{request_id}").json()["history"]
    assert [step["action"] for step in history] == ["submit", "needs-more", "accept", "progress", "done"]
    assert "身份证照片不清楚; 缺少委托书" in [step["note"] for step in history]


def test_a_refusal_carries_the_whole_list_of_reasons(desk: Desk, device: Device, request_id: str) -> None:
    assert code_of(desk.step(request_id, "refuse")) == "reasons-missing"
    assert code_of(desk.step(request_id, "needs-more", reasons=["", "  "])) == "reasons-missing"
    assert desk.step(request_id, "refuse", **WHY).status_code == 202
    assert Desk(desk.world).step(request_id, "refuse").json()["state"] == "not_accepted"
    assert device.call("GET", f"/api/v1/requests/{request_id}").json()["reasons"] == WHY["reasons"]


@pytest.mark.parametrize(
    ("way", "verb"),
    [
        ([], "progress"),
        ([], "done"),
        (["accept"], "accept"),
        (["accept"], "refuse"),
        (["accept", "done"], "progress"),
        (["refuse"], "accept"),
    ],
)
def test_a_step_that_is_not_legal_changes_nothing(desk: Desk, request_id: str, way: list[str], verb: str) -> None:
    for earlier in way:
        assert desk.step(request_id, earlier, **WHY).status_code in (200, 202)
        if earlier == "refuse":
            assert Desk(desk.world).step(request_id, earlier).status_code == 200
    before = desk.get(f"/requests/{request_id}").json()
    answer = desk.step(request_id, verb, **WHY)
    assert (answer.status_code, code_of(answer)) == (409, "state-conflict")
    after = desk.get(f"/requests/{request_id}").json()
    assert (after["state"], after["history"]) == (before["state"], before["history"])


def test_of_two_officers_one_accepts(world: World, request_id: str) -> None:
    officers = [Desk(world) for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        codes = [answer.status_code for answer in pool.map(lambda who: who.step(request_id, "accept"), officers)]
    assert sorted(codes) == [200, *[409] * 5]


@pytest.mark.parametrize("text", [f"号码{resident_id()}不符", f"请电{mobile()}", "旧证420101580307204"])
def test_no_numbers_in_what_the_citizen_is_shown(desk: Desk, request_id: str, text: str) -> None:
    assert code_of(desk.step(request_id, "refuse", reasons=[text])) == "personal-data"
    assert code_of(desk.step(request_id, "accept", note=text)) == "personal-data"


def test_the_inbox_holds_nothing_personal(desk: Desk, device: Device) -> None:
    told = device.submit(device.order(content(611, name="诸葛演示"))).json()
    answer = desk.get(f"/requests?reference={told['reference']}")
    [row] = answer.json()
    assert (row["state"], row["service"], row["branch"]) == ("submitted", "A4", "421202-001")
    for word in ("诸葛", resident_id(611), mobile(611)):
        assert word not in answer.text


def test_the_inbox_is_filtered_and_oldest_first(desk: Desk, device: Device) -> None:
    told = [device.submit(device.order(content(n))).json()["id"] for n in (21, 22, 23)]
    assert desk.step(told[1], "accept").status_code == 200
    waiting = [row["id"] for row in desk.get("/requests?state=submitted&limit=200").json()]
    assert told[1] not in waiting
    assert waiting.index(told[0]) < waiting.index(told[2])
    assert desk.get("/requests?service=A3").json() == []
    assert desk.get("/requests?reference=%25' OR 1=1 --").json() == []
    assert code_of(desk.get("/requests?state=lost")) == "malformed"


def test_opening_shows_everything_and_is_written_down_first(world: World, request_id: str) -> None:
    officer, admin = Desk(world, name="经办人甲"), Desk(world, "admin")
    opened = officer.get(f"/requests/{request_id}").json()
    assert opened["applicant"] == content()["applicant"]
    assert opened["fields"]["mobile"] == mobile(204)
    lines = admin.get(f"/audit?subject={request_id}").json()
    assert [(line["actor"], line["action"]) for line in lines] == [("经办人甲", "displayed")]
    officer.get(f"/requests/{request_id}")
    assert len(admin.get(f"/audit?subject={request_id}").json()) == 2


def test_who_may_not_work_here_is_kept_out(world: World, request_id: str) -> None:
    url = f"{world.url}/api/v1/desk/requests/{request_id}"
    assert code_of(world.http.get(url)) == "token-missing"
    assert world.http.get(url).headers["WWW-Authenticate"] == "Bearer"
    assert code_of(world.http.get(url, headers={"Authorization": "Bearer guess"})) == "token-missing"
    assert code_of(world.http.get(url, headers={"Authorization": "Basic eDp5"})) == "token-missing"
    for role in ("fleet", "auditor"):
        refused = Desk(world, role).step(request_id, "accept")
        assert (refused.status_code, code_of(refused)) == (403, "role-missing")
    assert code_of(Desk(world, "desk").get("/audit")) == "role-missing"


def test_a_new_grant_ends_the_old_token(world: World) -> None:
    old = world.staff("desk", "换班")
    assert world.http.get(f"{world.url}/api/v1/desk/requests", headers=old).status_code == 200
    new = world.staff("desk", "换班")
    assert world.http.get(f"{world.url}/api/v1/desk/requests", headers=old).status_code == 401
    assert world.http.get(f"{world.url}/api/v1/desk/requests", headers=new).status_code == 200


def test_unknown_requests_and_verbs(desk: Desk, request_id: str) -> None:
    assert code_of(desk.step("nothing", "accept")) == "not-found"
    assert code_of(desk.get("/requests/nothing")) == "not-found"
    assert code_of(desk.step(request_id, "burn")) == "malformed"
    assert code_of(desk.step(request_id, "accept", reasons="x" * 10)) == "malformed"
