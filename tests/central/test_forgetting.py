"""What is due is forgotten, a person gets a copy or is erased, and figures tell nothing about anybody."""

import json
from base64 import b64encode
from dataclasses import fields, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from central.retention import Tidied, tidy
from kiosk.domain.catalogue import Field
from kiosk.domain.promises import START, Promise
from tests.central.test_desk import WHY, Desk
from tests.central.test_desk_pages import form_word
from tests.central.test_device_care import JOURNAL, records
from tests.central.test_devices import event
from tests.central.test_office import answered
from tests.central.test_photos import jpeg
from tests.central.world import (
    BRANCH,
    CATALOGUE,
    Device,
    World,
    close_world,
    code_of,
    content,
    open_world,
    resident_id,
    words,
)

PHOTO = Field("policy", "photo", words("保单"), words("?"), words(""))
WITH_PHOTO = replace(
    CATALOGUE,
    services=dict(CATALOGUE.services)
    | {"A4": replace(CATALOGUE.services["A4"], fields=(*CATALOGUE.services["A4"].fields, PHOTO))},
)


def photographed(device: Device, sequence: int) -> str:
    picture = b64encode(jpeg()).decode()
    told = device.submit(device.order(content(sequence) | {"photos": {"policy": picture}}))
    assert told.status_code == 201, told.text
    return str(told.json()["id"])


def test_photographs_go_first_content_later_and_what_was_done_stays(tmp_path: Path) -> None:
    world = open_world(tmp_path, WITH_PHOTO)
    device, desk = world.device(), Desk(world)
    done, still = photographed(device, 501), photographed(device, 502)
    desk.step(done, "accept")
    desk.step(done, "done", ems="EA1CN")
    centre = world.server._running()
    assert tidy(centre) == Tidied()
    world.clock.offset = timedelta(days=8)
    assert tidy(centre).photographs == 1
    seen = desk.get(f"/requests/{done}").json()
    assert (seen["photos"], seen["fields"]["mobile"]) == ({}, content(501)["fields"]["mobile"])
    assert desk.get(f"/requests/{still}").json()["photos"] != {}
    world.clock.offset = timedelta(days=31)
    assert tidy(centre).contents == 1
    assert tidy(centre).contents == 0
    seen = desk.get(f"/requests/{done}").json()
    assert (seen["applicant"]["number"], seen["fields"]) == ("", {})
    assert [step["action"] for step in seen["history"]] == ["submit", "accept", "done"]
    assert desk.get(f"/requests/{still}").json()["applicant"]["number"] == resident_id(502)
    page = world.http.get(f"{world.url}/s/{device.call('GET', f'/api/v1/requests/{done}').json()['status_token']}")
    assert page.status_code == 200
    assert "tidied" in {line["action"] for line in Desk(world, "auditor").get("/audit").json()}
    close_world(world)


def test_old_events_and_records_go_and_what_follows_still_fits(tmp_path: Path) -> None:
    world = open_world(tmp_path, event_days=400, promise_days=60)
    device, centre = world.device(), world.server._running()
    chain, other = records(device, 6), records(device, 1, chain="11ee11ee11ee11ee")
    first = device.call("POST", JOURNAL, {"records": chain[:4]}).json()
    events = f"/api/v1/branches/{BRANCH}/events"
    told = [event(seq, ticket_id="t", data={"state": "called"}) for seq in (1, 2, 4)]
    assert device.call("POST", events, {"events": told}).json()["acknowledged"] == {"K1": 2}
    assert tidy(centre) == Tidied()
    world.clock.offset = timedelta(days=61)
    assert (tidy(centre).promises, tidy(centre).promises) == (3, 0), "the last of a chain stays"
    wrong = chain[4] | {"previous": START}
    assert device.call("POST", JOURNAL, {"records": [wrong]}).status_code == 422, "its signature is of another"
    assert code_of(device.call("POST", JOURNAL, {"records": [chain[5]]})) == "journal-gap"
    forked = records(device, 4, word="B999")[3:]
    assert code_of(device.call("POST", JOURNAL, {"records": forked})) == "journal-forked"
    again = device.call("POST", JOURNAL, {"records": chain}).json()
    assert (again["seq"], again["public_key"]) == (6, first["public_key"]), "told once more from its beginning, it fits"
    assert device.call("POST", JOURNAL, {"records": other}).status_code == 200, "another chain is its own"
    auditor = world.staff("auditor")
    code = Promise(**{name: chain[0][name] for name in (each.name for each in fields(Promise))}).code
    assert world.http.get(f"{world.url}/api/v1/journal?code={code}", headers=auditor).json() == []
    world.clock.offset = timedelta(days=401)
    assert (tidy(centre).events, tidy(centre).events) == (3, 0)
    late = device.call("POST", events, {"events": [*told, event(3)]}).json()
    assert [one["result"] for one in late["results"]] == ["duplicate", "duplicate", "accepted", "accepted"]
    assert late["acknowledged"] == {"K1": 4}
    assert "tidied" in {line["action"] for line in Desk(world, "auditor").get("/audit").json()}
    close_world(world)


