"""Fists, palms, ten fingers and drops on the pages where something could be sent; all pages in `make nightly`."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from kiosk.core.state import State
from tests.nightly.fists import KINDS, Hall, Kind, stages, wrong

if TYPE_CHECKING:
    from screens.glyphs import Glyphs
    from screens.stage import Stage

RISKY = {"check", "consent", "guide-B3", "form-plate", "ticket-doubt", "welcome"}


@pytest.fixture
def hall(window: Any, glyphs: "Glyphs") -> Iterator[Hall]:
    from screens.stage import Stage
    from tests.screens.conftest import PANELS

    made: list[Stage] = []

    def stage_of(act: Callable[[str, int], None], now: Callable[[], float]) -> "Stage":
        stage = Stage(glyphs, PANELS["portrait"], act, now)
        made.append(stage)
        window.add_widget(stage)
        return stage

    yield Hall(stage_of)
    window.remove_widget(made[0])


def risky() -> Iterator[tuple[str, State]]:
    for name, state in stages():
        if name in RISKY:  # every box is ticked already: one press more would send it
            ticked = frozenset({"correct", "own", "sensitive"})
            yield name, replace(state, session=replace(state.session, consents=ticked))


@pytest.mark.parametrize("kind", KINDS)
def test_no_hand_and_no_drop_sends_anything(hall: Hall, kind: Kind) -> None:
    found: list[str] = []
    for seed, (name, state) in enumerate(risky()):
        found += wrong(name, kind, hall.storm(state, kind, 200, seed))
    assert found == []


def test_without_the_rule_drops_would_press_on_and_on(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hall.stage.hands, "lands", lambda _touch, _now: True)
    name, state = next(stages())
    assert wrong(name, "drops", hall.storm(state, "drops", 400, 3))
