"""What is done with a card in QEMU, in acts of at most half an hour; each begins with a card that another one left."""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from drivers.sim.printer import SimPrinter
from image.recipe.files import TREE, targets
from image.recipe.firmware import start
from image.recipe.machine import BOARDS, Machine
from image.recipe.tools import Toolbox
from kiosk.core.flows.wizard import STEPS
from kiosk.ops.mbr import Extent, extents
from kiosk.ops.readiness import NAME
from kiosk.wiring import places
from tests.nightly import sticks, writes
from tests.nightly.emulated import Shell, words
from tests.nightly.fall import boot, factor, falls
from tests.nightly.twin import Missed, Twin
from tests.nightly.walk import Walk
from tests.nightly.writes import Log

PATIENCE_S = 20 * 60
"""Every instruction is emulated where no KVM is lent; two busy cores took three minutes to the welcome page."""
WATCHDOG_S = 90
"""Of core and screen while every instruction is emulated; on a board 10 s and 15 s."""
PANEL = (540, 960)
OPEN = datetime(2026, 11, 23, 2, tzinfo=UTC)
"""Ten in the morning of a Monday, as the branch counts."""
SETTINGS = TREE / "image/machine-test.toml"
CUTS = int(os.environ.get("KIOSK_TEST_VM_CUTS", "200"))
"""Power cuts that are looked at for each act whose writes were noted."""


@dataclass
class Stage:
    """The toolbox, its folder of this act, the folder of all acts, and what is to be told of this one."""

    box: Toolbox
    run: Path
    out: Path
    built: Path
    kvm: bool = False
    target: str = "qemu-amd64"
    told: dict[str, object] = field(default_factory=dict)

    @property
    def architecture(self) -> str:
        """Of the machine, by Debian's name."""
        return targets()[self.target].architecture

    @property
    def card(self) -> Path:
        """The card in the machine."""
        return self.run / "card.img"

    def take(self, card: Path) -> Path:
        """Put a copy of a card in."""
        subprocess.run(["cp", "--sparse=always", str(card), str(self.card)], check=True)
        return self.card

    def leave(self, name: str) -> None:
        """Leave the card for later acts, and for a later day."""
        subprocess.run(["cp", "--sparse=always", str(self.card), str(self.out / name)], check=True)

    def made(self, name: str) -> Path:
        """A card that an earlier act left; Missed where there is none."""
        if not (self.out / name).exists():
            raise Missed(f"{name} is not there: the act that makes it has not ended")
        return self.out / name

    def extent(self, number: int) -> Extent:
        with self.card.open("rb") as stream:
            return extents(stream)[number]


@dataclass
class Scene:
    """A machine that runs, with a shell, hands and eyes."""

    machine: Machine
    shell: Shell
    walk: Walk
    printer: SimPrinter
    log: Log


@contextmanager
def scene(
    stage: Stage,
    hour: float,
    step: str = "",
    *,
    noted: bool = False,
    panel: tuple[int, int] = PANEL,
    stick: Path | None = None,
) -> Iterator[Scene]:
    """Start the card of the stage at an hour after OPEN and wait for its window."""
    run, box = stage.run, stage.box
    clock = OPEN + timedelta(hours=hour)
    ahead = clock - datetime.now(UTC)
    printer = SimPrinter(run / "paper", places.font()).start()
    slot = start(box, stage.card, run / "boot")
    shutil.rmtree(run / "twin", ignore_errors=True)
    began = time.monotonic()
    try:
        with (
            Machine(box, run, panel, stage.kvm, f"{clock:%Y-%m-%dT%H:%M:%S}", stage.architecture) as machine,
            Twin(run / "twin", SETTINGS, step, ahead) as twin,
        ):
            host, _, port = printer.url.partition("://")[2].partition(":")
            (run / "console.log").unlink(missing_ok=True)
            machine.on(
                stage.card, slot, words(WATCHDOG_S, BOARDS[stage.architecture].line),
                printer=f"socket,host={host},port={port},reconnect-ms=1000",
                scanner=f"socket,path={box.inside(run / 'scanner')},server=on,wait=off",
                writes=run / "writes.log" if noted else None, stick=stick,
            )  # fmt: skip
            stage.told |= {"slot": slot.partition, "load": [round(each, 1) for each in os.getloadavg()]}
            window = "Started kiosk-screen.service"
            wait(lambda: window in machine.said() or not machine.running, "the window did not come")
            if not machine.running:
                raise Missed("the machine went down before its window came")
            stage.told["window_s"] = round(time.monotonic() - began)
            shell = Shell(run / "shell")
            try:
                yield Scene(machine, shell, Walk(machine, shell, twin, run / "scanner", run), printer,
                            Log(run / "writes.log"))  # fmt: skip
            except (Missed, TimeoutError, OSError):
                machine.picture("last.png")
                raise
            finally:
                said = machine.said()
                failed = [line.split("] ", 1)[-1] for line in said.splitlines() if "Failed with result" in line]
                stage.told |= {"failed": failed, "seconds": round(time.monotonic() - began)}
    finally:
        printer.stop()


