"""Copies of the databases of hub and centre while they are served, and of the centre's keys, to another folder each."""

import hashlib
import json
import shutil
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from kiosk.domain.errors import Refusal
from kiosk.ops.files import make_folder, settle_folder, write_whole

DATABASES = ("branch.db", "central.db")
KEYS = "central-keys"
LIST = "backup.json"


def back_up(state: Path, out: Path, keys: Path | None, now: datetime) -> list[str]:
    """Copy what is there; the names of what was copied. Refusal where keys would lie beside what they open."""
    found = [name for name in DATABASES if (state / name).is_file()]
    if not found:
        raise Refusal(f"no database of a hub or a centre lies in {state}; name its folder with --state")
    if keys is not None and (keys.resolve() == out.resolve() or out.resolve() in keys.resolve().parents):
        raise Refusal("the keys would lie beside what they open; give --keys a folder elsewhere, on another disk")
    _empty(out)
    digests = {name: _copied(state / name, make_folder(out) / name) for name in found}
    if keys is not None:
        _keys(state / KEYS, keys)
    told = {"at": now.isoformat(timespec="seconds"), "sha256": digests}
    write_whole(out / LIST, json.dumps(told, indent=1).encode())
    return [*found, *([KEYS] if keys is not None else [])]


def restore(out: Path, keys: Path | None, state: Path) -> list[str]:
    """Bring a copy back into an empty state folder, and name what was brought; Refusal for one that is not whole."""
    try:
        digests = json.loads((out / LIST).read_bytes())["sha256"]
        wrong = [name for name, digest in digests.items() if _digest(out / name) != digest]
    except (OSError, ValueError, KeyError, AttributeError) as error:
        raise Refusal(f"{out} is no whole backup: its list or a file is missing; take an earlier one") from error
    if wrong or not set(digests) <= set(DATABASES):
        raise Refusal(f"{out} is damaged ({', '.join(wrong) or LIST}); take an earlier one")
    _empty(state)
    make_folder(state)
    for name in digests:
        shutil.copyfile(out / name, state / name)
        (state / name).chmod(0o600)
    if keys is not None:
        _keys(keys, state / KEYS)
    settle_folder(state)
    return [*digests, *([KEYS] if keys is not None else [])]


def _empty(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()):
        raise Refusal(f"{folder} is not empty; name one that is, nothing is ever overwritten")


def _copied(database: Path, to: Path) -> str:
    """SQLite's own backup: whole, whatever is written meanwhile; a copy of the file would not be."""
    try:
        with (
            closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=30)) as source,
            closing(sqlite3.connect(to)) as copy,
        ):
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
            (verdict,) = copy.execute("PRAGMA integrity_check").fetchone()
    except sqlite3.Error as error:
        raise Refusal(f"{database} cannot be copied ({error}); free the disk, or see whether it is damaged") from error
    if verdict != "ok":
        raise Refusal(f"{database} is damaged ({verdict}); the copy is worth nothing, take the last good one")
    to.chmod(0o600)
    return _digest(to)


def _keys(source: Path, to: Path) -> None:
    if not source.is_dir():
        raise Refusal(f"{source} holds no keys of a centre; leave --keys away for a hub")
    _empty(to)
    make_folder(to)
    for file in sorted(source.iterdir()):
        if file.is_file():
            shutil.copyfile(file, to / file.name)
            (to / file.name).chmod(0o600)
    settle_folder(to)


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
