"""Attacks on a device's signature, each refused and told by its code; and what an honest clock or proxy may do."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.link.signing import Signer
from tests.central.world import Device, World, close_world, code_of, open_world

CONFIG = "/api/v1/devices/me/config"


def refused(answer: httpx.Response, code: str = "signature-invalid") -> None:
    assert (answer.status_code, code_of(answer)) == (401, code)
    assert answer.json()["retry"] == "reauth"


@pytest.mark.parametrize("header", ["Signature", "Signature-Input", "Content-Digest"])
def test_a_stripped_header_is_refused(device: Device, header: str) -> None:
    refused(device.submit(device.order(), headers={header: ""}))


def test_an_unsigned_request_is_refused(device: Device) -> None:
    order = device.order()
    headers = {"Idempotency-Key": order["client_request_id"]}
    refused(device.world.http.post(f"{device.world.url}/api/v1/requests", json=order, headers=headers))
    refused(device.world.http.get(f"{device.world.url}{CONFIG}"))


def test_another_devices_key_does_not_sign_for_this_one(world: World) -> None:
    mine, other = world.device(), world.device()
    forged = Signer(mine.key_id, other.key, world.clock)
    refused(mine.submit(mine.order(), signer=forged))


def test_an_unknown_key_is_told_to_enrol(device: Device) -> None:
    stranger = Signer("device-key-nobody", Ed25519PrivateKey.generate(), device.world.clock)
    refused(device.call("GET", CONFIG, signer=stranger), "key-unknown")


def test_a_changed_body_is_refused(device: Device) -> None:
    url = f"{device.world.url}/api/v1/requests"
    order = device.order()
    body = json.dumps(order).encode()
    headers = device.signer.headers("POST", url, body, order["client_request_id"])
    headers["Content-Type"] = "application/json"
    changed = json.dumps(order | {"assurance": "staff"}).encode()
    refused(device.world.http.post(url, content=changed, headers=headers))


@pytest.mark.parametrize(
    "tamper",
    [
        lambda url: ("PUT", url),
        lambda url: ("GET", url.replace("/config", "/commands")),
        lambda url: ("GET", url + "?x=1"),
        lambda url: ("GET", url.replace("/me/", "/%6de/")),
    ],
)
def test_another_method_or_target_is_refused(device: Device, tamper: Callable[[str], tuple[str, str]]) -> None:
    url = device.world.url + CONFIG
    headers = device.signer.headers("GET", url)
    method, target = tamper(url)
    answer = device.world.http.request(method, target, headers=headers)
    assert answer.status_code in (401, 405)


def test_an_idempotency_key_added_or_changed_after_signing_is_refused(device: Device) -> None:
    order = device.order()
    refused(device.submit(order, headers={"Idempotency-Key": "11111111-1111-4111-8111-111111111111"}))
    refused(device.submit(order, key=None, headers={"Idempotency-Key": order["client_request_id"]}))


def test_two_idempotency_keys_are_refused(device: Device) -> None:
    order = device.order()
    url = f"{device.world.url}/api/v1/requests"
    headers = [*device.signer.headers("POST", url, b"{}", order["client_request_id"]).items()]
    answer = device.world.http.post(url, content=b"{}", headers=[*headers, ("Idempotency-Key", "other")])
    assert code_of(answer) == "idempotency-key-malformed"


def test_a_replayed_signature_is_refused(device: Device) -> None:
    url = device.world.url + CONFIG
    headers = device.signer.headers("GET", url)
    assert device.world.http.get(url, headers=headers).status_code == 200
    refused(device.world.http.get(url, headers=headers), "signature-replayed")


def test_a_replayed_submission_is_refused_even_as_a_retry(device: Device) -> None:
    url = f"{device.world.url}/api/v1/requests"
    order = device.order()
    body = json.dumps(order).encode()
    headers = device.signer.headers("POST", url, body, order["client_request_id"])
    headers["Content-Type"] = "application/json"
    assert device.world.http.post(url, content=body, headers=headers).status_code == 201
    refused(device.world.http.post(url, content=body, headers=headers), "signature-replayed")


def test_a_nonce_is_remembered_for_as_long_as_its_signature_could_be_taken(device: Device) -> None:
    url = device.world.url + CONFIG
    # Signed by a clock that is almost five minutes ahead, it stays inside the window for almost ten.
    ahead = replace(device.signer, now=lambda: device.world.clock() + timedelta(seconds=295))
    headers = ahead.headers("GET", url)
    assert device.world.http.get(url, headers=headers).status_code == 200
    device.world.clock.offset = timedelta(seconds=590)
    assert device.call("GET", CONFIG).status_code == 200  # and old nonces are swept out meanwhile
    refused(device.world.http.get(url, headers=headers), "signature-replayed")


@pytest.mark.parametrize("seconds", [-301, 301, -3600 * 24 * 730])
def test_a_clock_that_is_off_is_told_and_shown_the_time(device: Device, seconds: int) -> None:
    wrong = replace(device.signer, now=lambda: device.world.clock() + timedelta(seconds=seconds))
    answer = device.call("GET", CONFIG, signer=wrong)
    refused(answer, "clock-skew")
    told = parsedate_to_datetime(answer.headers["Date"])
    assert abs(told - device.world.clock()) < timedelta(seconds=30)


@pytest.mark.parametrize("seconds", [-290, 290])
def test_a_clock_inside_the_window_is_good_enough(device: Device, seconds: int) -> None:
    slow = replace(device.signer, now=lambda: device.world.clock() + timedelta(seconds=seconds))
    assert device.call("GET", CONFIG, signer=slow).status_code == 200


def test_the_date_header_follows_the_services_own_clock(world: World) -> None:
    world.clock.offset = timedelta(days=400)
    told = parsedate_to_datetime(world.http.get(f"{world.url}/healthz").headers["Date"])
    assert abs(told - world.clock()) < timedelta(seconds=30)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text.replace('"@target-uri"', '"@path"'),
        lambda text: text.replace(";created=", ";expires="),
        lambda text: text.replace('alg="ed25519"', 'alg="hmac-sha256"'),
        lambda text: re.sub(';nonce="[^"]*"', "", text),
        lambda text: re.sub(';nonce="[^"]*"', ';nonce="short"', text),
        lambda _text: "device=()",
        lambda _text: "device=1",
        lambda _text: "\x01",
        lambda text: text + ", " + text.replace("device=", "second="),
        lambda _text: "device=(" + '"@method" ' * 3000 + ");created=1",
    ],
)
def test_a_spoilt_signature_input_is_refused(device: Device, spoil: Callable[[str], str]) -> None:
    url = device.world.url + CONFIG
    headers = device.signer.headers("GET", url)
    headers["Signature-Input"] = spoil(headers["Signature-Input"])
    try:
        answer = device.world.http.get(url, headers=headers)
    except httpx.LocalProtocolError:
        return  # not even the client lets it out
    assert answer.status_code in (400, 401)


def test_the_key_of_a_suspended_device_opens_nothing(world: World) -> None:
    device, admin = world.device(), world.staff("admin")
    fate = f"{world.url}/api/v1/fleet/devices/{device.id}"
    assert world.http.post(f"{fate}/suspend", headers=admin).status_code == 200
    answer = device.submit(device.order())
    assert (answer.status_code, code_of(answer)) == (403, "device-suspended")
    assert world.http.post(f"{fate}/resume", headers=admin).status_code == 200
    assert device.submit(device.order()).status_code == 201
    assert world.http.post(f"{fate}/retire", headers=admin).status_code == 200
    assert code_of(device.submit(device.order())) == "device-retired"
    assert world.http.post(f"{fate}/resume", headers=admin).status_code == 409


def test_a_retired_kiosk_gives_its_number_back(world: World) -> None:
    admin, first = world.staff("admin"), world.device("421224-001")
    assert world.http.post(f"{world.url}/api/v1/fleet/devices/{first.id}/retire", headers=admin).status_code == 200
    assert world.device("421224-001").config.kiosk.number == 1


def test_behind_a_proxy_the_public_address_is_what_was_signed(tmp_path_factory: pytest.TempPathFactory) -> None:
    public = "https://centre.example"
    world = open_world(tmp_path_factory.mktemp("proxied"), public_url=public)
    try:
        device = world.device()

        def behind(origin: str) -> httpx.Response:
            headers: dict[str, Any] = device.signer.headers("GET", origin + CONFIG)
            return world.http.get(world.url + CONFIG, headers=headers)

        answer = behind(public)
        assert answer.status_code == 200
        assert answer.json()["public_url"] == public
        refused(behind("https://elsewhere.example"))
    finally:
        close_world(world)
