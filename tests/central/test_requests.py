"""POST /requests: one press is one request, whatever the network does; no answer repeats what was sent."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest

from tests.central.world import Device, World, code_of, content, mobile, resident_id


def test_a_new_request_is_created_and_says_where_it_stands(device: Device) -> None:
    order = device.order()
    answer = device.submit(order)
    assert answer.status_code == 201
    told = answer.json()
    assert told["state"] == "submitted"
    assert told["client_request_id"] == order["client_request_id"]
    assert told["reference"].startswith("XN-")
    assert told["received_at"].endswith("+08:00")
    assert len(told["status_token"]) == 22
    assert told["status_url"] == f"{device.world.url}/s/{told['status_token']}"
    assert told["acceptance"] is None
    assert answer.headers["Location"] == f"/api/v1/requests/{told['id']}"
    assert "Idempotent-Replayed" not in answer.headers


def test_the_same_again_is_a_replay(device: Device) -> None:
    order = device.order()
    first, second = device.submit(order), device.submit(order)
    assert second.status_code == 200
    assert second.headers["Idempotent-Replayed"] == "true"
    assert second.json() == first.json()


def test_the_same_sealed_anew_is_a_replay_too(device: Device) -> None:
    request = str(uuid4())
    first = device.submit(device.order(content(7), request))
    again = device.submit(device.order(content(7), request))
    assert (first.status_code, again.status_code) == (201, 200)


@pytest.mark.parametrize("change", ["mobile", "applicant", "assurance", "consents"])
def test_the_same_id_with_another_content_is_refused(device: Device, change: str) -> None:
    request = str(uuid4())
    assert device.submit(device.order(content(7), request)).status_code == 201
    other = {
        "mobile": lambda: device.order(content(7, mobile=mobile(99)), request),
        "applicant": lambda: device.order(content(8), request),
        "assurance": lambda: device.order(content(7), request, assurance="scanned"),
        "consents": lambda: device.order(content(7), request, consents=["correct", "sensitive", "more"]),
    }[change]()
    answer = device.submit(other)
    assert (answer.status_code, code_of(answer)) == (422, "key-reused")


def test_two_kiosks_may_use_the_same_id(world: World) -> None:
    one, two, request = world.device(), world.device(), str(uuid4())
    first, second = one.submit(one.order(None, request)), two.submit(two.order(None, request))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["id"] != second.json()["id"]


def test_a_storm_of_retries_is_one_request(device: Device) -> None:
    order = device.order()
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda _: device.submit(order), range(48)))
    assert sorted({answer.status_code for answer in answers}) == [200, 201]
    assert [answer.status_code for answer in answers].count(201) == 1
    assert len({answer.json()["reference"] for answer in answers}) == 1
    with sqlite3.connect(device.world.database) as database:
        rows = database.execute(
            "SELECT count(*) FROM requests WHERE client_request_id = ?", (order["client_request_id"],)
        ).fetchone()
    database.close()
    assert rows == (1,)


def test_references_never_repeat(device: Device) -> None:
    orders = [device.order(content(n)) for n in range(10, 34)]
    with ThreadPoolExecutor(8) as pool:
        references = [answer.json()["reference"] for answer in pool.map(device.submit, orders)]
    assert len(set(references)) == len(references)


def test_the_idempotency_key_is_the_client_request_id(device: Device) -> None:
    order = device.order()
    assert code_of(device.submit(order, key=None)) == "idempotency-key-missing"
    wrong = device.submit(order, key=str(uuid4()))
    assert (wrong.status_code, code_of(wrong)) == (400, "idempotency-key-mismatch")
    quoted = device.submit(order, key=f'"{order["client_request_id"]}"')
    assert quoted.status_code == 201


@pytest.mark.parametrize(
    ("what", "pointer", "code"),
    [
        (content(7, mobile="12345678901"), "/sealed/fields/mobile", "charset"),
        (content(7, mobile=""), "/sealed/fields/mobile", "required"),
        (content(7, postcode="43710"), "/sealed/fields/postcode", "postcode"),
        (
            {"applicant": {"kind": "resident_id", "number": resident_id()[:-1], "name": ""}, "fields": {}},
            "/sealed/applicant/number",
            "length",
        ),
        (
            {"applicant": {"kind": "vin", "number": resident_id(), "name": ""}, "fields": {}},
            "/sealed/applicant/kind",
            "unknown-document",
        ),
        ({"fields": {}}, "/sealed/applicant", "missing"),
        ([], "/sealed", "model_type"),
        (b"{", "/sealed", "json_invalid"),
        (b"[" * 5000, "/sealed", "json_invalid"),
        (content(7, name="<b>\x07</b>"), "/sealed/applicant/name", "name"),
    ],
)
def test_what_cannot_be_right_is_named_and_not_repeated(device: Device, what: object, pointer: str, code: str) -> None:
    answer = device.submit(device.order(what))
    assert (answer.status_code, code_of(answer)) == (422, "validation-failed")
    errors = {(error["pointer"], error["code"]) for error in answer.json()["errors"]}
    assert (pointer, code) in errors
    assert resident_id()[6:14] not in answer.text
    assert "1234567890" not in answer.text


def test_all_mistakes_are_told_at_once(device: Device) -> None:
    what = {"applicant": {"kind": "resident_id", "number": "1", "name": ""}, "fields": {"postcode": "x"}}
    answer = device.submit(device.order(what, consents=[]))
    pointers = {error["pointer"] for error in answer.json()["errors"]}
    assert pointers >= {"/sealed/applicant/number", "/sealed/fields/mobile", "/sealed/fields/postcode"}
    assert pointers >= {"/consents/correct", "/consents/sensitive"}


def test_a_failed_check_does_not_burn_the_id(device: Device) -> None:
    request = str(uuid4())
    assert code_of(device.submit(device.order(content(7, mobile="1"), request))) == "validation-failed"
    assert device.submit(device.order(content(7), request)).status_code == 201


def test_a_name_is_not_needed_where_a_number_was_typed(device: Device) -> None:
    assert device.submit(device.order(content(7, name=""))).status_code == 201


def test_consents_of_another_catalogue_version_are_taken_and_marked(device: Device) -> None:
    answer = device.submit(device.order(consents=["agreed-v2"]))
    assert answer.status_code == 201
    staff = device.world.staff()
    opened = device.world.http.get(
        f"{device.world.url}/api/v1/desk/requests/{answer.json()['id']}", headers=staff
    ).json()
    assert opened["consents"] == ["agreed-v2"]


def test_a_service_asks_for_its_assurance(device: Device) -> None:
    low = device.submit(device.order(service="A3", assurance="scanned"))
    assert (low.status_code, code_of(low)) == (422, "assurance-too-low")
    assert device.submit(device.order(service="A3", assurance="card")).status_code == 201
    confirmed = content() | {"proof": {"kind": "staff", "id": str(uuid4())}}
    assert device.submit(device.order(confirmed, service="A3", assurance="staff")).status_code == 201


@pytest.mark.parametrize("service", ["Z9", "C9"])
def test_a_service_that_is_not_offered_is_unknown(device: Device, service: str) -> None:
    answer = device.submit(device.order(service=service))
    assert (answer.status_code, code_of(answer)) == (404, "service-unknown")


def test_a_counter_service_takes_no_request(device: Device) -> None:
    assert code_of(device.submit(device.order(service="B1"))) == "not-direct"


@pytest.mark.parametrize(
    "change",
    [
        {"client_request_id": "no-uuid"},
        {"assurance": "certain"},
        {"captured_at": "2026-11-22T10:00:00"},
        {"sealed": {"kid": "x"}},
        {"service": "A4'; DROP TABLE requests;--"},
        {"consents": ["a\u0000b"]},
        {"consents": ["x"] * 21},
    ],
)
def test_a_message_of_another_form_is_malformed(device: Device, change: dict[str, object]) -> None:
    order = device.order() | change
    answer = device.submit(order, key=str(order["client_request_id"]))
    assert (answer.status_code, code_of(answer)) == (400, "malformed")
    assert answer.json()["errors"]


def test_what_is_no_json_is_malformed(device: Device) -> None:
    url = f"{device.world.url}/api/v1/requests"
    for body in (b"{", b"\xff\xfe", b"[" * 100_000, b""):
        headers = device.signer.headers("POST", url, body, "x") | {"Content-Type": "application/json"}
        answer = device.world.http.post(url, content=body, headers=headers)
        assert (answer.status_code, code_of(answer)) == (400, "malformed")


def test_a_body_of_ten_megabytes_is_not_read(device: Device) -> None:
    url = f"{device.world.url}/api/v1/requests"
    answer = device.world.http.post(url, content=b"x" * 10_000_000, headers={"Content-Type": "application/json"})
    assert (answer.status_code, code_of(answer)) == (413, "too-large")
    # Without an announced length the bytes are counted as they come.
    chunks = (b"x" * 65_536 for _ in range(80))
    answer = device.world.http.post(url, content=chunks, headers={"Content-Type": "application/json"})
    assert (answer.status_code, code_of(answer)) == (413, "too-large")


def test_a_request_is_found_by_its_ids(device: Device) -> None:
    told = device.submit(device.order()).json()
    assert device.call("GET", f"/api/v1/requests/{told['id']}").json() == told
    assert device.call("GET", f"/api/v1/requests?client_request_id={told['client_request_id']}").json() == told
    assert device.call("GET", f"/api/v1/requests?reference={told['reference']}").json() == told


def test_what_never_arrived_is_not_found(device: Device) -> None:
    for path in (f"/{uuid4()}", f"?client_request_id={uuid4()}", "?reference=XN-20200101-000001"):
        answer = device.call("GET", f"/api/v1/requests{path}")
        assert (answer.status_code, code_of(answer)) == (404, "not-found")
    assert code_of(device.call("GET", "/api/v1/requests")) == "malformed"


def test_another_kiosk_does_not_see_it(world: World) -> None:
    told = (owner := world.device()).submit(owner.order()).json()
    neighbour, stranger = world.device(), world.device("421223-001")
    for path in (f"/{told['id']}", f"?client_request_id={told['client_request_id']}"):
        assert code_of(neighbour.call("GET", f"/api/v1/requests{path}")) == "not-found"
    # A receipt may be shown at any kiosk of the branch, and nowhere else.
    by_reference = f"/api/v1/requests?reference={told['reference']}"
    assert neighbour.call("GET", by_reference).json()["state"] == "submitted"
    assert code_of(stranger.call("GET", by_reference)) == "not-found"


def test_withdrawing_twice_is_withdrawing_once(device: Device) -> None:
    told = device.submit(device.order()).json()
    path = f"/api/v1/requests/{told['id']}/cancellation"
    first, second = device.call("POST", path), device.call("POST", path)
    assert (first.status_code, first.json()["state"]) == (200, "withdrawn")
    assert second.json() == first.json()


def test_what_was_accepted_can_no_longer_be_withdrawn(device: Device) -> None:
    told = device.submit(device.order()).json()
    url = f"{device.world.url}/api/v1/desk/requests/{told['id']}/accept"
    assert device.world.http.post(url, headers=device.world.staff()).status_code == 200
    answer = device.call("POST", f"/api/v1/requests/{told['id']}/cancellation")
    assert (answer.status_code, code_of(answer)) == (409, "state-conflict")


def test_a_kiosk_whose_clock_is_wrong_about_the_capture_is_still_served(device: Device) -> None:
    long_ago = (device.world.clock() - timedelta(days=730)).isoformat()
    assert device.submit(device.order(captured_at=long_ago)).status_code == 201
