"""The whole course by a machine that draws its steps: enrol, hand in, hand in again, withdraw, decide, be suspended."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from kiosk.link.models.problem import PROBLEM_TYPE
from tests.central.test_desk import WHY, Desk
from tests.central.world import Device, World, close_world, content, open_world

OPEN, ACCEPTED = {"submitted", "needs_more"}, {"accepted", "in_progress"}
LEADS: dict[str, tuple[set[str], str]] = {
    "accept": (OPEN, "accepted"),
    "needs-more": (OPEN, "needs_more"),
    "refuse": (OPEN, "not_accepted"),
    "progress": (ACCEPTED, "in_progress"),
    "done": (ACCEPTED, "done"),
}


class Course(RuleBasedStateMachine):
    """What a kiosk and an officer may do, beside a model that says what must come of it."""

    world: World
    desk: Desk
    described: dict[str, Any]
    presses = Bundle("presses")

    @initialize()
    def enrol(self) -> None:
        self.device: Device = self.world.device()
        self.allowed = True
        self.orders: dict[str, dict[str, Any]] = {}
        self.told: dict[str, dict[str, Any]] = {}
        self.states: dict[str, str] = {}

    def see(self, answer: httpx.Response, path: str, *wanted: int) -> None:
        """It is what the model says, and the service's description knows of it."""
        assert answer.status_code in wanted, (path, answer.text)
        answers = self.described["paths"][path][answer.request.method.lower()]["responses"]
        assert str(answer.status_code) in answers or "default" in answers
        if answer.status_code >= 400:
            assert answer.headers["content-type"] == PROBLEM_TYPE

    @rule(target=presses, sequence=st.integers(50, 900))
    def hand_in(self, sequence: int) -> str:
        order = self.device.order(content(sequence))
        press = str(order["client_request_id"])
        answer = self.device.submit(order)
        self.see(answer, "/api/v1/requests", 201 if self.allowed else 403)
        self.orders[press] = order
        if self.allowed:
            self.told[press] = answer.json()
            self.states[press] = "submitted"
        return press

    @rule(press=presses)
    def hand_in_again(self, press: str) -> None:
        answer = self.device.submit(self.orders[press])
        new = press not in self.told
        self.see(answer, "/api/v1/requests", (201 if new else 200) if self.allowed else 403)
        if self.allowed:
            self.told.setdefault(press, answer.json())
            self.states.setdefault(press, "submitted")
            assert answer.json()["reference"] == self.told[press]["reference"]

    @rule(press=presses, sequence=st.integers(901, 999))
    def hand_in_another_under_the_same_id(self, press: str, sequence: int) -> None:
        if press in self.told:
            answer = self.device.submit(self.device.order(content(sequence), press))
            self.see(answer, "/api/v1/requests", 422 if self.allowed else 403)

    @rule(press=presses)
    def settle(self, press: str) -> None:
        answer = self.device.call("GET", f"/api/v1/requests?client_request_id={press}")
        self.see(answer, "/api/v1/requests", (200 if press in self.told else 404) if self.allowed else 403)
        if answer.status_code == 200:
            assert answer.json()["state"] == self.states[press]

    @rule(press=presses)
    def withdraw(self, press: str) -> None:
        if press not in self.told:
            return
        answer = self.device.call("POST", f"/api/v1/requests/{self.told[press]['id']}/cancellation")
        may = self.states[press] in OPEN | {"withdrawn"}
        self.see(answer, "/api/v1/requests/{request_id}/cancellation", (200 if may else 409) if self.allowed else 403)
        if self.allowed and may:
            self.states[press] = "withdrawn"

    @rule(press=presses, verb=st.sampled_from(sorted(LEADS)))
    def decide(self, press: str, verb: str) -> None:
        if press not in self.told:
            return
        before, after = LEADS[verb]
        answer = self.desk.step(self.told[press]["id"], verb, **(WHY if verb in ("needs-more", "refuse") else {}))
        may = self.states[press] in before
        self.see(answer, "/api/v1/desk/requests/{request_id}/{verb}", 200 if may else 409)
        if may:
            self.states[press] = after

    @rule(allowed=st.booleans())
    def suspend_or_let_in(self, allowed: bool) -> None:
        fate = "resume" if allowed else "suspend"
        url = f"{self.world.url}/api/v1/fleet/devices/{self.device.id}/{fate}"
        answer = self.world.http.post(url, headers=self.desk.headers)
        self.see(answer, "/api/v1/fleet/devices/{device_id}/{fate}", 409 if allowed == self.allowed else 200)
        self.allowed = allowed

    @invariant()
    def each_stands_where_it_should(self) -> None:
        for press, told in getattr(self, "told", {}).items():
            seen = self.desk.get(f"/requests?reference={told['reference']}")
            assert [one["state"] for one in seen.json()] == [self.states[press]]


@pytest.fixture
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    opened = open_world(tmp_path_factory.mktemp("course"))
    yield opened
    close_world(opened)


def test_every_course_ends_where_the_model_says(own: World) -> None:
    Course.world, Course.desk = own, Desk(own, "admin")
    Course.described = own.http.get(f"{own.url}/openapi.json").json()
    run_state_machine_as_test(
        Course,
        settings=settings(
            max_examples=4, stateful_step_count=12, deadline=None, database=None, derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
