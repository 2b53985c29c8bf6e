"""Builds the amd64 image and starts it in QEMU: wizard, a ticket by touch, falls, a power cut; keeps every picture."""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from drivers.sim.printer import SimPrinter
from image.recipe.files import TREE
from image.recipe.firmware import Slot, start
from image.recipe.machine import Machine
from image.recipe.mirror import own
from image.recipe.progress import Progress
from image.recipe.tools import Toolbox
from kiosk.core.flows.wizard import STEPS
from kiosk.ops.mbr import extents
from kiosk.wiring import places
from tests.nightly.emulated import Shell, words
from tests.nightly.fall import falls
from tests.nightly.twin import Missed, Twin
from tests.nightly.walk import Walk

PATIENCE_S = 20 * 60
"""Every instruction is emulated where no KVM is lent; two busy cores took three minutes to the welcome page."""
WATCHDOG_S = 90
"""Of core and screen while every instruction is emulated; on a board 10 s and 15 s."""
PANEL = (540, 960)
OPEN = "2026-11-23T02:00:00"
"""Ten in the morning of a Monday, as the branch counts."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.nightly.image", description=__doc__)
    parser.add_argument("--out", type=Path, default=TREE / "build/image-test")
    parser.add_argument("--work", type=Path, default=TREE / "build/image-work")
    parser.add_argument("--card", type=Path, help="a card that was built before, instead of building one")
    parser.add_argument("--kvm", action="store_true", help="lend the machine this computer's processor")
    asked = parser.parse_args()
    out, work = asked.out.resolve(), asked.work.resolve()
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    built = asked.card
    if built is None:
        words = [str(TREE / "image/build"), "--target", "qemu-amd64", "--work", str(work), "--out", str(out / "image")]
        if subprocess.run([sys.executable, *words], stdout=subprocess.DEVNULL, check=False).returncode:
            return 1
        built = out / "image/card.img"
    box = Toolbox(work / "toolbox", "trixie", own())
    box.make()
    run = box.root / "build/run"
    shutil.rmtree(run, ignore_errors=True)
    run.mkdir(parents=True)
    report = boot(box, built, run, asked.kvm)
    for file in (*run.glob("*.png"), run / "console.log", run / "qemu.log"):
        if file.exists():
            shutil.copy(file, out)
    (out / "report.json").write_text(json.dumps(report, indent=1) + "\n", "utf-8")
    print(json.dumps(report, indent=1))
    return 0 if report.get("ok") else 1


def boot(box: Toolbox, built: Path, run: Path, kvm: bool) -> dict[str, object]:
    """Set the card up by its wizard, take a ticket, kill and stop each process, pull the plug; what was seen."""
    card = run / "card.img"
    subprocess.run(["cp", "--sparse=always", str(built), str(card)], check=True)
    settle(box, card, run)
    slot = start(box, card, run / "boot")
    printer = SimPrinter(run / "paper", places.font()).start()
    settings = TREE / "image/machine-test.toml"
    seen: dict[str, object] = {"slot": slot.partition, "kvm": kvm, "load": round(os.getloadavg()[0], 1)}
    began = time.monotonic()
    with (
        Progress("starting the card", 5) as progress,
        Machine(box, run, PANEL, kvm, OPEN) as machine,
        Twin(run / "twin", settings, STEPS[0]) as twin,
    ):
        try:
            _on(box, run, machine, card, slot, printer)
            seen["ready_s"] = round(time.monotonic() - began)
            progress.step("window")
            shell = Shell(run / "shell")
            walk = Walk(machine, shell, twin, run / "scanner", run)
            seen["wizard"] = walk.set_up(printer)
            progress.step("wizard")
            seen["ticket"] = walk.ticket(printer).splitlines()[:12]
            seen["difference"] = walk.difference
            progress.step("ticket")
            seen["usb"] = shell.run("systemctl is-active usbguard; cat /run/kiosk-usb/rules").splitlines()
            seen["falls"] = falls(shell, WATCHDOG_S)
            progress.step("falls")
            machine.off()
            _on(box, run, machine, card, slot, printer)
            seen["after_the_cut"] = Shell(run / "shell").run("cat /var/lib/kiosk/first-boot.json").strip()
            walk.see("after-a-cut")
            progress.step("power cut")
            seen["ok"] = True
        except (Missed, RuntimeError, OSError) as error:
            seen |= {"ok": False, "missed": str(error)}
            machine.picture("last.png")
        finally:
            printer.stop()
    said = machine.said()
    seen["failed"] = [line.split("] ", 1)[-1] for line in said.splitlines() if "Failed with result" in line]
    return {**seen, "seconds": round(time.monotonic() - began)}


def _on(box: Toolbox, run: Path, machine: Machine, card: Path, slot: Slot, printer: SimPrinter) -> None:
    host, _, port = printer.url.partition("://")[2].partition(":")
    (run / "console.log").unlink(missing_ok=True)
    machine.on(
        card, slot, words(WATCHDOG_S),
        printer=f"socket,host={host},port={port},reconnect-ms=1000",
        scanner=f"socket,path={box.inside(run / 'scanner')},server=on,wait=off",
    )  # fmt: skip
    if not until(lambda: "Started kiosk-screen.service" in machine.said()):
        raise Missed("the window did not come")


def settle(box: Toolbox, card: Path, run: Path) -> None:
    """Give the card the settings of this machine, on its data partition."""
    with card.open("rb") as stream:
        where = extents(stream)[8]
    shutil.copy(TREE / "image/machine-test.toml", run / "kiosk.toml")
    data = f"{card}?offset={where.start}"
    box.run("debugfs", "-w", "-R", "rm /settings/kiosk.toml", data)
    box.run("debugfs", "-w", "-R", f"write {box.inside(run / 'kiosk.toml')} /settings/kiosk.toml", data)


def until(holds: Callable[[], bool]) -> bool:
    """Wait for something; False if it never came."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(2)
    return False


if __name__ == "__main__":
    sys.exit(main())
