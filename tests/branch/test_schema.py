"""Every address of the hub's API under generated requests: no 5xx, no undocumented status, every answer in its form."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from branch.options import BranchOptions
from branch.server import BranchServer
from kiosk.engine.clock import SimulatedClock, parse_time
from tests.branch.conftest import MORNING, small_catalogue

EXAMPLES = 6
ENDLESS = {"/api/v1/events"}
CHECKS = [not_a_server_error, status_code_conformance, response_schema_conformance]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BranchServer]:
    folder: Path = tmp_path_factory.mktemp("hub")
    clock = SimulatedClock(parse_time(MORNING))
    server = BranchServer(f"sqlite:///{folder / 'branch.db'}", small_catalogue(), BranchOptions(), clock.now)
    server.start()
    yield server
    server.stop()


@pytest.mark.timeout(300)
def test_whatever_is_sent_the_answer_is_documented(server: BranchServer) -> None:
    schema = schemathesis.openapi.from_url(f"{server.url}/openapi.json")
    people = [{"Authorization": f"Bearer {server.grant(role, role)}"} for role in ("kiosk", "clerk", "admin")]
    seen = 0
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        if operation.path in ENDLESS:
            continue
        seen += 1
        _try(operation, people)
    assert seen > 20


def _try(operation: Any, people: list[dict[str, str]]) -> None:
    @settings(
        max_examples=EXAMPLES, deadline=None, derandomize=True, database=None,
        phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in GenerationMode)))
    def generated(case: Any) -> None:
        for headers in people:
            case.call_and_validate(headers=headers, checks=CHECKS)

    generated()
