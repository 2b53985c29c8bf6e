"""The registry: asked with enough assurance only, masked, and never a reason to lose a request."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from central.registry.base import Holder, RegistryAway
from central.registry.demo import DemoRegistry
from central.registry.files import FileRegistry
from central.registry.http import HttpRegistry
from kiosk.domain.documents import identify
from kiosk.domain.errors import Refusal
from kiosk.wiring import places
from tests.central.test_desk import Desk
from tests.central.world import Device, World, close_world, code_of, open_world, resident_id

TODAY = date(2026, 11, 22)
DEMO = DemoRegistry(TODAY)


def person(**wanted: Any) -> tuple[str, Holder]:
    """The first of the demo's people of whom this is true."""
    for number in DEMO.people:
        found = DEMO.find("resident_id", number)
        assert found is not None
        facts = dict(found.facts) | (dict(found.licence.facts) if found.licence else {})
        if found.licence and found.vehicles and all(facts.get(name) == value for name, value in wanted.items()):
            return number, found
    raise AssertionError(wanted)


class Moody:
    """A register that can be away or broken."""

    def __init__(self) -> None:
        self.mood: type[Exception] | None = None

    def find(self, kind: str, number: str) -> Holder | None:
        if self.mood is not None:
            raise self.mood
        return DEMO.find(kind, number)


REGISTRY = Moody()


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    whole = places.catalogue()
    services = {code: replace(service, min_assurance="typed") for code, service in whole.services.items()}
    opened = open_world(tmp_path_factory.mktemp("known"), replace(whole, services=services), registry=REGISTRY)
    yield opened
    close_world(opened)


@pytest.fixture
def kiosk(known: World) -> Iterator[Device]:
    yield known.device()
    REGISTRY.mood = None


def ask(device: Device, number: str, assurance: str = "card", **more: Any) -> httpx.Response:
    body = {"assurance": assurance, "applicant": {"kind": "resident_id", "number": number}} | more
    return device.call("POST", "/api/v1/registry/queries", body)


def test_the_demo_has_hundreds_of_people_whose_numbers_check_and_always_the_same() -> None:
    assert len(DEMO.people) >= 300
    assert all(identify(number, expect="resident_id", today=TODAY).valid for number in DEMO.people)
    assert DemoRegistry(TODAY).people == DEMO.people
    holders = [DEMO.find("resident_id", number) for number in DEMO.people]
    assert sum(len(holder.vehicles) for holder in holders if holder) >= 200


def test_a_card_is_told_each_service_with_reasons_and_what_is_hers_masked(kiosk: Device) -> None:
    number, holder = person(licence_status="K")
    told = ask(kiosk, number).json()
    assert told["known"] is True
    assert told["checked"] is True
    decisions = {one["service"]: one for one in told["services"]}
    assert decisions["C2"]["decision"] == "block"
    assert decisions["C2"]["reasons"][0]["text_zh"]
    assert decisions["C2"]["reasons"][0]["source"]
    assert holder.licence is not None
    whole = json.dumps(told, ensure_ascii=False)
    assert number not in whole
    assert holder.name not in whole
    assert told["licence"]["classes"] == holder.licence.facts["licence_class"]
    assert len(told["vehicles"]) == len(holder.vehicles)
    assert all(vehicle.plate not in whole for vehicle in holder.vehicles)


@pytest.mark.parametrize("assurance", ["none", "typed"])
def test_a_typed_number_is_told_nothing(kiosk: Device, assurance: str) -> None:
    refused = ask(kiosk, DEMO.people[0], assurance)
    assert (refused.status_code, code_of(refused)) == (403, "assurance-too-low")


def test_a_scan_is_told_the_decisions_and_no_possessions(kiosk: Device) -> None:
    number, _ = person(licence_status="A")
    told = ask(kiosk, number, "scanned", service="C1").json()
    assert [one["service"] for one in told["services"]] == ["C1"]
    assert (told["licence"], told["vehicles"]) == (None, [])


def test_what_she_says_herself_is_added_to_what_the_register_knows_and_never_put_above_it(kiosk: Device) -> None:
    number, _ = person(licence_status="K")
    long_ago = (TODAY - timedelta(days=60)).isoformat()

    def codes(service: str, **facts: Any) -> set[str]:
        [told] = ask(kiosk, number, service=service, facts=facts).json()["services"]
        return {reason["code"] for reason in told["reasons"]}

    assert codes("C5", changed_on=long_ago) > codes("C5")
    assert codes("C2", licence_status="A") == codes("C2") != set()
    wrong = ask(kiosk, number, facts={"seats": "many"})
    assert (wrong.status_code, code_of(wrong)) == (422, "facts-unreadable")


