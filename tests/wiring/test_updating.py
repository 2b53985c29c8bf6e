"""An update on real files: a signed bundle, RAUC's own check of every block, the slots of a card, trial and commit."""

import os
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from image.recipe.bundle import Signer, bundle, make_root, make_signer, settle
from kiosk.domain.update import Looked, Offer, Offered, Started
from kiosk.ops.update import autoboot
from kiosk.ops.update.autoboot import Device, Slot
from kiosk.ops.update.bundles import Bundles, Rauc, digest
from kiosk.ops.update.shelf import keep_update, read_update
from kiosk.ops.update.signs import ALWAYS, Look
from kiosk.ops.update.updater import Updater
from kiosk.wiring.updating import TRY, Bench

RAUC = """\
#!/bin/sh
# RAUC without its service: what it installs is extracted, so every block is checked; its backend is asked as ever.
shift 2
runs=$(cat {card}/current)
backend() {{ {python} -m kiosk update backend "$@" --volume {card}/p1 --boot {card}/boot --current "$runs"; }}
case "$1 $2" in
    "install "*)
        if [ "$runs" = A ]; then to=B; else to=A; fi
        backend set-state $to bad && rm -rf {card}/$to && rauc -c {config} extract "$2" {card}/$to \
            && backend set-primary $to ;;
    "status mark-good") backend set-state "$runs" good ;;
    "status mark-bad") backend set-state "$runs" bad ;;
    *) exec rauc -c {config} "$@" ;;
esac
"""
QUIET = Looked(window=True, occupied=False, healthy=("printer",))

pytestmark = pytest.mark.skipif(
    not all(map(shutil.which, ("rauc", "mksquashfs", "openssl"))), reason="RAUC is not installed here"
)


class Machine:
    """A card in a folder and the updater of the slot that runs."""

    def __init__(self, folder: Path, tree: Path) -> None:
        self.folder, self.state = folder, folder / "state"
        (folder / "etc/rauc").mkdir(parents=True)
        config = Path(shutil.copy(tree / "image/overlay/etc/rauc/system.conf", folder / "etc/rauc"))
        settle(folder, "rpi4", make_root(folder / "keys", "release"))
        text = config.read_text("utf-8").replace("/etc/rauc/keyring.pem", str(folder / "etc/rauc/keyring.pem"))
        config.write_text(text.replace("/usr/lib/kiosk/tryboot", "/bin/true").replace("/data/boot", str(folder)))
        self.signer: Signer = make_signer(folder / "keys", "release")
        program = folder / "rauc"
        program.write_text(RAUC.format(python=sys.executable, card=folder, config=config))
        program.chmod(0o755)
        self.rauc = Rauc(str(program), config)
        (folder / "current").write_text("A")
        with (folder / "p1").open("wb") as out:
            out.truncate(64 << 20)
        device = Device(folder / "p1")
        autoboot.write(device, "A")
        device.close()
        self.starts = 0

    def offer(self, version: str) -> Offer:
        part = self.folder / "part"
        part.write_bytes(os.urandom(256 << 10))
        file = bundle("rpi4", version, part, part, self.signer, self.folder / "work", self.folder / f"{version}.raucb")
        return Offer(version, digest(file), file.stat().st_size, "stick", str(file))

    def boots(self, *, trial: bool) -> Slot:
        device = Device(self.folder / "p1")
        try:
            primary = autoboot.read(device)
        finally:
            device.close()
        assert primary is not None
        return autoboot.other(primary) if trial else primary

    def start(self, *, trial: bool = False, healthy: tuple[str, ...] = (*ALWAYS, "printer")) -> tuple[Updater, Bench]:
        """The machine starts; the updater is told and goes on."""
        slot = self.boots(trial=trial)
        (self.folder / "current").write_text(slot)
        self.starts += 1
        look = Look(healthy, {"printer": "it is offline"}, occupied=False)
        bench = Bench(self.state, Bundles(self.state), self.rauc, None, "1.0", slot, lambda: look, lambda: True)
        updater = Updater(read_update(self.state), lambda update: keep_update(self.state, update), bench)
        updater.take(Started(str(self.starts), slot, trial))
        return updater, bench


@pytest.fixture
def machine(tmp_path: Path, tree: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    return Machine(tmp_path, tree)


def test_a_release_is_installed_tried_and_committed(machine: Machine) -> None:
    offer = machine.offer("2026.12.1")
    updater, bench = machine.start()
    updater.take(Offered(offer))
    updater.take(QUIET)
    assert (updater.state.phase, bench.code) == ("armed", 0)
    updater.take(QUIET)
    assert bench.code == TRY
    assert (machine.folder / "B/system.img").read_bytes() == (machine.folder / "part").read_bytes()
    assert machine.boots(trial=False) == "A", "a power cut now finds the old system"
    updater, _ = machine.start(trial=True)
    assert updater.state.last is not None
    assert (updater.state.last.ending, machine.boots(trial=False)) == ("committed", "B")
    assert not list((machine.state / "update").glob("*.raucb"))


def test_a_printer_that_does_not_come_back_brings_the_old_slot_back(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.ops.update.gate.PATIENCE", timedelta(0))
    updater, _ = machine.start()
    updater.take(Offered(machine.offer("2026.12.1")))
    updater.take(QUIET)
    updater.take(QUIET)
    updater, bench = machine.start(trial=True, healthy=ALWAYS)
    assert updater.state.last is not None
    assert updater.state.last.reason == "printer: it is offline"
    assert (bench.code, machine.boots(trial=False)) == (1, "A")


def test_a_bundle_that_was_damaged_on_its_way_ends_as_refused(machine: Machine) -> None:
    """Its SHA-256 is right, for whoever offered it damaged it; RAUC sees it when it checks the blocks."""
    offer = machine.offer("2026.12.1")
    content = bytearray(Path(offer.place).read_bytes())
    content[len(content) // 3] ^= 1
    Path(offer.place).write_bytes(content)
    updater, bench = machine.start()
    updater.take(Offered(Offer("2026.12.1", digest(Path(offer.place)), len(content), "stick", offer.place)))
    for _ in range(4):
        updater.take(QUIET)
    assert updater.state.last is not None
    assert updater.state.last.ending == "refused"
    assert updater.state.last.reason.startswith("rauc install: ")
    assert (bench.code, machine.boots(trial=False)) == (0, "A")


def test_without_a_card_nothing_is_updated(tmp_path: Path) -> None:
    line = [sys.executable, "-m", "kiosk", "update", "run", "--state", str(tmp_path)]
    done = subprocess.run(line, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "nobody has said which slot runs" in done.stderr