def people(world: World, verb: str, number: str, role: str = "supervisor") -> httpx.Response:
    body = {"kind": "resident_id", "number": number}
    return world.http.post(f"{world.url}/api/v1/desk/people/{verb}", json=body, headers=world.staff(role))


def test_a_person_gets_all_that_is_held_and_who_looked_at_it(world: World, device: Device) -> None:
    told = device.submit(device.order(content(510))).json()
    desk = Desk(world, name="某办事员")
    desk.step(told["id"], "needs-more", **WHY)
    answered(device, told["id"])
    desk.get(f"/requests/{told['id']}")
    held = people(world, "export", resident_id(510)).json()
    assert [request["reference"] for request in held["requests"]] == [told["reference"]]
    assert held["requests"][0]["answers"][0]["fields"]
    assert ("某办事员", "displayed") in {(line["actor"], line["action"]) for line in held["displayed"]}
    assert people(world, "export", resident_id(511)).json()["requests"] == []
    assert code_of(people(world, "export", resident_id(510), "desk")) == "role-missing"
    again = people(world, "export", resident_id(510)).json()
    assert "exported" in {line["action"] for line in again["displayed"]}


def test_erasure_waits_for_the_office_and_then_is_for_good(world: World, device: Device) -> None:
    told = device.submit(device.order(content(512))).json()
    refused = people(world, "erasure", resident_id(512))
    assert (refused.status_code, code_of(refused)) == (409, "still-open")
    device.call("POST", f"/api/v1/requests/{told['id']}/cancellation")
    assert people(world, "erasure", resident_id(512)).json() == {"erased": 1}
    assert people(world, "erasure", resident_id(512)).json() == {"erased": 0}
    assert Desk(world).get(f"/requests/{told['id']}").json()["applicant"]["number"] == ""
    book: list[dict[str, Any]] = Desk(world, "auditor").get(f"/audit?subject={told['id']}").json()
    assert "erased" in {line["action"] for line in book}


def test_a_persons_rights_by_form(world: World, device: Device) -> None:
    device.submit(device.order(content(513)))
    world.server.grant("supervisor", "权利专员", "4826")
    with httpx.Client(base_url=world.url, follow_redirects=True, timeout=20) as browser:
        browser.post("/sign-in", data={"name": "权利专员", "pin": "4826", "to": "/desk"})
        page = browser.get("/desk/people")
        form = {"word": form_word(page), "number": resident_id(513)}
        file = browser.post("/desk/people/export", data=form)
        assert file.headers["content-disposition"].startswith("attachment")
        assert len(json.loads(file.text)["requests"]) == 1
        refused = browser.post("/desk/people/erasure", data=form)
        assert (refused.status_code, "还有未结申请" in refused.text) == (409, True)
        assert browser.post("/desk/people/export", data=form | {"word": "x"}).status_code == 403


@pytest.mark.parametrize("path", ["/desk/people"])
def test_other_roles_do_not_even_see_the_page(world: World, path: str) -> None:
    world.server.grant("desk", "普通人员", "4826")
    with httpx.Client(base_url=world.url, follow_redirects=True, timeout=20) as browser:
        browser.post("/sign-in", data={"name": "普通人员", "pin": "4826", "to": "/desk"})
        assert browser.get(path).status_code == 403


def test_figures_for_prometheus_tell_counts_and_nothing_about_anybody(world: World, device: Device) -> None:
    told = device.submit(device.order(content(514, name="欧阳度量"))).json()
    device.call("POST", "/api/v1/devices/me/heartbeat", {"version": "1", "health": {"printer": "offline"}})
    world.http.get(f"{world.url}/s/{told['status_token']}")
    answer = world.http.get(f"{world.url}/metrics")
    text = answer.text
    assert answer.headers["content-type"].startswith("text/plain")
    assert 'central_requests{state="submitted"}' in text
    assert 'central_kiosks{condition="trouble"}' in text
    assert 'central_answers_total{method="POST",route="/api/v1/requests",status="201"}' in text
    assert 'route="/s/{token}"' in text
    for secret in (told["status_token"], told["id"], told["reference"], "欧阳", resident_id(514), device.id):
        assert secret not in text