def test_somebody_unknown_and_a_register_that_is_away_are_told_as_unchecked(kiosk: Device) -> None:
    stranger = ask(kiosk, resident_id(958)).json()
    assert (stranger["known"], stranger["checked"]) == (False, True)
    REGISTRY.mood = RegistryAway
    away = ask(kiosk, DEMO.people[0]).json()
    assert (away["known"], away["checked"]) == (False, False)
    assert {one["decision"] for one in away["services"]} == {"unchecked"}


def test_unsigned_or_unknown_service_is_refused(kiosk: Device) -> None:
    body = {"assurance": "card", "applicant": {"kind": "resident_id", "number": DEMO.people[0]}}
    unsigned = kiosk.world.http.post(f"{kiosk.world.url}/api/v1/registry/queries", json=body)
    assert code_of(unsigned) == "signature-invalid"
    assert code_of(ask(kiosk, DEMO.people[0], service="Z9")) == "service-unknown"


@pytest.mark.parametrize(
    ("mood", "number", "marked"),
    [
        (None, person(licence_status="A")[0], {"ok", "warn", "refer", "block"}),
        (None, resident_id(958), {"unknown"}),
        (RegistryAway, DEMO.people[0], {"unchecked"}),
        (RuntimeError, DEMO.people[0], {"unchecked"}),
    ],
)
def test_a_request_is_taken_in_whatever_the_register_says_and_marked(
    known: World, kiosk: Device, mood: type[Exception] | None, number: str, marked: set[str]
) -> None:
    REGISTRY.mood = mood
    what = {"applicant": {"kind": "resident_id", "number": number, "name": ""}, "fields": {"mobile": "13900000001"}}
    told = kiosk.submit(kiosk.order(what, consents=["correct", "entrust", "sensitive"]))
    assert told.status_code == 201, told.text
    assert told.json()["registry"] in marked
    row = Desk(known).get(f"/requests?reference={told.json()['reference']}").json()[0]
    assert row["registry"] in marked


def test_another_name_than_the_registers_is_for_the_office_to_look_at(kiosk: Device) -> None:
    number, _ = person(licence_status="A")
    what = {"applicant": {"kind": "resident_id", "number": number, "name": "某某"}, "fields": {"mobile": "13900000001"}}
    told = kiosk.submit(kiosk.order(what, consents=["correct", "entrust", "sensitive"]))
    assert told.json()["registry"] == "refer"


def test_a_register_in_spreadsheets(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text(f"number,name,birth_date\n{resident_id(958)},某某,1958-03-07\n", "utf-8-sig")
    (tmp_path / "licences.csv").write_text(f"holder,number,licence_class\n{resident_id(958)},42120219,C1\n", "utf-8")
    (tmp_path / "vehicles.csv").write_text(
        f"holder,plate,vehicle_status,vehicle_tax_paid\n{resident_id(958)},鄂L12345,A,是\n", "utf-8"
    )
    registry = FileRegistry(tmp_path)
    found = registry.find("resident_id", resident_id(958))
    assert found is not None
    assert found.licence is not None
    assert found.licence.facts == {"licence_class": "C1"}
    assert found.vehicles[0].facts == {"vehicle_status": "A", "vehicle_tax_paid": True}
    (tmp_path / "people.csv").write_bytes(b"\xff\xfe broken")
    assert registry.find("resident_id", resident_id(958)) == found
    with pytest.raises(Refusal, match="cannot be read"):
        FileRegistry(tmp_path / "nowhere")


def test_a_register_behind_a_citys_interface() -> None:
    told = {"name": "某某", "facts": {}, "licence": {"number": "1", "facts": {"licence_class": "C1"}}, "vehicles": []}

    class City(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            code = {"1": 200, "2": 404}.get(asked["number"], 500)
            self.send_response(code if self.headers["Authorization"] == "Bearer x" else 401)
            self.end_headers()
            self.wfile.write(json.dumps(told).encode())

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), City) as city:
        thread = threading.Thread(target=city.serve_forever)
        thread.start()
        try:
            registry = HttpRegistry(f"http://127.0.0.1:{city.server_port}/", "x")
            found = registry.find("resident_id", "1")
            assert found is not None
            assert found.licence is not None
            assert registry.find("resident_id", "2") is None
            with pytest.raises(RegistryAway):
                registry.find("resident_id", "3")
            with pytest.raises(RegistryAway):  # it rests before it is asked again
                registry.find("resident_id", "1")
        finally:
            city.shutdown()
            thread.join()
