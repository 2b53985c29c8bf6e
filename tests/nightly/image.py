"""Builds the amd64 image and starts it in QEMU up to the welcome page; keeps pictures, console and manifest."""

import argparse
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from image.recipe.files import TREE
from image.recipe.firmware import start
from image.recipe.machine import Machine
from image.recipe.progress import Progress
from image.recipe.tools import Toolbox
from kiosk.ops.mbr import extents

PATIENCE_S = 20 * 60
"""Every instruction is emulated where no KVM is lent; two busy cores took three minutes to the welcome page."""
WORDS = "console=ttyS0 systemd.journald.forward_to_console=1"
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
    box = Toolbox(work / "toolbox", "trixie", "http://deb.debian.org/debian")
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
    return 0 if report["ok"] else 1


def boot(box: Toolbox, built: Path, run: Path, kvm: bool) -> dict[str, object]:
    """Start a copy of the card; what was seen."""
    card = run / "card.img"
    subprocess.run(["cp", "--sparse=always", str(built), str(card)], check=True)
    settle(box, card, run)
    slot = start(box, card, run / "boot")
    began = time.monotonic()
    with Progress("starting the card", 3) as progress, Machine(box, run, kvm=kvm, clock=OPEN) as machine:
        machine.on(card, slot, WORDS)
        up = until(lambda: "Reached target multi-user.target" in machine.said())
        progress.step("units")
        ready = up and until(lambda: "Started kiosk-screen.service" in machine.said())
        progress.step("window")
        drawn = ready and until(lambda: colours(machine.picture("welcome.png")) > 50)
        if drawn:
            time.sleep(10)
            machine.picture("welcome.png")
        else:
            machine.picture("last.png")
        progress.step("welcome page")
        said = machine.said()
    failed = [line.split("] ", 1)[-1] for line in said.splitlines() if "Failed with result" in line]
    return {
        "ok": drawn and not failed,
        "slot": slot.partition,
        "multi_user": up,
        "screen_ready": ready,
        "welcome_drawn": drawn,
        "failed": failed,
        "seconds": round(time.monotonic() - began),
        "kvm": kvm,
    }


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


def colours(picture: Path) -> int:
    """How many colours a picture has: a black screen one, a console few, a drawn page hundreds."""
    from PIL import Image

    with Image.open(picture) as image:
        return len(image.convert("RGB").resize((270, 480)).getcolors(maxcolors=270 * 480) or ())


if __name__ == "__main__":
    sys.exit(main())
