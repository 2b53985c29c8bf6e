"""A person at the virtual machine: sets it up, takes a ticket; each page is looked at beside the twin's."""

import json
import shutil
import socket
import time
from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageChops, ImageStat

from drivers.sim.printer import SimPrinter
from image.recipe.machine import Machine
from kiosk.core.flows.wizard import STEPS
from kiosk.core.technician import POINTS, TEST_CODE
from kiosk.ops.progress import FILE
from kiosk.ops.readiness import NAME
from kiosk.wiring.rehearsal import person
from tests.nightly.emulated import Shell
from tests.nightly.twin import Missed, Twin

PATIENCE_S = 300.0
ALIKE = 2.0
"""So far, of 255, two pictures of one page may differ on the average; two pages of the wizard are 4.5 to 10 apart."""
SMALL = (180, 320)
WHOLE = (0, 24, 180, 320)
"""Without the top bar, where the time stands."""
HEAD = (0, 24, 180, 100)
TITLE = (0, 24, 180, 66)
"""With the note, or without: below stand findings, and the twin's are of another machine."""
TRIES, PRESS_S, SETTLE_S, FAINT = 3, 20.0, 2.0, 24
PIN = "739150"


class Walk:
    """Hands and eyes before the machine; `pictures` keeps what was seen."""

    def __init__(self, machine: Machine, shell: Shell, twin: Twin, scanner: Path, pictures: Path) -> None:
        self._machine, self._shell, self._twin, self._pictures = machine, shell, twin, pictures
        self._line = socket.socket(socket.AF_UNIX)
        self._line.connect(str(scanner))
        self._seen = 0
        self.turned = 0
        """How far, in degrees, the picture stands turned on the panel."""
        self.difference: list[float] = []

    def set_up(self, printer: SimPrinter, kept_on: Callable[[str], object] = lambda _step: None) -> list[str]:
        """Go through the wizard, every page of it; the steps in the order in which the card kept them."""
        kept = []
        for step in STEPS:
            self._until(lambda step=step: self._step() == step, f"the wizard did not come to {step}")  # type: ignore[misc]
            kept.append(step)
            kept_on(step)
            self.see(step, WHOLE if step in ("language", "calibrate", "touch", "pin") else TITLE)
            if step == "touch":
                for point in range(1, POINTS + 1):
                    self.tap(f"choice:{point}")
            if step == "printer":
                self.tap("retry")
                self._until(lambda: printer.papers, "the test page was not printed")
                self.see("printed", HEAD)
                self.scan(TEST_CODE)
                self.see("scanned-back", HEAD)
            if step == "report":
                self.tap("choice:usb")
                self._until(lambda: NAME in self._shell.run("ls /run/media/*"), "no report came onto the stick")
                self.picture("on-the-stick")
            if step == "pin":
                for digit in PIN:
                    self.tap(f"key:{digit}")
            self.tap("next")
        self._until(lambda: self._step() == "", "the wizard did not end")
        return kept

    def ticket(self, printer: SimPrinter, printed: Callable[[], object] = lambda: None) -> str:
        """Scan, choose, take a ticket, with the paper in the hand; what stands on it."""
        before = len(printer.papers)
        self.see("welcome")
        self.scan(person())
        self.see("categories")
        for action, name in (("category:B", "services"), ("service:B1", "guide"), ("take-ticket", "ticket")):
            self.tap(action)
            if name != "ticket":
                self.see(name)
        self._until(lambda: len(printer.papers) > before, "no paper came out")
        printed()
        time.sleep(5)
        self.see("ticket")
        paper = printer.papers[-1]
        shutil.copy(paper.png, self._pictures / "paper.png")
        self.tap("finish")
        self.see("welcome-again")
        return paper.text

    def see(self, name: str, part: tuple[int, int, int, int] = WHOLE) -> None:
        """Wait until the glass shows what the twin shows."""
        end = time.monotonic() + PATIENCE_S
        while True:
            shown = self._picture()
            far = difference(shown, self._twin.picture(), part)
            if far <= ALIKE:
                break
            if time.monotonic() > end:
                self._keep(shown, f"not-{name}")
                shutil.copy(self._twin.picture(), self._pictures / f"{self._seen:02}-meant-{name}.png")
                raise Missed(f"the machine does not show {name}: {far:.1f} off the twin's picture")
            time.sleep(1)
        self.difference.append(round(far, 2))
        self._keep(shown, name)

    def picture(self, name: str) -> None:
        self._keep(self._picture(), name)

    def tap(self, action: str) -> None:
        """Touch it on the machine's glass, and on the twin."""
        x, y = self._twin.where(action)
        for _ in range(TRIES):
            before = self._look()
            self._machine.touch(*on_panel(x, y, self.turned))
            if self._changes(before):
                break
        else:
            raise Missed(f"nothing came of {action}")
        self._twin.touch(action)
        time.sleep(SETTLE_S)

    def scan(self, text: str) -> None:
        self._line.sendall(text.encode() + b"\r")
        self._twin.scan(text)

    def _look(self) -> Image.Image:
        with Image.open(self._picture()) as picture:
            return picture.convert("L").crop((0, 72, *picture.size))

    def _picture(self) -> Path:
        """What the screen shows, upright."""
        shown = self._machine.picture("now.png")
        if self.turned:
            with Image.open(shown) as picture:
                picture.rotate(self.turned, expand=True).save(shown.with_name("upright.png"))
            shown = shown.with_name("upright.png")
        return shown

    def _changes(self, before: Image.Image) -> bool:
        """Whether the page moves; a press that fell into the moment of a page's change is taken for none."""
        end = time.monotonic() + PRESS_S
        while time.monotonic() < end:
            if ImageChops.difference(before, self._look()).point(lambda level: 255 * (level > FAINT)).getbbox():
                return True
            time.sleep(0.3)
        return False

    def _step(self) -> str:
        text = self._shell.run(f"cat /var/lib/kiosk/{FILE}")
        return str(json.loads(text)["step"]) if text.strip().startswith("{") else "unread"

    def _keep(self, shown: Path, name: str) -> None:
        self._seen += 1
        shutil.copy(shown, self._pictures / f"{self._seen:02}-{name}.png")

    @staticmethod
    def _until(holds: Callable[[], object], missed: str) -> None:
        end = time.monotonic() + PATIENCE_S
        while not holds():
            if time.monotonic() > end:
                raise Missed(missed)
            time.sleep(1)


def on_panel(x: float, y: float, turned: int) -> tuple[float, float]:
    """Where on the panel a place of the upright picture lies, both as parts from the top left."""
    return {0: (x, y), 90: (1 - y, x), 180: (1 - x, 1 - y), 270: (y, 1 - x)}[turned]


def difference(one: Path, other: Path, part: tuple[int, int, int, int] = WHOLE) -> float:
    """How far two pictures of a page are from each other, on the average, of 255."""
    with Image.open(one) as first, Image.open(other) as second:
        small = [each.convert("L").resize(SMALL).crop(part) for each in (first, second)]
    return float(ImageStat.Stat(ImageChops.difference(small[0], small[1])).mean[0])
