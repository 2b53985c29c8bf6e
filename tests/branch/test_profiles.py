"""What counters and clerks serve: the branch's rule first, a clerk's wish within it, and nobody ever without work."""

from collections.abc import Callable

import pytest

from branch.profiles import Profiles
from kiosk.config import Policy as PolicySettings
from kiosk.config import Settings
from kiosk.wiring.opening import policy, profiles
from tests.branch.conftest import Hub

CODES = ("A1", "A4", "B1", "B3", "C1")
RULES = Profiles({8: ["A"], 7: ["B3", "C"]}, {"amy": ["B", "C"], "ben": ["A4"]})


@pytest.mark.parametrize(
    ("number", "clerk", "asked", "served"),
    [
        (1, "eve", None, None),
        (1, "eve", ["B1"], ["B1"]),
        (8, "eve", None, ["A1", "A4"]),
        (8, "eve", ["A4", "B1"], ["A4"]),
        (8, "eve", ["C1"], ["A1", "A4"]),
        (1, "amy", None, ["B1", "B3", "C1"]),
        (7, "amy", None, ["B3", "C1"]),
        (7, "ben", None, ["B3", "C1"]),
    ],
)
def test_rules_of_counter_and_clerk_and_her_wish(
    number: int, clerk: str, asked: list[str] | None, served: list[str] | None
) -> None:
    assert RULES.serve(number, clerk, asked, CODES) == served


def test_a_counter_calls_what_its_profile_says(make_hub: Callable[..., Hub]) -> None:
    hub = make_hub(profiles=Profiles({3: ["A"]}))
    hub.take("B3")
    hub.take("A1")
    opened = hub.clerk.post("/counters/3/open", {"services": ["A", "B"]})
    assert opened.body["services"] == ["A1", "A4"]
    assert hub.clerk.post("/counters/3/call-next").body["label"] == "A001"


def test_both_are_settings() -> None:
    told = PolicySettings(promise_minutes=15, promises=("B5=10",), counters=("8=A+B3",), clerks=("amy=C",))
    settings = Settings(policy=told)
    assert policy(settings).promise_of("B5") == 600
    assert policy(settings).promise_of("A1") == 900
    assert profiles(settings).serve(8, "eve", None, CODES) == ["A1", "A4", "B3"]
    assert profiles(settings).serve(1, "amy", None, CODES) == ["C1"]
