"""The trial of an installed slot under its own systemd, at full speed: gate and commit, and one that does not pass."""

import json
import os
import shutil
import subprocess
import time
from pathlib import Path

from image.recipe.firmware import start
from kiosk.ops.mbr import extents
from kiosk.ops.update.autoboot import BOOT, Slot
from tests.nightly.acts import Stage, wait
from tests.nightly.house import slot
from tests.nightly.twin import Missed

UPDATE = "kiosk/update/update.json"
GATE_S = 300.0
"""The gate's own patience is 180 s; then the machine is started anew."""
BESIDE = ("core", "journal", "units")
"""What a kiosk shows that has no devices; the card's own baseline has the scanner of the virtual machine besides."""


def trials(stage: Stage) -> None:
    """Twice from the card that `install` left armed: healthy, and with a device away that worked before."""
    try:
        stage.told["load"] = os.getloadavg()[0]
        _one(stage, "committed", "B", BESIDE)
        _one(stage, "rolled-back", "A", (*BESIDE, "scanner"))
    finally:
        shutil.rmtree(stage.run / "house", ignore_errors=True)


def _one(stage: Stage, ending: str, follows: Slot, healthy: tuple[str, ...]) -> None:
    stage.take(stage.made("armed.img"))
    _put(stage, json.dumps({**json.loads(_read(stage)), "healthy": healthy}))
    began = time.monotonic()
    with slot(stage.card, stage.run / "house", "B") as inside:
        wait(lambda: ending in inside.run("cat", f"/var/lib/{UPDATE}"), f"it was not {ending}", GATE_S)
        told: dict[str, object] = {"gate_s": round(time.monotonic() - began)}
        if follows == "A":
            told["started anew"] = inside.ended()
        else:
            told["status"] = inside.run("/opt/kiosk/bin/kiosk", "update", "status")
            told["rauc"] = inside.run("sh", "-c", "rauc status | grep -E 'Booted|Activated|boot status'").splitlines()
            inside.run("sync")
    told["update"] = json.loads(_read(stage))["last"]
    told["next"] = start(stage.box, stage.card, stage.run / "boot").partition
    stage.told[ending] = told
    if told["next"] != BOOT[follows] or told.get("started anew") is False:
        raise Missed(f"{ending}: {told}")


def _read(stage: Stage) -> str:
    return stage.box.run("debugfs", "-R", f"cat /{UPDATE}", _data(stage)).strip()


def _put(stage: Stage, text: str) -> None:
    """Write the updater's state anew, as its account's own file; the card was mounted a moment ago."""
    file = stage.run / "update.json"
    file.write_text(text)
    file.chmod(0o600)
    subprocess.run(["e2fsck", "-p", _data(stage)], capture_output=True, check=False)
    owner = next(
        line for line in stage.box.run("debugfs", "-R", "stat /kiosk", _data(stage)).splitlines() if "User:" in line
    )
    user, group = owner.split("User:")[1].split()[0], owner.split("Group:")[1].split()[0]
    lines = [f"rm /{UPDATE}", f"write {stage.box.inside(file)} /{UPDATE}", f"sif /{UPDATE} uid {user}"]
    for line in (*lines, f"sif /{UPDATE} gid {group}"):
        stage.box.run("debugfs", "-w", "-R", line, _data(stage))


def _data(stage: Stage) -> str:
    card: Path = stage.card
    with card.open("rb") as stream:
        return f"{card}?offset={extents(stream)[8].start}"
