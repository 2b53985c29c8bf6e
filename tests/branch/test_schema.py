"""Every address of the hub's API under generated requests: no 5xx, no undocumented status, every answer in its form."""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
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

EXAMPLES = int(os.environ.get("KIOSK_TEST_EXAMPLES", "6"))
"""For each operation; 200 in the nightly run."""
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


ORDER = {
    "language": "zh", "priority": None, "service": "B3", "origin": {"kiosk": "K1", "seq": 1}, "issued_at": MORNING,
}  # fmt: skip


class Crowd:
    """Whoever may ask, nobody and a stranger too, and things that are there to be asked about."""

    def __init__(self, server: BranchServer) -> None:
        tokens = {role: server.grant(role, role) for role in ("kiosk", "clerk", "admin", "board")}
        self.people = [{"Authorization": f"Bearer {token}"} for token in (*tokens.values(), "made-up")]
        self.people.append({})
        kiosk, clerk, admin = self.people[:3]
        self.tickets = [str(uuid.UUID(int=n)) for n in range(1, 9)]
        post(server, "/tickets", kiosk, {"id": self.tickets[0], "needs": ["guide"], "also": ["A1"], **ORDER})
        for name in self.tickets[1:]:
            post(server, "/tickets", kiosk, {"id": name, **ORDER})
        post(server, "/counters/1/open", clerk, {})
        called = post(server, "/counters/1/call-next", clerk, {})
        post(server, f"/tickets/{called['id']}/finish", clerk, {"outcome": "partly"})
        post(server, f"/tickets/{called['id']}/rating", kiosk, {"level": 1})
        post(server, "/appointments", admin, {"number": "YY-1", "service": "B3", "starts_at": MORNING})
        self.known: dict[str, list[Any]] = {"ticket_id": self.tickets, "number": [1, 2, "YY-1"]}


def post(server: BranchServer, path: str, headers: dict[str, str], body: dict[str, Any]) -> dict[str, Any]:
    answer = requests.post(f"{server.url}/api/v1{path}", json=body, headers=headers, timeout=60)
    assert answer.ok, answer.text
    return dict(answer.json())


@pytest.mark.timeout(1700 if EXAMPLES > 50 else 300)
def test_whatever_is_sent_the_answer_is_documented(server: BranchServer) -> None:
    schema = schemathesis.openapi.from_url(f"{server.url}/openapi.json")
    crowd = Crowd(server)
    seen = 0
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        if operation.path in ENDLESS:
            continue
        seen += 1
        _try(operation, crowd)
    assert seen > 50


def _try(operation: Any, crowd: Crowd) -> None:
    @settings(
        max_examples=EXAMPLES, deadline=None, derandomize=True, database=None,
        phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(
        case=st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in GenerationMode)),
        person=st.sampled_from(crowd.people),
        known=st.one_of(st.none(), st.integers(0, 7)),
    )
    def generated(case: Any, person: dict[str, str], known: int | None) -> None:
        if known is not None:
            for name in set(case.path_parameters) & set(crowd.known):
                case.path_parameters[name] = crowd.known[name][known % len(crowd.known[name])]
        case.call_and_validate(headers=person, checks=CHECKS)

    generated()
