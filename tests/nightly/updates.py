"""Updates of the card in QEMU with RAUC itself, in acts: install, trial with commit, a sick release; by a stick."""

import shutil
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from image.recipe.assembly import squash
from image.recipe.bundle import bundle, make_signer
from image.recipe.files import TREE
from image.recipe.firmware import start
from image.recipe.machine import BOARDS, Machine
from kiosk.domain.update import TRIALS
from kiosk.ops.mbr import extents
from kiosk.ops.update.autoboot import BOOT
from tests.nightly import sticks, writes
from tests.nightly.acts import PANEL, SETTINGS, WATCHDOG_S, Stage, cut, settle, wait
from tests.nightly.emulated import Shell, words
from tests.nightly.twin import Missed
from tests.nightly.writes import Log

RELEASE, NEXT, SICK = "2026.11.1", "2026.12.1", "2026.12.2"
LATER = {"install": "2026-11-23T06:00:00", "commit": "2026-11-23T07:00:00"}
LATER_SICK = tuple(f"2026-11-23T{hour:02}:30:00" for hour in range(7, 13))
"""Each start of a card is later than the one before; by the branch's clock from two in the afternoon on."""
STICK_MIB = 900
QUIET = "systemctl stop kiosk-screen"
"""While it installs nobody has to be served: two emulated processors are few. Core stays, for the signs before."""
SLOW = "systemd.default_device_timeout_sec=1200 systemd.default_timeout_start_sec=1200"
"""Beside busy neighbours the card's partitions took longer to appear than systemd waits by itself."""
TRYBOOT = "Restarting system with command '0 tryboot'"
"""What the kernel says last where the Pi's firmware would take the other slot, once."""
ILL = "[Service]\nExecStart=\nExecStart=/bin/false\n"


def build(stage: Stage) -> None:
    """The card of one release, the bundle of the next, and the system of a third whose core does not start."""
    work, out, keys = stage.box.root.parent, stage.out / "image", stage.out / "keys"
    order = [str(TREE / "image/build"), "--target", stage.target, "--work", str(work), "--out", str(out)]
    order += ["--release", RELEASE, "--development", str(keys)]
    done = subprocess.run([sys.executable, *order], stdout=subprocess.DEVNULL, check=False)
    if done.returncode:
        raise Missed("the image was not built")
    place = stage.box.root / f"build/{stage.target}"
    root, system = place / "root", place / "in/system.squashfs"
    system.parent.mkdir(parents=True, exist_ok=True)
    (root / "usr/lib/kiosk-release").write_text(f"{NEXT}\n")
    squash(stage.box, root, system, 1795305600)
    bundle(
        stage.target, NEXT, out / "boot-a.vfat", system, make_signer(keys, "development"), out, stage.out / "next.raucb"
    )
    ill = root / "usr/lib/systemd/system/kiosk-core.service.d/90-ill.conf"
    ill.write_text(ILL)
    (root / "usr/lib/kiosk-release").write_text(f"{SICK}\n")
    squash(stage.box, root, system, 1795305600)
    ill.unlink()
    shutil.move(system, stage.out / "sick.squashfs")


def install(stage: Stage) -> None:
    """A bundle on a stick goes into the other slot, and the machine starts anew; then every write of it, looked at."""
    set_up_before(stage)
    before = stage.run / "before.img"
    subprocess.run(["cp", "--sparse=always", str(stage.card), str(before)], check=True)
    log = Log(stage.run / "writes.log")
    with Machine(stage.box, stage.run, PANEL, stage.kvm, LATER["install"], stage.architecture) as machine:
        stick = sticks.blank(stage.box, stage.run / "stick.img", STICK_MIB, stage.out / "next.raucb")
        shell = _on(stage, machine, "Started kiosk-core.service", noted=True, stick=stick)
        shell.run(QUIET, 300)
        machine.plug()
        stage.told["stick"] = shell.run(sticks.AWAIT, 300).split()
        began = time.monotonic()
        shell.run("systemctl start --no-block kiosk-update")
        wait(lambda: not machine.running, "the machine was not started anew")
        stage.told["installed_s"] = round(time.monotonic() - began)
        if TRYBOOT not in machine.said():
            raise Missed("the machine went down without asking for the other slot")
    stage.leave("armed.img")
    stage.told |= {"slots": _read(stage, "/boot/slots.json"), "update": _read(stage, "/kiosk/update/update.json")}
    with before.open("rb") as stream:
        where = extents(stream)
    touched = writes.touched(log, where)
    if any(touched.get(name) for name in ("p1", "p2", "p5", "table")):
        raise Missed(f"the installation wrote to what the next start needs: {touched}")
    cut(stage, log, before, lambda folder, _position: "" if writes.journal(folder) is not None else "no journal")


def set_up_before(stage: Stage) -> None:
    """Put the card in that was set up by touch; where there is none, one that says of itself that it was."""
    if (stage.out / "set-up.img").exists():
        stage.take(stage.made("set-up.img"))
        return
    stage.take(stage.built)
    settle(stage, SETTINGS)
    file = stage.run / "first-boot.json"
    file.write_text('{"step": ""}')
    stage.box.run("debugfs", "-w", "-R", f"write {stage.box.inside(file)} /kiosk/first-boot.json", _data(stage))
    stage.told["set up"] = "by a file, not by touch"


