"""Every endpoint against its own description: drawn bodies, queries and paths give no 5xx and nothing undocumented."""

import os
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.link.models.problem import PROBLEM_TYPE
from tests.central.world import Device, World, close_world, content, open_world

FEW = 3
EXAMPLES = int(os.environ.get("KIOSK_TEST_EXAMPLES", FEW))
"""Drawn for each endpoint: few and always the same, and a hundred new ones by `make nightly`."""
METHODS = ("get", "post", "put", "patch", "delete")


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    opened = open_world(tmp_path_factory.mktemp("schema"))
    yield opened
    close_world(opened)


def send(world: World, device: Device, staff: dict[str, str], case: Any) -> httpx.Response:
    """As a kiosk where kiosks are asked for, as an officer elsewhere."""
    path = case.formatted_path
    query = {name: value for name, value in (case.query or {}).items() if value is not None}
    target = str(httpx.URL(world.url + path, params=query))[len(world.url) :]
    body = None if isinstance(case.body, schemathesis.core.NotSet) else case.body
    if path.startswith(("/api/v1/desk", "/api/v1/fleet", "/api/v1/places")) or not path.startswith("/api/v1/"):
        return world.http.request(case.method, world.url + target, json=body, headers=staff)
    key = str(body.get("client_request_id", "")) if isinstance(body, dict) else ""
    return device.call(case.method, target, body, key=key or None)


def documented(operation: dict[str, Any], status: int) -> bool:
    return any(code in operation["responses"] for code in (str(status), f"{status // 100}XX", "default"))


def test_no_endpoint_falls_over_or_answers_what_it_does_not_say(own: World) -> None:
    device, staff = own.device(), own.staff("admin")
    told = device.submit(device.order(content(650))).json()
    schema = schemathesis.openapi.from_dict(own.http.get(f"{own.url}/openapi.json").json())
    wrong: list[str] = []
    answers: list[int] = []
    for found in schema.get_all_operations():
        operation: Any = found.ok()  # type: ignore[union-attr]
        _ask_all(operation, lambda case: send(own, device, staff, case), told["id"], wrong, answers)
    assert sorted(set(wrong)) == []
    assert len(answers) > 100
    assert {200, 201, 400, 404} <= set(answers)


def _ask_all(operation: Any, send_it: Any, request_id: str, wrong: list[str], answers: list[int]) -> None:
    @settings(
        max_examples=EXAMPLES,
        derandomize=EXAMPLES == FEW,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(), real=st.booleans())
    def ask(case: Any, real: bool) -> None:
        if real and "request_id" in (case.path_parameters or {}):
            case.path_parameters["request_id"] = request_id
        answer = send_it(case)
        answers.append(answer.status_code)
        name = f"{operation.method.upper()} {operation.path}: {answer.status_code}"
        kind = answer.headers.get("content-type", "")
        if answer.status_code >= 500 or not documented(operation.definition.raw, answer.status_code):
            wrong.append(name)
        elif answer.status_code >= 400 and not kind.startswith((PROBLEM_TYPE, "text/html")):
            wrong.append(f"{name} is no problem")

    ask()