def set_up(stage: Stage) -> None:
    """The wizard by touch, on a card as it is built; then each cut of the power within it, looked at on the card."""
    stage.take(stage.built)
    settle(stage, SETTINGS)
    fresh = stage.run / "fresh.img"
    subprocess.run(["cp", "--sparse=always", str(stage.card), str(fresh)], check=True)
    reached: list[tuple[int, str]] = []
    paper = sticks.blank(stage.box, stage.run / "stick.img", 64)
    with scene(stage, 0, STEPS[0], noted=True, stick=paper) as now:

        def kept_on(step: str) -> None:
            reached.append((now.log.position(), step))
            if step == "report":
                now.machine.plug()
                now.shell.run(sticks.AWAIT)

        stage.told["wizard"] = now.walk.set_up(now.printer, kept_on)
        reached.append((now.log.position(), ""))
        stage.told["difference"] = now.walk.difference
        wait(lambda: "active" in now.shell.run("systemctl is-active usbguard").split(), "usbguard did not start")
        stage.told["usb"] = now.shell.run("cat /run/kiosk-usb/rules").splitlines()
        now.machine.off()
        stage.leave("set-up.img")
        report = sticks.taken(stage.box, paper, NAME, stage.run / "report.pdf")
        stage.told["report on the stick"] = f"{report.stat().st_size} bytes"
        if not report.read_bytes().rstrip().endswith(b"%%EOF"):
            raise Missed("the report on the stick that was pulled is not whole")
        order = ["-", *STEPS, ""]

        def missing(folder: Path, position: int) -> str:
            writes.journal(folder)
            least = max((order.index(step) for at, step in reached if at <= position), default=0)
            here = writes.step(folder)
            return "" if order.index(here) >= least else f"the set-up is at {here!r}, it was at {order[least]!r}"

        cut(stage, now.log, fresh, missing)


def ticket(stage: Stage) -> None:
    """A ticket by touch; the plug is pulled as its paper lies there; then each cut within the journey."""
    stage.take(stage.made("set-up.img"))
    acknowledged: list[tuple[int, str]] = []
    with scene(stage, 1, noted=True) as now:

        def printed() -> None:
            acknowledged.append((now.log.position(), now.printer.papers[-1].text))

        paper = now.walk.ticket(now.printer, printed)
        stage.told |= {"ticket": paper.splitlines()[:12], "difference": now.walk.difference}
        now.machine.off()
        stage.leave("ticket.img")

        def missing(folder: Path, position: int) -> str:
            kept = [label for label, state in writes.journal(folder) if state not in ("asked", "lost", "void")]
            lacking = [text for at, text in acknowledged if at <= position and not any(label in text for label in kept)]
            return "a number that was on paper is not in the journal" if lacking else ""

        cut(stage, now.log, stage.made("set-up.img"), missing)
        stage.told["after the cut"] = missing(stage.run / "files", 1 << 60) or "the number is in the journal"


def fall(stage: Stage) -> None:
    """A card whose plug was pulled starts; each process is killed and stopped, and timed until it is back."""
    stage.take(stage.made("ticket.img"))
    with scene(stage, 2) as now:
        now.walk.see("after-a-cut")
        slower = factor(now.shell)
        started = boot(now.shell, slower)
        found = falls(now.shell, WATCHDOG_S, slower)
        stage.told |= {"slower by": round(slower, 1), "boot": started, "falls": found}
        now.walk.see("after-the-falls")
    late = [
        one for one in (*found, {"what": "boot", **started}) if float(str(one["real_s"])) > float(str(one["limit_s"]))
    ]
    if late:
        raise Missed(f"longer than it may be: {late}")


def turns(stage: Stage) -> None:
    """The picture turned by 180 degrees on the same panel: one press a tap, where it was touched."""
    stage.take(stage.made("set-up.img"))
    settle(stage, SETTINGS, "rotation = 180\nfullscreen")
    with scene(stage, 3) as now:
        now.walk.turned = 180
        now.walk.see("welcome-180")
        now.walk.tap("identify:type")
        now.walk.see("typed-180")


def sideways(stage: Stage) -> None:
    """A panel that lies on its side, turned by 90 and by 270 degrees: one press a tap, where it was touched."""
    for turned, hour in ((90, 4.0), (270, 4.5)):
        stage.take(stage.made("set-up.img"))
        settle(stage, SETTINGS, f"rotation = {turned}\nfullscreen")
        with scene(stage, hour, panel=(PANEL[1], PANEL[0])) as now:
            now.walk.turned = 360 - turned
            now.walk.see(f"welcome-{turned}")
            now.walk.tap("identify:type")
            now.walk.see(f"typed-{turned}")


def cut(stage: Stage, log: Log, before: Path, missing: Callable[[Path, int], str]) -> None:
    """Cut the power at the writes that were noted; told, and Missed where anything was lost."""
    with before.open("rb") as stream:
        where = extents(stream)
    stage.told["writes"] = writes.touched(log, where)
    found = writes.cut_data(log, before, where[8], stage.run, CUTS, missing)
    stage.told["cuts"] = {"prefix": found.prefix, "sectors": found.sectors, "lost": found.lost[:5]}
    if found.lost:
        raise Missed(f"{len(found.lost)} of {found.tried} cuts lost something: {found.lost[0]}")


def settle(stage: Stage, settings: Path, instead: str = "") -> None:
    """Give the card the settings of this machine, on its data partition."""
    text = settings.read_text("utf-8")
    file = stage.run / "kiosk.toml"
    file.write_text(text.replace("fullscreen", instead) if instead else text)
    data = f"{stage.card}?offset={stage.extent(8).start}"
    # The plug was pulled: what ext4's journal holds would be written over what debugfs writes.
    subprocess.run(["e2fsck", "-p", data], capture_output=True, check=False)
    stage.box.run("debugfs", "-w", "-R", "rm /settings/kiosk.toml", data)
    stage.box.run("debugfs", "-w", "-R", f"write {stage.box.inside(file)} /settings/kiosk.toml", data)


def wait(holds: Callable[[], object], missed: str, patience_s: float = PATIENCE_S) -> None:
    """Wait for something; Missed if it never came."""
    end = time.monotonic() + patience_s
    while not holds():
        if time.monotonic() > end:
            raise Missed(missed)
        time.sleep(2)


def written(told: dict[str, object]) -> str:
    return json.dumps(told, indent=1, ensure_ascii=False) + "\n"
