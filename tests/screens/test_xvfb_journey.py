"""Whole journeys in the real window on a real X server: one by clicks, one by keys, each to its paper."""

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from branch.server import BranchServer
from drivers.sim.printer import SimPrinter
from kiosk.config import load
from kiosk.engine.clock import SystemClock
from kiosk.settings_file import Secret
from kiosk.view.models import View
from kiosk.wiring import branch as branch_wiring
from kiosk.wiring import places
from kiosk.wiring.core import Core
from kiosk.wiring.processes import Process
from screens.hands import TWICE_S
from screens.page import Composer
from screens.theme import Panel

if TYPE_CHECKING:
    from screens.glyphs import Glyphs

PATIENCE_S = 60.0
PANEL = Panel(720, 1280, 102.0)

pytestmark = [
    pytest.mark.skipif(not (shutil.which("Xvfb") and shutil.which("xdotool")), reason="needs xvfb and xdotool"),
    pytest.mark.timeout(300),
]


class Hall:
    """A hub, a printer, a core and its window; `hand` is the mouse and the keyboard of the X server."""

    def __init__(self, core: Core, printer: SimPrinter, composer: Composer, hand: Callable[..., str]) -> None:
        self.core, self.printer, self._composer, self._hand = core, printer, composer, hand

    @property
    def view(self) -> View:
        return self.core.kiosk.engine.view

    def until(self, fits: Callable[[], object], what: str) -> None:
        end = time.monotonic() + PATIENCE_S
        while not fits():
            assert time.monotonic() < end, f"{self.view.view} stands, not {what}"
            time.sleep(0.05)
        assert self.core.screen.drawn(PATIENCE_S)

    def offers(self, action: str) -> bool:
        found = self.view.action(action)
        return found is not None and found.enabled

    def click(self, action: str) -> None:
        self.until(lambda: self.offers(action), f"a page with {action}")
        page = self._composer.compose(self.view)
        rect = next(piece.rect for piece in page.pressables() if piece.action and piece.action.id == action)
        before = self._page
        time.sleep(TWICE_S)  # as any citizen does; sooner it would be taken for a double tap
        self._hand("mousemove", str(round(rect.x + rect.w / 2)), str(round(rect.y + rect.h / 2)), "click", "1")
        self.until(lambda: self._page != before, f"what {action} leads to")

    def key(self, name: str) -> None:
        before = self._page
        self._hand("key", name)
        self.until(lambda: self._page != before, f"what {name} leads to")

    @property
    def _page(self) -> tuple[object, ...]:
        """What only a hand changes; news of the hall and of the devices come whenever they come."""
        view = self.view
        return view.view, view.title, view.focus, view.appearance.ring, tuple(action.id for action in view.actions)

    def steer(self, action: str) -> None:
        """Press next until the ring is on the action, then activate it."""
        self.until(lambda: self.offers(action), f"a page with {action}")
        for _ in range(len(self.view.actions) + 1):
            if self.view.appearance.ring and self.view.actions[self.view.focus].id == action:
                break
            self.key("Right")
        self.key("Return")


@pytest.fixture
def hall(tmp_path: Path, glyphs: "Glyphs") -> Iterator[Hall]:
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", "1", "-screen", "0", "720x1280x24", "-nolisten", "tcp"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert server.stdout is not None
    display = f":{server.stdout.readline().strip()}"
    clock, settings = SystemClock(), load(None)
    hub = BranchServer(
        f"sqlite:///{tmp_path / 'branch.db'}", places.catalogue(),
        branch_wiring.options(settings, clock), clock.now,
    )  # fmt: skip
    printer = SimPrinter(tmp_path / "paper", places.font()).start()
    core = Core(
        replace(
            settings, hub=replace(settings.hub, url=hub.start(), token=Secret(hub.grant("kiosk", "K1"))),
            printer=replace(settings.printer, url=printer.url, mode="native"),
        ),
        tmp_path, clock,
    )  # fmt: skip
    core.start()
    words = [
        "screen", "--state", str(tmp_path / "screen"), "--socket", str(tmp_path / "screen.sock"), "--forward-keys",
        "--width", "720", "--height", "1280", "--dpi", "102", "--fullscreen",
    ]  # fmt: skip
    window = Process(words, tmp_path / "screen.log", {"SDL_VIDEODRIVER": "x11", "DISPLAY": display})

    def hand(*orders: str) -> str:
        done = subprocess.run(
            ["xdotool", *orders], env={"DISPLAY": display, "PATH": "/usr/bin:/bin"}, capture_output=True, text=True,
            timeout=PATIENCE_S, check=True,
        )  # fmt: skip
        return done.stdout.strip()

    try:
        assert core.screen.ready(PATIENCE_S), window.last_words()
        hand("search", "--sync", "--onlyvisible", "--pid", str(window.child.pid), "windowfocus")
        yield Hall(core, printer, Composer(PANEL, glyphs.width), hand)
    finally:
        window.stop()
        core.stop()
        printer.stop()
        hub.stop()
        server.kill()
        server.communicate(timeout=PATIENCE_S)


def test_a_ticket_by_clicks_then_one_by_keys_alone(hall: Hall) -> None:
    for action in ("ticket-only", "category:B", "service:B1", "take-ticket"):
        hall.click(action)
    hall.until(lambda: hall.view.view == "ticket", "the ticket")
    hall.click("finish")
    hall.until(lambda: hall.view.view == "welcome", "welcome")
    assert len(hall.printer.papers) == 1
    hall.until(lambda: hall.offers("ticket-only"), "tickets again")
    for action in ("ticket-only", "category:C", "service:C1", "take-ticket"):
        hall.steer(action)
    hall.until(lambda: hall.view.view == "ticket", "the second ticket")
    first, second = (paper.text for paper in hall.printer.papers)
    assert "B001" in first
    assert "C001" in second
    hall.steer("finish")
    hall.until(lambda: hall.view.view == "welcome", "welcome")