def commit(stage: Stage) -> None:
    """The trial of a healthy release: the gate passes, every start takes the new slot; cuts at each write of that."""
    before = stage.made("armed.img")
    stage.take(before)
    with Machine(stage.box, stage.run, PANEL, stage.kvm, LATER["commit"], stage.architecture) as machine:
        shell = _on(stage, machine, "Started kiosk-screen.service", trial=True, noted=True)
        began = time.monotonic()
        wait(lambda: not machine.running or '"idle"' in _phase(shell), "the gate said nothing")
        stage.told["gate_s"] = round(time.monotonic() - began)
        if machine.running:
            stage.told["status"] = shell.run("/opt/kiosk/bin/kiosk update status", 300).strip()
    stage.leave("committed.img")
    log = Log(stage.run / "writes.log")
    with before.open("rb") as stream:
        said = writes.first_slots(log, before, extents(stream)[1])
    stage.told |= {"update": _read(stage, "/kiosk/update/update.json"), "autoboot at each cut": said}
    if None in said or said[-1] != "B" or '"committed"' not in str(stage.told["update"]):
        raise Missed(f"it was not committed: {said}")
    cut(stage, log, before, lambda folder, _position: "" if writes.journal(folder) is not None else "no journal")


def sick(stage: Stage) -> None:
    """The trial of a release whose core does not start: tried twice, given up, and the reason is kept."""
    stage.take(stage.made("armed.img"))
    extent = stage.extent(6)
    words_ = ["dd", f"if={stage.out / 'sick.squashfs'}", f"of={stage.card}", "bs=1M", f"seek={extent.start}"]
    subprocess.run([*words_, "oflag=seek_bytes", "conv=notrunc", "status=none"], check=True)
    starts: list[Start] = []
    for clock in LATER_SICK:
        starts.append(_until_it_falls(stage, clock, trial=starts[-1].asked if starts else True))
        if not starts[-1].fell:
            break
    stage.told["starts"] = [asdict(each) for each in starts]
    stage.leave("rolled-back.img")
    slot = start(stage.box, stage.card, stage.run / "boot")
    told = _read(stage, "/kiosk/update/update.json")
    stage.told |= {"next": slot.partition, "update": told}
    tried = sum(each.slot == BOOT["B"] for each in starts)
    if slot.partition != BOOT["A"] or '"rolled-back"' not in told or tried != TRIALS:
        raise Missed("it did not go back")


@dataclass(frozen=True)
class Start:
    """One start: from which boot partition, whether the machine went down again, and asked for the other slot, when."""

    slot: int
    fell: bool
    asked: bool
    seconds: int


def _until_it_falls(stage: Stage, clock: str, *, trial: bool) -> Start:
    """Start the card and wait until it goes down by itself, or until its update is at an end."""
    with Machine(stage.box, stage.run, PANEL, stage.kvm, clock, stage.architecture) as machine:
        began = time.monotonic()
        shell = _on(stage, machine, "" if trial else "Started kiosk-core.service", trial=trial)
        if not trial:
            shell.run(f"{QUIET}; systemctl start --no-block kiosk-update", 300)
        wait(lambda: not machine.running or '"idle"' in _phase(shell), "it was neither tried again nor given up")
        asked, seconds = TRYBOOT in machine.said(), round(time.monotonic() - began)
        return Start(int(str(stage.told["slot"])), not machine.running, asked, seconds)


def _on(
    stage: Stage, machine: Machine, line: str, *, trial: bool = False, noted: bool = False, stick: Path | None = None
) -> Shell:
    """Start the card of the stage, wait for a line of the console; a shell of that machine."""
    slot = start(stage.box, stage.card, stage.run / "boot", trial=trial)
    (stage.run / "console.log").unlink(missing_ok=True)
    began = time.monotonic()
    said = f"{words(WATCHDOG_S, BOARDS[stage.architecture].line)} {SLOW}"
    machine.on(stage.card, slot, said, writes=stage.run / "writes.log" if noted else None, stick=stick)
    stage.told |= {"slot": slot.partition}
    wait(lambda: line in machine.said() or not machine.running, f"{line}: it did not come")
    stage.told["up_s"] = round(time.monotonic() - began)
    return Shell(stage.run / "shell")


def _read(stage: Stage, name: str) -> str:
    """A file of the data partition of a card that is off, as its next start would find it.

    debugfs reads past ext4's journal: what was synced just before the plug was pulled stands there alone as yet.
    """
    subprocess.run(["e2fsck", "-y", "-E", "journal_only", _data(stage)], capture_output=True, check=False)
    return stage.box.run("debugfs", "-R", f"cat {name}", _data(stage)).strip()


def _data(stage: Stage) -> str:
    return f"{stage.card}?offset={stage.extent(8).start}"


def _phase(shell: Shell) -> str:
    try:
        return shell.run("cat /var/lib/kiosk/update/update.json")
    except (TimeoutError, OSError):
        return ""
