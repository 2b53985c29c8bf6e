"""Sequences of calls as the description links them, each with what an answer before it named: no 5xx, no surprise."""

import json
import os
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
import schemathesis
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.errors import FlakyStrategyDefinition
from hypothesis.stateful import run_state_machine_as_test
from schemathesis.core import NotSet
from schemathesis.core.transport import Response

from tests.central.test_schema import documented, send
from tests.central.world import BRANCH, World, close_world, content, open_world

FEW = 1
RUNS = int(os.environ.get("KIOSK_TEST_EXAMPLES", FEW))
"""Sequences drawn: few and always the same, and a hundred by `make nightly`."""
STEPS = 20


PLAN = settings(
    max_examples=2,  # the first one is always the shortest
    phases=[Phase.generate],
    stateful_step_count=STEPS,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    opened = open_world(tmp_path_factory.mktemp("schema"))
    yield opened
    close_world(opened)


def test_no_sequence_of_calls_falls_over_or_is_answered_by_what_is_not_described(own: World) -> None:
    staff = own.staff("admin")
    schema = schemathesis.openapi.from_dict(own.http.get(f"{own.url}/openapi.json").json())
    wrong: list[str] = []
    seen: Counter[str] = Counter()
    linked: set[str] = set()
    drawn: Any = schema.as_state_machine()

    class Calls(drawn):
        """A kiosk and an officer at once; what no drawing would hit (a seal, a claim) is made good half the time."""

        def setup(self) -> None:
            """Each sequence has a kiosk of its own: one of its calls may retire it."""
            self.device = own.device()

        def before_call(self, case: Any) -> None:
            count = seen.total()
            if count % 2 or not isinstance(case.body, dict):
                return
            if case.path == "/api/v1/requests":
                case.body = self.device.order(content(700 + count % 200))
            elif case.path == "/api/v1/enrolments":
                public = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
                case.body = {"claim_code": own.server.claim(BRANCH), "public_key": b64encode(public).decode()}

        def call(self, case: Any, **_kwargs: Any) -> Response:
            if not isinstance(case.body, NotSet):
                case.body = json.loads(json.dumps(case.body, default=str))  # a drawn value may be no JSON yet
            return Response.from_httpx(send(own, self.device, staff, case), verify=True)

        def validate_response(self, response: Response, case: Any, **_kwargs: Any) -> None:
            name = f"{case.method} {case.operation.path}"
            seen[f"{name}: {response.status_code}"] += 1
            if "{" in name:
                linked.add(name)
            if response.status_code >= 500 or not documented(case.operation.definition.raw, response.status_code):
                wrong.append(f"{name}: {response.status_code}")

    for number in range(RUNS):
        # The service goes on from run to run, so what is drawn twice need not be answered twice alike.
        with suppress(FlakyStrategyDefinition):
            run_state_machine_as_test(seed(number)(Calls), settings=PLAN)
    assert sorted(set(wrong)) == []
    assert seen.total() > RUNS * STEPS / 2, seen
    assert len(linked) > 3, linked
    assert RUNS == FEW or seen["POST /api/v1/requests: 201"] > RUNS / 10, seen
