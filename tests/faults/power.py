"""A disk that loses power: the writes of a process, noted in order, and the files as they would be found afterwards."""

import shutil
import struct
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

SOURCE = Path(__file__).with_name("writes.c")
_HEAD = struct.Struct("=cc6xQQ")


def compiled(folder: Path) -> Path:
    """The shim that notes writes, ready for LD_PRELOAD."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    assert compiler, "install Debian's packages gcc and libc6-dev; `make test` does"
    made = folder / "writes.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", made, SOURCE, "-ldl", "-lpthread"], check=True)
    return made


@dataclass(frozen=True)
class Noted:
    """One write ("w"), cut ("t") or sync ("s") of the database ("d"), its log ("w") or the acknowledgements ("a")."""

    kind: str
    file: str
    at: int
    data: bytes


def read_notes(file: Path) -> list[Noted]:
    """Read what the shim has noted."""
    notes, content, at = [], file.read_bytes(), 0
    while at + _HEAD.size <= len(content):
        kind, name, place, size = _HEAD.unpack_from(content, at)
        at += _HEAD.size
        data = content[at : at + size] if kind == b"w" else b""
        at += len(data)
        notes.append(Noted(kind.decode(), name.decode(), place, data))
    return notes


@dataclass
class Found:
    """What is on the disk when the power is back, and what had been acknowledged before it went."""

    files: dict[str, bytes]
    acknowledged: list[str]

    def lay_out(self, path: Path) -> None:
        """Put the files where the database looks for them."""
        path.write_bytes(self.files["d"])
        path.with_name(path.name + "-shm").unlink(missing_ok=True)
        wal = path.with_name(path.name + "-wal")
        wal.unlink(missing_ok=True)
        if self.files["w"]:
            wal.write_bytes(self.files["w"])


def cuts(notes: Sequence[Noted], random: Random, luck: float, thin: int = 1) -> Iterator[Found]:
    """The disk after a cut at each note. Of what a file was not synced for, each write is kept with chance `luck`.

    With `thin`, only each so-many-eth note is cut at.
    With `luck` 0 everything unsynced is dropped, and cuts between two syncs are all alike: one of them is given.
    """
    synced = {"d": b"", "w": b""}
    open_writes: dict[str, list[Noted]] = {"d": [], "w": []}
    acknowledged: list[str] = []
    for number, note in enumerate(notes):
        if note.file == "a":
            acknowledged += note.data.decode().split()
        elif note.kind == "s":
            synced[note.file] = _applied(synced[note.file], open_writes[note.file])
            open_writes[note.file] = []
        else:
            open_writes[note.file].append(note)
        last = number + 1 == len(notes) or notes[number + 1].kind == "s"
        if last if not luck else number % thin == 0:
            kept = {name: [one for one in writes if random.random() < luck] for name, writes in open_writes.items()}
            yield Found({name: _applied(synced[name], kept[name]) for name in synced}, list(acknowledged))


def _applied(content: bytes, writes: Sequence[Noted]) -> bytes:
    changed = bytearray(content)
    for note in writes:
        if note.kind == "t":
            del changed[note.at :]
            changed += bytes(note.at - len(changed))
        else:
            changed += bytes(max(0, note.at - len(changed)))
            changed[note.at : note.at + len(note.data)] = note.data
    return bytes(changed)
