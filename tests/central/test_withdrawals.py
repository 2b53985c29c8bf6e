"""Withdrawing at a kiosk, with nothing but the receipt: until it is accepted, by any kiosk, and in the book."""

import pytest

from tests.central.test_desk import WHY, Desk
from tests.central.world import BRANCH, Device, World, code_of, content


def handed_in(device: Device, sequence: int) -> tuple[str, str]:
    told = device.submit(device.order(content(sequence))).json()
    return told["id"], told["status_token"]


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world)


def test_the_holder_of_a_receipt_takes_her_request_back_at_any_kiosk(world: World) -> None:
    here, there = world.device(BRANCH), world.device("421231-001")
    request, token = handed_in(here, 901)
    seen = world.http.get(f"{world.url}/s/{token}", headers={"Accept": "application/json"}).json()
    assert seen["may_withdraw"] is True
    for _ in range(2):
        answer = there.call("POST", "/api/v1/withdrawals", {"status_token": token})
        assert (answer.status_code, answer.json()["state"], answer.json()["may_withdraw"]) == (200, "withdrawn", False)
    lines = world.http.get(f"{world.url}/api/v1/desk/audit?subject={request}", headers=world.staff("auditor")).json()
    assert [(line["actor"], line["action"]) for line in lines] == [("receipt", "withdraw")]


def test_what_was_accepted_can_no_longer_be_taken_back(world: World, desk: Desk) -> None:
    device = world.device(BRANCH)
    request, token = handed_in(device, 902)
    assert desk.step(request, "accept").status_code == 200
    refused = device.call("POST", "/api/v1/withdrawals", {"status_token": token})
    assert (refused.status_code, code_of(refused)) == (409, "state-conflict")
    seen = world.http.get(f"{world.url}/s/{token}", headers={"Accept": "application/json"}).json()
    assert (seen["state"], seen["may_withdraw"]) == ("accepted", False)


def test_one_that_is_asked_for_more_says_what_and_may_be_taken_back(world: World, desk: Desk) -> None:
    device = world.device(BRANCH)
    request, token = handed_in(device, 903)
    assert desk.step(request, "needs-more", **WHY).status_code == 200
    seen = world.http.get(f"{world.url}/s/{token}", headers={"Accept": "application/json"}).json()
    assert (seen["state"], seen["reasons"], seen["may_withdraw"]) == ("needs_more", WHY["reasons"], True)
    assert device.call("POST", "/api/v1/withdrawals", {"status_token": token}).json()["state"] == "withdrawn"


def test_a_guessed_token_or_no_signature_withdraws_nothing(world: World) -> None:
    device = world.device(BRANCH)
    _, token = handed_in(device, 904)
    guess = ("A" if token[0] != "A" else "B") + token[1:]
    assert code_of(device.call("POST", "/api/v1/withdrawals", {"status_token": guess})) == "not-found"
    assert device.call("POST", "/api/v1/withdrawals", {"status_token": token[:-1]}).status_code == 400
    unsigned = world.http.post(f"{world.url}/api/v1/withdrawals", json={"status_token": token})
    assert unsigned.status_code == 401
    seen = world.http.get(f"{world.url}/s/{token}", headers={"Accept": "application/json"}).json()
    assert seen["state"] == "submitted"
