"""What strangers try: each refused with a proper answer, nothing stored, nothing given away."""

import json
import socket
from base64 import b64encode
from datetime import timedelta
from urllib.parse import urlsplit

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.central.test_desk import Desk
from tests.central.world import Device, World, code_of, content


def count(world: World) -> int:
    return len(Desk(world).get("/requests?limit=200").json())


def test_a_request_sent_again_as_it_was_is_refused_and_sent_anew_is_one_request(world: World, device: Device) -> None:
    order = device.order(content(601))
    body = json.dumps(order).encode()
    url = f"{world.url}/api/v1/requests"
    headers = device.signer.headers("POST", url, body, order["client_request_id"])
    headers["Content-Type"] = "application/json"
    first = world.http.post(url, content=body, headers=headers)
    assert first.status_code == 201
    again = world.http.post(url, content=body, headers=headers)
    assert (again.status_code, code_of(again)) == (401, "signature-replayed")
    assert device.submit(order).json()["id"] == first.json()["id"]


def test_a_changed_body_and_another_devices_key_are_refused(world: World, device: Device) -> None:
    order = device.order(content(602))
    url = f"{world.url}/api/v1/requests"
    headers = device.signer.headers("POST", url, json.dumps(order).encode(), order["client_request_id"])
    changed = json.dumps(order | {"service": "A3"}).encode()
    answer = world.http.post(url, content=changed, headers={**headers, "Content-Type": "application/json"})
    assert (answer.status_code, code_of(answer)) == (401, "signature-invalid")
    other = world.device()
    stolen = other.submit(order)  # sealed for the first device: the second one cannot hand it in
    assert (stolen.status_code, code_of(stolen)) == (422, "unsealable")


def test_a_key_id_of_another_or_no_algorithm_is_refused(world: World, device: Device) -> None:
    order = device.order(content(603))
    for sealed in (
        order["sealed"] | {"kid": "20000101000000-abcdef"},
        order["sealed"] | {"alg": "none"},
        order["sealed"] | {"kid": "../../server-secret"},
    ):
        refused = device.submit(order | {"sealed": sealed})
        assert refused.status_code in (400, 422)
        assert code_of(refused) in ("unsealable", "malformed")


def test_claims_that_expired_or_were_used_make_no_kiosk(world: World) -> None:
    code = world.server.claim("421202-001")
    world.clock.offset = timedelta(hours=25)
    assert code_of(world.enrol(code, Ed25519PrivateKey.generate())) == "claim-expired"
    world.clock.offset = timedelta()
    code = world.server.claim("421202-001")
    assert world.enrol(code, Ed25519PrivateKey.generate()).status_code == 201
    assert code_of(world.enrol(code, Ed25519PrivateKey.generate())) == "claim-used"


@pytest.mark.parametrize("where", ["/api/v1/desk/requests", "/api/v1/fleet/devices", "/api/v1/places"])
def test_nobody_in_particular_and_a_session_as_a_token_see_nothing(world: World, where: str) -> None:
    assert world.http.get(world.url + where).status_code == 401
    assert world.http.get(world.url + where, headers={"Authorization": "Bearer x"}).status_code == 401
    world.server.grant("admin", "会话攻击", "4826")
    with httpx.Client(base_url=world.url, timeout=20) as browser:
        browser.post("/sign-in", data={"name": "会话攻击", "pin": "4826"})
        token = browser.cookies["desk_session"]
    assert world.http.get(world.url + where, headers={"Authorization": f"Bearer {token}"}).status_code == 401


@pytest.mark.parametrize("text", ["' OR 1=1 --", "%' OR '1'='1", "\\'; DROP TABLE requests; --", "_" * 5, "%"])
def test_sql_in_a_search_finds_nothing_and_harms_nothing(world: World, device: Device, text: str) -> None:
    device.submit(device.order(content(604)))
    before = count(world)
    desk = Desk(world)
    found = world.http.get(f"{world.url}/api/v1/desk/requests", params={"reference": text}, headers=desk.headers)
    assert found.json() == []
    assert count(world) == before


def test_a_body_of_ten_megabytes_is_not_read(world: World, device: Device) -> None:
    refused = device.call("POST", "/api/v1/devices/me/heartbeat", {"version": "x" * 10_000_000})
    assert (refused.status_code, code_of(refused)) == (413, "too-large")


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
        b"\xff\xfe\x00",
        b'{"claim_code": "' + b"\\u0000" * 10 + b'"}',
        b"1e999999",
        b"",
    ],
    ids=["lists", "objects", "no text", "nul", "number", "nothing"],
)
def test_json_nested_without_end_or_broken_is_malformed(world: World, device: Device, body: bytes) -> None:
    answer = world.http.post(
        f"{world.url}/api/v1/enrolments", content=body, headers={"Content-Type": "application/json"}
    )
    assert (answer.status_code, code_of(answer)) == (400, "malformed")
    inside = device.submit(device.order(body or b"{}"))
    assert (inside.status_code, code_of(inside)) == (422, "validation-failed")


def test_a_flood_of_headers_is_cut_off_and_the_service_goes_on(world: World) -> None:
    address = urlsplit(world.url)
    with socket.create_connection((address.hostname, address.port), timeout=30) as line:
        line.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n")
        try:
            for n in range(20_000):
                line.sendall(b"X-%d: %s\r\n" % (n, b"a" * 100))
            line.sendall(b"\r\n")
            answer = line.recv(100)
        except OSError:
            answer = b""
    assert not answer.startswith(b"HTTP/1.1 200")
    assert world.http.get(f"{world.url}/healthz").status_code == 200


def test_status_tokens_cannot_be_guessed(world: World, device: Device) -> None:
    token = device.submit(device.order(content(605))).json()["status_token"]
    assert len(token) == 22  # 128 bits
    for guess in (token[:-1] + ("A" if token[-1] != "A" else "B"), token[:21], token + "A", "../" + token, "A" * 22):
        assert world.http.get(f"{world.url}/s/{guess}").status_code == 404
    raw = b64encode(bytes(16)).decode().rstrip("=")
    assert world.http.get(f"{world.url}/s/{raw}").status_code == 404
