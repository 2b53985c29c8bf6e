"""What the Pi's firmware does with a card, for QEMU: read autoboot.txt, take that boot partition's kernel and words."""

import re
from dataclasses import dataclass
from pathlib import Path

from image.recipe.tools import Toolbox
from kiosk.ops.mbr import extents


@dataclass(frozen=True)
class Slot:
    """What one start takes from the card."""

    partition: int
    kernel: Path
    initrd: Path
    words: str


def chosen(autoboot: str, trial: bool = False) -> int:
    """The boot partition that autoboot.txt names for an ordinary start or for a trial one."""
    number, section = 1, "all"
    for line in autoboot.splitlines():
        head = re.fullmatch(r"\[(\w+)\]", line.strip())
        if head:
            section = head[1]
        elif line.startswith("boot_partition=") and (section == "all" or (trial and section == "tryboot")):
            number = int(line.split("=")[1])
    return number


def start(box: Toolbox, card: Path, to: Path, trial: bool = False) -> Slot:
    """Read a card as the firmware would, and copy what its slot starts with into a folder below the toolbox."""
    with card.open("rb") as stream:
        where = extents(stream)
    autoboot = box.run("mtype", "-i", f"{card}@@{where[1].start}", "::autoboot.txt")
    number = chosen(autoboot, trial)
    to.mkdir(parents=True, exist_ok=True)
    for name in ("vmlinuz", "initrd.img", "cmdline.txt"):
        box.run("mcopy", "-n", "-o", "-i", f"{card}@@{where[number].start}", f"::{name}", to / name)
    return Slot(number, to / "vmlinuz", to / "initrd.img", (to / "cmdline.txt").read_text("utf-8").strip())
