"""Builds an image and starts it in QEMU, in acts with a report each; one that ended well is not done again."""

import argparse
import json
import shutil
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from image.recipe.files import TREE
from image.recipe.mirror import own
from image.recipe.tools import Toolbox
from tests.nightly import acts, updates
from tests.nightly.acts import Stage, written
from tests.nightly.trials import trials
from tests.nightly.twin import Missed
from tests.nightly.units import units


@dataclass(frozen=True)
class Act:
    """One act and what it shows."""

    play: Callable[[Stage], None]
    shows: str


ACTS = {
    "build": Act(updates.build, "the image, the bundle of the next release, a sick one"),
    "units": Act(
        units, "the image's own units at full speed: each process killed and hung, a screen that keeps falling"
    ),
    "set-up": Act(acts.set_up, "14 pages of the wizard by touch; cuts at every part of it"),
    "ticket": Act(acts.ticket, "a ticket by touch, printed; the plug pulled; cuts at every part of it"),
    "falls": Act(acts.fall, "the start after the cut; each process killed and stopped"),
    "install": Act(updates.install, "RAUC writes the other slot; cuts at every part of it"),
    "trial": Act(trials, "the installed slot under its own systemd: gate and commit, and back with a device away"),
    "commit": Act(updates.commit, "the trial, the gate, the commit; cuts at every part of it"),
    "sick": Act(updates.sick, "a sick release is tried and given up"),
    "turned": Act(acts.turns, "the picture turned by 180 degrees, with touch"),
    "sideways": Act(acts.sideways, "a panel on its side, turned by 90 and 270 degrees, with touch"),
}
NATIVE = "qemu-amd64"
HERE_ONLY = ("units", "trial")
"""The image's own systemd runs on this computer's processor, in namespaces."""


def main() -> int:
    """Play the acts; 0 if every one that was asked for ended well."""
    parser = argparse.ArgumentParser(prog="python -m tests.nightly.image", description=__doc__)
    parser.add_argument("acts", nargs="*", metavar="ACT", help=f"which (else all not done yet): {', '.join(ACTS)}")
    parser.add_argument("--target", choices=(NATIVE, "qemu-arm64"), default=NATIVE)
    parser.add_argument("--out", type=Path, help="else build/image-test, or build/image-test-TARGET")
    parser.add_argument("--work", type=Path, default=TREE / "build/image-work", help="kept from build to build")
    parser.add_argument("--anew", action="store_true", help="forget what was done before")
    parser.add_argument("--kvm", action="store_true", help="lend the machine this computer's processor")
    asked = parser.parse_args()
    if unknown := set(asked.acts) - set(ACTS):
        parser.error(f"no act {', '.join(sorted(unknown))}; there are {', '.join(ACTS)}")
    if asked.target != NATIVE and (strangers := set(asked.acts) & set(HERE_ONLY)):
        parser.error(f"{', '.join(sorted(strangers))}: for {NATIVE} alone")
    home = "image-test" if asked.target == NATIVE else f"image-test-{asked.target}"
    out: Path = (asked.out or TREE / "build" / home).resolve()
    if asked.anew:
        shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True, exist_ok=True)
    box = Toolbox(asked.work.resolve() / "toolbox", "trixie", own())
    box.make()
    well = True
    whole = [name for name in ACTS if asked.target == NATIVE or name not in HERE_ONLY]
    for name in asked.acts or whole:
        run = box.root / f"build/{'run' if asked.target == NATIVE else 'arm'}-{name}"
        stage = Stage(box, run, out, out / "image/card.img", asked.kvm, asked.target)
        well = (not asked.acts and done(out, name)) or play(name, stage)
        if not well:
            break
    for name in whole:
        print(f"{name:10} {state(out, name):12} {ACTS[name].shows}")
    return 0 if well else 1


def play(name: str, stage: Stage) -> bool:
    """Play one act in a folder of its own below the toolbox; its report and pictures are laid out."""
    run, out = stage.run, stage.out
    shutil.rmtree(run, ignore_errors=True)
    run.mkdir(parents=True)
    (out / f"{name}.json").unlink(missing_ok=True)
    began = time.monotonic()
    try:
        ACTS[name].play(stage)
        stage.told["ok"] = True
    except (Missed, TimeoutError, RuntimeError, OSError) as error:
        stage.told |= {"ok": False, "missed": f"{type(error).__name__}: {error}"}
        traceback.print_exc()
    stage.told["act_s"] = round(time.monotonic() - began)
    pictures = out / name
    shutil.rmtree(pictures, ignore_errors=True)
    pictures.mkdir()
    for file in (*run.glob("*.png"), *run.glob("*.pdf"), run / "console.log", run / "qemu.log"):
        if file.exists() and file.name not in ("now.png", "upright.png"):
            shutil.copy(file, pictures)
    (out / f"{name}.json").write_text(written(stage.told), "utf-8")
    print(f"{name}: {written(stage.told)}", flush=True)
    shutil.rmtree(run)
    return bool(stage.told["ok"])


def done(out: Path, name: str) -> bool:
    """Whether an act has ended well before; one that comes before it is newer if it was played again."""
    report = out / f"{name}.json"
    if state(out, name) != "held":
        return False
    earlier = list(ACTS)[: list(ACTS).index(name)][:2]
    return all((out / f"{other}.json").stat().st_mtime <= report.stat().st_mtime for other in earlier)


def state(out: Path, name: str) -> str:
    """`held`, `missed` or `not played`."""
    file = out / f"{name}.json"
    if not file.exists():
        return "not played"
    return "held" if json.loads(file.read_text("utf-8"))["ok"] else "missed"


if __name__ == "__main__":
    sys.exit(main())
