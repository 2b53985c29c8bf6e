"""A real window without a display, one for all tests of this folder: Kivy opens one window a process."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from kiosk.view.models import View
from kiosk.view.texts import Texts
from kiosk.wiring import places, samples
from screens.theme import Panel

if TYPE_CHECKING:
    from screens.glyphs import Glyphs
    from screens.stage import Stage

PANELS = {
    "portrait": Panel(1080, 1920),
    "narrow": Panel(720, 1280),
    "wide": Panel(1920, 1080),
    "short": Panel(1280, 800),
}


class Rig:
    """The stage in its window, with fingers and a clock."""

    def __init__(self, stage: "Stage", touched: list[tuple[str, int]], clock: list[float], frame: Callable[[], None]):
        self.stage = stage
        self.touched = touched
        self.clock = clock
        self.frame = frame

    def show(self, view: View, seq: int = 0) -> None:
        """Show a View by the one door and wait for its frame."""
        self.stage.show(view, seq)
        self.frame()

    def place(self, action: str) -> tuple[float, float]:
        """Return the middle of a pressable in window coordinates."""
        assert self.stage.page is not None
        piece = next(p for p in self.stage.page.pieces if p.action and p.action.id == action)
        return piece.rect.x + piece.rect.w / 2, self.stage.height - piece.rect.y - piece.rect.h / 2

    def finger(self, x: float, y: float) -> Any:
        """Return a touch that Kivy takes for a real one."""
        from kivy.tests.common import UnitTestTouch

        return UnitTestTouch(x, y)

    def tap(self, action: str) -> None:
        """Put a finger on a pressable and lift it."""
        finger = self.finger(*self.place(action))
        finger.touch_down()
        self.clock[0] += 0.05
        finger.touch_up()
        self.clock[0] += 0.1


@pytest.fixture(scope="session")
def glyphs() -> "Glyphs":
    """The real fonts and icons; measuring text opens no window."""
    from screens import environment

    environment.configure(PANELS["portrait"])
    from screens.glyphs import Glyphs

    made = Glyphs(places.assets())
    # The same few hundred words are measured on every page of every panel; nothing here is personal.
    made.width = cache(made.width)  # type: ignore[method-assign]
    return made


@pytest.fixture(scope="session")
def window(glyphs: "Glyphs") -> Any:
    from kivy.base import EventLoop
    from kivy.core.window import Window

    EventLoop.ensure_window()
    EventLoop.start()
    assert Window.size == (1080, 1920)
    return Window


@pytest.fixture
def rig(window: Any, glyphs: "Glyphs") -> Iterator[Rig]:
    from kivy.base import EventLoop

    from screens.stage import Stage

    touched: list[tuple[str, int]] = []
    clock = [100.0]
    panel = PANELS["portrait"]
    stage = Stage(glyphs, panel, lambda action, seq: touched.append((action, seq)), lambda: clock[0])
    window.add_widget(stage)

    def frame() -> None:
        for _ in range(2):
            EventLoop.idle()

    yield Rig(stage, touched, clock, frame)
    window.remove_widget(stage)


@pytest.fixture(scope="session")
def shown() -> dict[tuple[str, str], dict[str, View]]:
    """Every sample by language and theme, then by name."""
    catalogue = places.catalogue()
    texts = {language: Texts(language, places.texts(language)) for language in places.LOCALES}
    return {
        (language, theme): dict(samples.views(catalogue, texts, language, theme))
        for language in texts
        for theme in ("normal", "large")
    }


@pytest.fixture
def assets() -> Path:
    return places.assets()
