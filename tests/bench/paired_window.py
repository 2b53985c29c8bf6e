"""A window that holds now the stage, now one full-size label, and times the frames of both in turn; prints JSON.

Only what a change costs is timed: from the change, made in Kivy's loop, to the end of its frame.
"""

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kiosk.view.models import View
from kiosk.view.texts import Texts
from kiosk.wiring import places, samples
from screens.page import KEPT
from screens.theme import Panel

PRESSES = int(os.environ.get("KIOSK_BENCH_PRESSES", "1000"))
BLOCK = 50
ROUNDS = 6
"""So often each kept page is visited again."""
PER_PAGE = 2
"""Redraws of the label for each page, so that noise meets both."""
LONGEST_S = 60.0
EVERYBODYS = {"welcome", "services", "guide", "closed", "information"}
PRESSED = (("services-B", "service:B3"), ("keypad", "key:5"), ("welcome", "ticket-only"), ("services", "category:B"))


class Paired:
    """The window, what fills it, and its clock."""

    def __init__(self, panel: Panel) -> None:
        from kivy.base import EventLoop
        from kivy.core.window import Window
        from kivy.graphics.opengl import glFinish
        from kivy.uix.label import Label

        from screens.glyphs import Glyphs
        from screens.stage import Stage

        EventLoop.ensure_window()
        EventLoop.start()
        self._window, self._loop = Window, EventLoop
        self.now = 0.0
        self.stage = Stage(Glyphs(places.assets()), panel, lambda _action, _seq: None, lambda: self.now)
        self.label = Label(
            text="0", font_name=str(places.font()), font_size=panel.height / 12, halign="center", valign="middle",
            text_size=(panel.width, panel.height), size=(panel.width, panel.height),
        )  # fmt: skip
        self._flipped = 0.0
        self._finish = glFinish
        Window.bind(on_flip=self._flip)

    def _flip(self, *_: Any) -> None:
        self._finish()
        self._flipped = time.perf_counter()

    def hold(self, widget: Any) -> None:
        for child in list(self._window.children):
            self._window.remove_widget(child)
        self._window.add_widget(widget)
        for _ in range(3):
            self._window.canvas.ask_update()
            self._loop.idle()

    def timed(self, change: Callable[[], None]) -> float:
        """Seconds from the change to the end of its frame."""
        from kivy.clock import Clock

        began = 0.0

        def do(_elapsed: float) -> None:
            nonlocal began
            began = time.perf_counter()
            change()
            self._window.canvas.ask_update()  # a page like the last one changes nothing, but its frame is waited for

        self._flipped = 0.0
        Clock.schedule_once(do, 0)
        end = time.monotonic() + LONGEST_S
        while self._flipped <= began or not began:
            if time.monotonic() > end:
                raise RuntimeError("no frame came")
            self._loop.idle()
        return self._flipped - began

    def redraws(self, count: int) -> list[float]:
        """Redraw the bare label so often."""
        self.hold(self.label)

        def change() -> None:
            self.label.text = str(int(self.label.text) + 1)

        return [self.timed(change) for _ in range(count)]

    def press(self, action: str) -> float:
        """Press by a mouse of Kivy's own, as SDL brings a finger; lift it again."""
        spot = self.stage.where(action)
        assert spot is not None, action
        x, y = spot[0], self._window.height - spot[1]
        self.stage.hands.forget()
        took = self.timed(lambda: self._window.dispatch("on_mouse_down", x, y, "left", []))
        self._window.dispatch("on_mouse_up", x, y, "left", [])
        self._loop.idle()
        self.now += 5.0
        return took


def main() -> None:
    panel = Panel(1080, 1920)
    os.environ["SDL_VIDEODRIVER"] = "offscreen"
    from screens import environment

    with tempfile.TemporaryDirectory(prefix="kiosk-bench-") as home:
        environment.prepare(Path(home), panel)
        environment.configure(panel)
        paired = Paired(panel)
        texts = {language: Texts(language, places.texts(language)) for language in places.LOCALES}
        catalogue = places.catalogue()
        pages = [page for language in texts for page in samples.views(catalogue, texts, language, "normal")]
        paired.stage.warm(pages[0][1])
        json.dump(measured(paired, pages), sys.stdout)


def measured(paired: Paired, pages: list[tuple[str, View]]) -> dict[str, object]:
    """First visits of all pages, visits of those that are kept, presses, and the label between them."""
    bare: list[float] = paired.redraws(BLOCK)
    first: dict[str, float] = {}
    widgets: dict[str, int] = {}
    seq = 0
    for place in range(0, len(pages), 12):
        paired.hold(paired.stage)
        for name, view in pages[place : place + 12]:
            seq += 1
            first[f"{name}.{view.language}"] = paired.timed(lambda view=view, seq=seq: paired.stage.draw(view, seq))  # type: ignore[misc]
            widgets[f"{name}.{view.language}"] = sum(len(layer.children) for layer in paired.stage.children)
        bare += paired.redraws(12 * PER_PAGE)
    kept = [page for page in pages if page[1].view in EVERYBODYS and page[1].language == "zh"][:KEPT]
    again: list[float] = []
    for visit in range(ROUNDS + 1):
        paired.hold(paired.stage)
        for _, view in kept:
            seq += 1
            took = paired.timed(lambda view=view, seq=seq: paired.stage.draw(view, seq))  # type: ignore[misc]
            again += [took] if visit else []
        bare += paired.redraws(len(kept) * PER_PAGE)
    shown = dict(pages[: len(pages) // 2])
    presses: list[float] = []
    beside: list[float] = []
    while len(presses) < PRESSES:
        name, action = PRESSED[len(presses) // BLOCK % len(PRESSED)]
        paired.hold(paired.stage)
        for _ in range(BLOCK):
            seq += 1
            paired.timed(lambda name=name, seq=seq: paired.stage.draw(shown[name], seq))  # type: ignore[misc]
            presses.append(paired.press(action))
        beside += paired.redraws(BLOCK)
    return {"bare": bare, "first": first, "kept": again, "presses": presses, "beside": beside, "widgets": widgets}


if __name__ == "__main__":
    main()
