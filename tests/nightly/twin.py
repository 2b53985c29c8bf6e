"""A core on this computer with the settings of the virtual machine: it says what its screen must show, and where."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from drivers.sim.printer import SimPrinter
from drivers.sim.scanner import SimScanner
from kiosk.config import load
from kiosk.core.events import Touched
from kiosk.domain.health import Ready, can_print
from kiosk.engine.clock import SystemClock
from kiosk.engine.mint import uuid7
from kiosk.ops import progress
from kiosk.view.models import View
from kiosk.wiring import places
from kiosk.wiring.core import Core
from kiosk.wiring.gallery import camera
from screens.theme import Panel

if TYPE_CHECKING:
    from screens.draw import Page

PATIENCE_S = 60.0
NOBODY = "http://127.0.0.1:9"


class Missed(Exception):
    """Something did not come about; it says what."""


class Shifted(SystemClock):
    """The clock of the virtual machine, which is so far ahead of this computer's."""

    def __init__(self, ahead: timedelta) -> None:
        self._ahead = ahead

    def now(self) -> datetime:
        return super().now() + self._ahead


class Twin:
    """Touched as the machine is touched, it is on the page on which the machine has to be."""

    def __init__(self, folder: Path, settings: Path, step: str = "", ahead: timedelta = timedelta()) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self.printer = SimPrinter(folder / "paper", places.font()).start()
        self._scanner = SimScanner()
        told = load(settings)
        progress.keep(folder / "state", step=step)
        self._core = Core(
            replace(
                told,
                hub=replace(told.hub, url=NOBODY),
                printer=replace(told.printer, url=self.printer.url, mode="native"),
                scanner=replace(told.scanner, url=self._scanner.url),
            ),
            folder / "state",
            Shifted(ahead),
        )
        self._panel = Panel(told.screen.width, told.screen.height, told.screen.dpi)
        self._shoot = camera(folder / "kivy", self._panel)
        self._drawn: tuple[View, Page] | None = None
        self._core.start()
        self.until(self._well, "printer and scanner of the twin were not found")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._core.stop()
        self.printer.stop()
        self._scanner.close()

    @property
    def view(self) -> View:
        return self._core.kiosk.engine.view

    def picture(self) -> Path:
        """What the page looks like now."""
        self._page()
        return self._folder / "page.png"

    def where(self, action: str) -> tuple[float, float]:
        """The middle of what can be pressed, as parts of width and height."""
        self.until(lambda: (found := self.view.action(action)) is not None and found.enabled, f"no {action}")
        rect = next(piece.rect for piece in self._page().pressables() if piece.action and piece.action.id == action)
        return (rect.x + rect.w / 2) / self._panel.width, (rect.y + rect.h / 2) / self._panel.height

    def touch(self, action: str) -> None:
        """Press it here; returns once something came of it."""
        before = self.view
        self._core.kiosk.engine.post(Touched(action, uuid7()))
        self.until(lambda: self.view != before, f"nothing came of {action}")

    def scan(self, text: str) -> None:
        before = self.view
        self._scanner.scan(text)
        self.until(lambda: self.view != before, "nothing came of the scan")

    def until(self, holds: Callable[[], object], missed: str) -> None:
        end = time.monotonic() + PATIENCE_S
        while not holds():
            if time.monotonic() > end:
                raise Missed(f"the twin, on its {self.view.view} page: {missed}")
            time.sleep(0.05)

    def _well(self) -> bool:
        parts = self._core.kiosk.engine.state.parts
        return isinstance(parts.scanner, Ready) and can_print(parts.printer)

    def _page(self) -> "Page":
        view = self.view
        if self._drawn is None or self._drawn[0] != view:
            self._drawn = view, self._shoot(view, self._panel, self._folder / "page.png")
        return self._drawn[1]
