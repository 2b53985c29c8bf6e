"""Every write that QEMU's blklogwrites noted of a card, and the card as a power cut before any of them leaves it."""

import json
import shutil
import sqlite3
import struct
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from kiosk.ops.mbr import SECTOR, Extent
from kiosk.ops.update import autoboot
from kiosk.ops.update.autoboot import Slot

MAGIC, VERSION = 0x6A736677736872, 1
_SUPER, _ENTRY = struct.Struct("<QQQI"), struct.Struct("<QQQQ")
FLUSH, FUA, DISCARD = 1, 2, 4


@dataclass(frozen=True)
class Write:
    """One entry of the log: bytes from `start` on; a flush alone has none. `at` is where the data lies in the log."""

    start: int
    size: int
    flags: int
    at: int


class Log:
    """The log of one life of a machine."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def position(self) -> int:
        """How many entries there are by now."""
        with self._file.open("rb") as stream:
            magic, version, entries, _ = _SUPER.unpack(stream.read(_SUPER.size))
        if (magic, version) != (MAGIC, VERSION):
            raise RuntimeError(f"{self._file} is no log of blklogwrites")
        return int(entries)

    def entries(self) -> Iterator[Write]:
        """All of them, in order."""
        with self._file.open("rb") as stream:
            _, _, count, sector = _SUPER.unpack(stream.read(_SUPER.size))
            at = sector
            for _ in range(count):
                stream.seek(at)
                start, sectors, flags, length = _ENTRY.unpack(stream.read(_ENTRY.size))
                size = 0 if flags & DISCARD else sectors * sector
                yield Write(start * sector, length if flags & DISCARD else size, flags, at + sector)
                at += sector + size

    def data(self, write: Write) -> bytes:
        """What was written."""
        with self._file.open("rb") as stream:
            stream.seek(write.at)
            return stream.read(write.size)


def touched(log: Log, where: Mapping[int, Extent]) -> dict[str, int]:
    """How many writes went to each partition, and to what lies between them."""
    found: dict[str, int] = {}
    for write in log.entries():
        if not write.size:
            continue
        inside = [f"p{number}" for number, part in where.items() if 0 <= write.start - part.start < part.size]
        name = inside[0] if inside else "table"
        found[name] = found.get(name, 0) + 1
    return found


def first_slots(log: Log, card: Path, p1: Extent) -> list[Slot | None]:
    """What autoboot.txt says after a cut at each write to its partition, the first before any; None: unreadable."""
    with card.open("rb") as stream:
        stream.seek(p1.start)
        volume = Memory(bytearray(stream.read(p1.size)))
    said = [autoboot.read(volume)]
    for write in log.entries():
        if write.size and not write.flags & DISCARD and p1.start <= write.start < p1.start + p1.size:
            data = log.data(write)
            for sector in range(0, len(data), SECTOR):
                volume.write(write.start - p1.start + sector, data[sector : sector + SECTOR])
                said.append(autoboot.read(volume))
    return said


@dataclass
class Memory:
    """A partition in memory."""

    content: bytearray

    @property
    def size(self) -> int:
        return len(self.content)

    def read(self, at: int, size: int) -> bytes:
        return bytes(self.content[at : at + size])

    def write(self, at: int, data: bytes) -> None:
        self.content[at : at + len(data)] = data

    def sync(self) -> None:
        """Nothing waits."""


@dataclass
class Cuts:
    """What was found on the data partition after the cuts that were tried."""

    prefix: int = 0
    sectors: int = 0
    lost: list[str] = field(default_factory=list)

    @property
    def tried(self) -> int:
        return self.prefix + self.sectors


def cut_data(
    log: Log, card: Path, data: Extent, work: Path, cuts: int, missing: Callable[[Path, int], str], seed: int = 1
) -> Cuts:
    """Cut the power so often, evenly over the log, and look at the data partition each time.

    Some leave every write until then, the others what was flushed and any half of the rest, sector by sector. `missing`
    is handed a folder with the files, and the position in the log; it says what should be there. Two cuts that leave
    the same card are one.
    """
    random, found = Random(seed), Cuts()
    own = [
        (number, write)
        for number, write in enumerate(log.entries())
        if write.flags & FLUSH or data.start <= write.start < data.start + data.size
    ]
    more = set(random.sample(range(len(own)), cuts % len(own)))
    image, kept = work / "cut.ext4", work / "kept.ext4"
    _part(card, data, kept)
    pending: list[tuple[int, bytes]] = []
    for index, (number, write) in enumerate(own):
        for mask in masks(random, len(pending), cuts // len(own) + (index in more)):
            whole = all(mask)
            subprocess.run(["cp", "--sparse=always", str(kept), str(image)], check=True)
            with image.open("r+b") as out:
                for (at, content), written in zip(pending, mask, strict=True):
                    if written:
                        out.seek(at)
                        out.write(content)
            found.prefix, found.sectors = found.prefix + whole, found.sectors + (not whole)
            problem = _look(image, work / "files") or missing(work / "files", number)
            if problem:
                found.lost.append(f"cut {number} ({'prefix' if whole else 'sectors'}): {problem}")
        if write.size and not write.flags & DISCARD and data.start <= write.start:
            content = log.data(write)
            at = write.start - data.start
            pending += [(at + sector, content[sector : sector + SECTOR]) for sector in range(0, len(content), SECTOR)]
        if write.flags & (FLUSH | FUA):
            with kept.open("r+b") as out:
                for at, content in pending:
                    out.seek(at)
                    out.write(content)
            pending.clear()
    for file in (image, kept):
        file.unlink(missing_ok=True)
    return found


def masks(random: Random, waiting: int, wanted: int) -> list[tuple[bool, ...]]:
    """Which of the sectors that wait for a flush a cut leaves: all of them once, and any half; none of these twice."""
    whole = [(True,) * waiting] * (wanted > 1 or (wanted == 1 and random.random() < 0.5))
    halves = [tuple(random.random() < 0.5 for _ in range(waiting)) for _ in range(wanted - len(whole))]
    return list(dict.fromkeys([*whole, *halves]))


def journal(folder: Path) -> list[tuple[str, str]]:
    """Label and state of the tickets in a journal that was taken off a card; RuntimeError where it is damaged."""
    file = folder / "kiosk.db"
    if not file.exists():
        return []
    with closing(sqlite3.connect(file)) as connection:
        if connection.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise RuntimeError("the journal is damaged")
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'ticket'").fetchone():
            return []
        return [(str(label), str(state)) for label, state in connection.execute("SELECT label, state FROM ticket")]


def step(folder: Path) -> str:
    """How far a set-up was; `-` where nobody had begun."""
    file = folder / "first-boot.json"
    return str(json.loads(file.read_bytes())["step"]) if file.exists() else "-"


def _part(card: Path, extent: Extent, to: Path) -> None:
    to.unlink(missing_ok=True)
    words = ["dd", f"if={card}", f"of={to}", "bs=1M", f"skip={extent.start}", f"count={extent.size}"]
    subprocess.run([*words, "iflag=skip_bytes,count_bytes", "conv=sparse", "status=none"], check=True)
    with to.open("r+b") as out:
        out.truncate(extent.size)


def _look(image: Path, folder: Path) -> str:
    """Mend the file system as the machine would, and take the kiosk's files out of it; what could not be mended."""
    checked = subprocess.run(["e2fsck", "-fy", str(image)], capture_output=True, text=True, check=False)
    if checked.returncode > 2:
        return f"e2fsck {checked.returncode}: {checked.stdout[-200:]}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    lines = [f"dump /kiosk/{name} {folder / name}" for name in ("kiosk.db", "kiosk.db-wal", "first-boot.json")]
    words = ["debugfs", "-f", "-", str(image)]
    subprocess.run(words, input="\n".join(lines), capture_output=True, text=True, check=True)
    for file in folder.glob("*"):
        if not file.stat().st_size and file.name != "kiosk.db-wal":
            file.unlink()
    return ""
