"""A memory stick for the machine in QEMU: partitioned and formatted as one from a shop, and read when it is pulled."""

import shutil
import struct
from pathlib import Path

from image.recipe.tools import Toolbox
from tests.nightly.twin import Missed

FIRST = 2048
"""Sectors before the one partition."""
OFFSET = FIRST * 512
FAT32 = 0x0C
AWAIT = "for n in $(seq 60); do mountpoint -q /run/media/sd* && break; sleep 1; done; ls /run/media"
"""In the machine's shell: until the stick is mounted, by its own rules."""


def blank(box: Toolbox, file: Path, mib: int, *files: Path) -> Path:
    """An MBR with one FAT partition, and these files in it; `file` lies below the toolbox."""
    sectors = (mib << 20) // 512 - FIRST
    partition = struct.pack("<B3sB3sII", 0, b"\xfe\xff\xff", FAT32, b"\xfe\xff\xff", FIRST, sectors)
    with file.open("wb") as stream:
        stream.truncate(mib << 20)
        stream.write(bytes(446) + partition + bytes(48) + b"\x55\xaa")
    box.run("mkfs.vfat", "--offset", str(FIRST), "-n", "STICK", file, str(sectors // 2))
    for each in files:
        within = shutil.copyfile(each, file.with_name(f"to-{each.name}"))
        box.run("mcopy", "-i", f"{file}@@{OFFSET}", within, f"::{each.name}")
        within.unlink()
    return file


def taken(box: Toolbox, stick: Path, name: str, to: Path) -> Path:
    """Copy a file from a stick that was pulled; Missed where it is not there."""
    try:
        box.run("mcopy", "-n", "-o", "-i", f"{stick}@@{OFFSET}", f"::{name}", to)
    except RuntimeError as error:
        raise Missed(f"{name} is not on the stick: {error}") from error
    return to
