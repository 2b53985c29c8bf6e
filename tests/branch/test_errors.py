"""Every error is a problem document: a code for programs, a sentence for a person, and nothing of what was sent."""

import json
from typing import Any

import pytest
import requests

from kiosk.link.models.problem import Problem
from tests.branch.conftest import Hub


def check(answer: requests.Response, status: int, code: str) -> Problem:
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = Problem.model_validate(answer.json())
    assert (problem.status, problem.code) == (status, code)
    assert problem.detail
    return problem


def send(hub: Hub, method: str, path: str, **options: Any) -> requests.Response:
    headers = {"Authorization": f"Bearer {hub.kiosk.token}", "Content-Type": "application/json"}
    return requests.request(method, hub.url + path, headers=headers | options.pop("headers", {}), timeout=20, **options)


def test_no_such_address_and_no_such_method(hub: Hub) -> None:
    check(send(hub, "GET", "/api/v1/nothing"), 404, "not-found")
    check(send(hub, "GET", "/nothing"), 404, "not-found")
    wrong = send(hub, "DELETE", "/api/v1/state")
    check(wrong, 405, "method-not-allowed")
    assert wrong.headers["Allow"] == "GET"


def test_a_megabyte_is_too_much_announced_or_not(hub: Hub) -> None:
    body = json.dumps({**hub.order(), "padding": "x" * 1_000_000}).encode()
    check(send(hub, "POST", "/api/v1/tickets", data=body), 413, "too-large")
    chunks = (body[at : at + 60_000] for at in range(0, len(body), 60_000))
    check(send(hub, "POST", "/api/v1/tickets", data=chunks), 413, "too-large")
    assert hub.state()["waiting_total"] == 0


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"text"', b"\xff\xfe", b"{" * 5000, b"NaN"])
def test_what_is_no_order_is_refused(hub: Hub, body: bytes) -> None:
    answer = send(hub, "POST", "/api/v1/tickets", data=body)
    assert answer.status_code in {400, 422}
    assert Problem.model_validate(answer.json()).retry == "never"


def test_the_broken_rules_are_named_all_at_once(hub: Hub) -> None:
    order = {**hub.order(), "id": "13800001234", "origin": {"kiosk": "K1", "seq": -4}}
    problem = check(send(hub, "POST", "/api/v1/tickets", data=json.dumps(order)), 422, "validation-failed")
    assert {(one.pointer, one.code) for one in problem.errors} == {
        ("/id", "uuid_parsing"), ("/origin/seq", "greater_than_equal"),
    }  # fmt: skip
    assert "13800001234" not in problem.model_dump_json()


def test_a_wrong_id_in_the_address(hub: Hub) -> None:
    problem = check(send(hub, "GET", "/api/v1/tickets/B001"), 422, "validation-failed")
    assert problem.errors[0].pointer == "path/ticket_id"


def test_a_kiosk_that_forgets_the_content_type_is_still_understood(hub: Hub) -> None:
    headers = {"Authorization": f"Bearer {hub.kiosk.token}"}
    data = json.dumps(hub.order())
    assert requests.post(f"{hub.url}/api/v1/tickets", data=data, headers=headers, timeout=20).status_code == 201


def test_the_description_of_the_api_names_every_address_and_its_problems(hub: Hub) -> None:
    schema = requests.get(f"{hub.url}/openapi.json", timeout=20).json()
    paths = schema["paths"]
    for path in ("/api/v1/tickets", "/api/v1/tickets/{ticket_id}/no-show", "/api/v1/counters/{number}/call-next"):
        responses = paths[path]["post"]["responses"]
        assert {"401", "403", "409", "422", "503"} <= set(responses)
        assert paths[path]["post"]["security"] == [{"bearer": []}]
    assert "security" not in paths["/healthz"]["get"]
    assert "/console" not in paths


def test_the_hub_says_how_it_is_to_anybody(hub: Hub) -> None:
    answer = requests.get(f"{hub.url}/healthz", timeout=20)
    assert answer.status_code == 200
    assert answer.json()["status"] == "ok"
    assert answer.json()["clock"] == "system clock"
