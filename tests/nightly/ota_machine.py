"""A whole update in QEMU with RAUC itself: from a stick to the other slot, its trial, the gate, the commit."""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from image.recipe.firmware import start
from image.recipe.machine import Machine
from image.recipe.tools import Toolbox
from kiosk.ops.mbr import extents
from tests.nightly.emulated import Shell, words
from tests.nightly.image import OPEN, PANEL, WATCHDOG_S, settle
from tests.nightly.twin import Missed

PATIENCE_S = 40 * 60
GOES_OFF_S = 300
"""The updater's end and the machine's going off are some way apart under emulation."""
SET_UP = (
    "systemctl stop kiosk-screen kiosk-core; echo '{}' > /var/lib/kiosk/first-boot.json;"
    " chown kiosk-core:kiosk /var/lib/kiosk/first-boot.json;"
    " mkdir -p /run/media/stick; ln -sf /data/bundle.raucb /run/media/stick/bundle.raucb"
)
"""Nobody has to be served while it installs: two emulated processors are few."""
SLOW = "systemd.default_device_timeout_sec=1200 systemd.default_timeout_start_sec=1200"
"""Beside busy neighbours the card's partitions took longer to appear than systemd waits by itself."""


def main() -> int:
    """Run the cycle; 0 if the new slot is committed."""
    parser = argparse.ArgumentParser(prog="python -m tests.nightly.ota_machine", description=__doc__)
    parser.add_argument("--work", type=Path, required=True, help="as of image/build: its toolbox is used")
    parser.add_argument("--card", type=Path, required=True, help="the card that is updated")
    parser.add_argument("--bundle", type=Path, required=True, help="of a newer release, signed for that card")
    parser.add_argument("--out", type=Path, required=True, help="where the report goes")
    asked = parser.parse_args()
    box = Toolbox(asked.work.resolve() / "toolbox", "trixie", "")
    run = box.root / "build/ota"
    run.mkdir(parents=True, exist_ok=True)
    seen: dict[str, object] = {}
    try:
        cycle(box, run, asked.card, asked.bundle, seen)
    except (Missed, RuntimeError, OSError) as error:
        seen["missed"] = str(error)
    asked.out.mkdir(parents=True, exist_ok=True)
    (asked.out / "report.json").write_text(json.dumps(seen, indent=1) + "\n", "utf-8")
    print(json.dumps(seen, indent=1))
    return 0 if seen.get("ok") else 1


def cycle(box: Toolbox, run: Path, built: Path, bundle: Path, seen: dict[str, object]) -> None:
    """Install, try, commit; what was seen is noted as it comes."""
    card = run / "card.img"
    subprocess.run(["cp", "--sparse=always", str(built), str(card)], check=True)
    settle(box, card, run)
    write_data(box, run, card, bundle)
    with Machine(box, run, PANEL, clock=OPEN) as machine:
        began = time.monotonic()
        slot = start(box, card, run / "boot")
        machine.on(card, slot, f"{words(WATCHDOG_S)} {SLOW}")
        shell = up(machine, run, "Finished kiosk-boot.service")
        seen["first"] = {"partition": slot.partition, "s": round(time.monotonic() - began)}
        shell.run(SET_UP, PATIENCE_S)
        began = time.monotonic()
        shell.run("systemctl start --no-block kiosk-update")
        until(lambda: not machine.running or _failed(shell), "the updater neither failed nor started the trial")
        grace = time.monotonic() + GOES_OFF_S
        while machine.running and time.monotonic() < grace:
            time.sleep(2)
        seen["installed"] = {"s": round(time.monotonic() - began)}
        if machine.running:
            seen["said"] = shell.run("journalctl -u kiosk-update -u rauc -u kiosk-trial --no-pager | tail -40", 300)
            raise Missed("the machine was not started anew")
        seen["slots"] = read_data(box, card, "/boot/slots.json")
        seen["update"] = read_data(box, card, "/kiosk/update/update.json")
        began = time.monotonic()
        slot = start(box, card, run / "boot", trial=True)
        (run / "console.log").rename(run / "console-install.log")
        machine.on(card, slot, f"{words(WATCHDOG_S)} {SLOW}")
        shell = up(machine, run, "Started kiosk-screen.service")
        until(lambda: "idle" in _phase(shell) or not machine.running, "the gate said nothing")
        seen["trial"] = {"partition": slot.partition, "words": slot.words, "s": round(time.monotonic() - began)}
        if machine.running:
            seen["status"] = shell.run("kiosk=/opt/kiosk/bin/kiosk; $kiosk update status --json", 300).strip()
            seen["rauc"] = shell.run("rauc status --output-format=json", 300).strip()
    seen["update"] = read_data(box, card, "/kiosk/update/update.json")
    slot = start(box, card, run / "boot")
    seen["next"] = slot.partition
    seen["ok"] = slot.partition == 3 and '"committed"' in str(seen["update"])


def up(machine: Machine, run: Path, line: str) -> Shell:
    """Wait for a line of the console; a shell of that machine."""
    until(lambda: line in machine.said() or not machine.running, f"{line}: it did not come")
    return Shell(run / "shell")


def until(holds: Callable[[], bool], missed: str) -> None:
    """Wait for something; Missed if it never came."""
    end = time.monotonic() + PATIENCE_S
    while not holds():
        if time.monotonic() > end:
            raise Missed(missed)
        time.sleep(5)


def write_data(box: Toolbox, run: Path, card: Path, bundle: Path) -> None:
    """Lay the bundle on the data partition, as the content of a stick."""
    inside = run / "bundle.raucb"
    subprocess.run(["cp", str(bundle), str(inside)], check=True)
    inside.chmod(0o644)
    box.run("debugfs", "-w", "-R", f"write {box.inside(inside)} /bundle.raucb", _data(card))
    inside.unlink()


def read_data(box: Toolbox, card: Path, name: str) -> str:
    """A file of the data partition of a card that is off."""
    return box.run("debugfs", "-R", f"cat {name}", _data(card)).strip()


def _data(card: Path) -> str:
    with card.open("rb") as stream:
        return f"{card}?offset={extents(stream)[8].start}"


def _failed(shell: Shell) -> bool:
    """The updater has ended and nothing follows."""
    try:
        told = shell.run(
            "systemctl is-active kiosk-update kiosk-trial; test -e /run/kiosk-update/start.json && echo on"
        )
    except (TimeoutError, OSError):
        return False
    return "activ" not in told.replace("inactive", "")


def _phase(shell: Shell) -> str:
    try:
        return shell.run("cat /var/lib/kiosk/update/update.json")
    except (TimeoutError, OSError):
        return ""


if __name__ == "__main__":
    sys.exit(main())
