"""Fists, palms, ten fingers and drops of water on every page, a hundred contacts a second, through the real window.

Nothing crashes and nothing is submitted by accident: what acts at all is a first touch, as any citizen's is.
"""

import argparse
import os
import random
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from kiosk.core.effects import AskTicket, Effect, IssueEmergency, SubmitRequest
from kiosk.core.events import Touched
from kiosk.core.state import State
from kiosk.core.step import step
from kiosk.view.present import present
from kiosk.view.texts import Texts
from kiosk.wiring import places, samples
from screens.hands import STORM
from screens.theme import Panel

if TYPE_CHECKING:
    from screens.stage import Stage

RATE = 100.0
"""Contacts a second."""
NUMBER = "420000195001019998"
Kind = Literal["drops", "palm", "fist", "ten fingers"]
KINDS: tuple[Kind, ...] = get_args(Kind)
SPREAD = {"drops": (1, 1.0), "palm": (5, 0.25), "fist": (4, 0.12), "ten fingers": (10, 0.6)}
"""How many contacts come together, and over how much of the panel."""
_SUBMITS = AskTicket | IssueEmergency | SubmitRequest


@dataclass(frozen=True)
class Storm:
    """What one storm did: what was pressed by which contact (from 0), and what left the kiosk."""

    acted: tuple[tuple[int, str], ...]
    effects: tuple[Effect, ...]

    @property
    def submitted(self) -> tuple[Effect, ...]:
        return tuple(effect for effect in self.effects if isinstance(effect, _SUBMITS))


class Hall:
    """A page in its window and the pure core behind it, on one clock."""

    def __init__(self, stage_of: Callable[[Callable[[str, int], None], Callable[[], float]], "Stage"]) -> None:
        self.clock = 0.0
        self._texts = {each: Texts(each, places.texts(each)) for each in places.LOCALES}
        self.stage = stage_of(self._act, lambda: self.clock)
        self._state: State | None = None
        self._seq = self._number = 0
        self._acted: list[tuple[int, str]] = []
        self._effects: list[Effect] = []

    def storm(self, state: State, kind: Kind, contacts: int, seed: int) -> Storm:
        """Let so many contacts fall on a page; core answers each press at once."""
        from kivy.tests.common import UnitTestTouch

        dice = random.Random(seed)
        self.clock += 60.0
        self.stage.hands.forget()
        self._state, self._acted, self._effects, self._number = state, [], [], 0
        self._show()
        together, spread = SPREAD[kind]
        width, height = self.stage.size
        while self._number < contacts:
            x, y = dice.uniform(0, width), dice.uniform(0, height)
            fingers: list[Any] = []
            for _ in range(together):
                near = (dice.uniform(-0.5, 0.5) * spread * width for _ in range(2))
                finger = UnitTestTouch(*(x, y) if together == 1 else (x + next(near), y + next(near)))
                finger.touch_down()
                fingers.append(finger)
                self._number += 1
                self.clock += 1 / RATE
            for finger in dice.sample(fingers, len(fingers)):
                finger.touch_up()
        return Storm(tuple(self._acted), tuple(self._effects))

    def _act(self, action: str, seq: int) -> None:
        self._acted.append((self._number, action))
        if self._state is None or seq != self._seq or action == "corners":
            return
        self._state, effects = step(self._state, Touched(action, f"press-{self._number}"))
        self._effects += effects
        self._show()

    def _show(self) -> None:
        assert self._state is not None
        self._seq += 1
        self.stage.draw(present(self._state, self._texts), self._seq)


def stages() -> Iterator[tuple[str, State]]:
    """Every sample page, somebody's number a possible one."""
    for name, state in samples.states(places.catalogue()):
        identity = state.session.identity
        known = replace(identity, number=NUMBER) if identity else None
        yield name, replace(state, session=replace(state.session, identity=known))


def wrong(name: str, kind: Kind, storm: Storm) -> list[str]:
    """Name what a storm must not do: no hand presses anything, drops at most until they are known for drops."""
    found = [f"{name}, {kind}: {len(storm.submitted)} times submitted"] if len(storm.submitted) > 1 else []
    late = [action for number, action in storm.acted if number >= (STORM if kind == "drops" else 0)]
    if late:
        found.append(f"{name}, {kind}: pressed {', '.join(late[:5])}")
    if kind != "drops" and storm.submitted:
        found.append(f"{name}, {kind}: submitted {storm.submitted[0]}")
    return found


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.nightly.fists", description=__doc__)
    parser.add_argument("--contacts", type=int, default=6000, help="of each kind, shared by the pages")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    os.environ["SDL_VIDEODRIVER"] = "offscreen"
    from screens import environment

    panel = Panel(1080, 1920)
    with tempfile.TemporaryDirectory(prefix="kiosk-fists-") as home:
        environment.prepare(Path(home), panel)
        environment.configure(panel)
        from kivy.core.window import Window

        from screens.glyphs import Glyphs
        from screens.stage import Stage

        glyphs = Glyphs(places.assets())
        glyphs.width = cache(glyphs.width)  # type: ignore[method-assign]

        def stage_of(act: Callable[[str, int], None], now: Callable[[], float]) -> Stage:
            made = Stage(glyphs, panel, act, now)
            Window.add_widget(made)
            return made

        hall = Hall(stage_of)
        pages = list(stages())
        found: list[str] = []
        pressed = 0
        for kind in KINDS:
            for place, (name, state) in enumerate(pages):
                storm = hall.storm(state, kind, asked.contacts // len(pages) + 10, asked.seed * 1000 + place)
                pressed += len(storm.acted)
                found += wrong(name, kind, storm)
    print(
        "\n".join(found)
        or f"{len(pages)} pages, {len(KINDS)} kinds, {asked.contacts} contacts of each: {pressed} presses"
    )
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
