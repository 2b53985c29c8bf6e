"""What a card's data partition is given in the office: the kiosk's settings, its token, the database of a hub."""

import re
import sqlite3
import subprocess
import tempfile
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from kiosk import config
from kiosk.domain.errors import Refusal
from kiosk.ops.card import Card
from kiosk.ops.mbr import extents

DATA = 8
"""The number of the data partition (image/partitions/card.cfg)."""
SETTINGS, TOKEN, HUB = "settings/kiosk.toml", "kiosk/tokens/kiosk", "kiosk-branch/branch.db"
PRIVATE = (TOKEN, HUB)
"""Root's alone on the card; systemd hands them to the service's account at its first start."""
_LONGEST = 1 << 20


def own(card: Card) -> dict[str, bytes]:
    """The files of the data partition by their paths; Refusal names every mistake of the settings."""
    found = {}
    if card.settings:
        found[SETTINGS] = _settings(Path(card.settings))
    if card.token:
        found[TOKEN] = card.token.encode() + b"\n"
    if card.hub:
        found[HUB] = _hub(Path(card.hub), card.branch)
    return found


def put(card: Path, files: Mapping[str, bytes], work: Path) -> None:
    """Put them into the data partition of a card that is not in a machine; Refusal where one is not in it then."""
    if not files:
        return
    with card.open("rb") as stream:
        where = extents(stream).get(DATA)
    if where is None:
        raise Refusal(f"{card} is no card of this kiosk: it has no data partition")
    data = f"{card}?offset={where.start}"
    # A kiosk whose plug was pulled left its journal to be gone through; only then may anything be written.
    checked = subprocess.run(["e2fsck", "-p", data], capture_output=True, text=True, check=False)  # noqa: S603, S607
    if checked.returncode > 1:
        raise Refusal(f"the data partition of {card} is damaged: {checked.stdout.strip().splitlines()[-1:]}")
    for number, (name, content) in enumerate(files.items()):
        source, back = work / f"in-{number}", work / f"back-{number}"
        source.touch(mode=0o600 if name in PRIVATE else 0o644)
        source.write_bytes(content)
        folders = [str(folder) for folder in reversed(Path("/", name).parents)][1:]
        lines = [*(f"mkdir {folder}" for folder in folders), f"rm /{name}", f"write {source} /{name}"]
        lines += _owned(name, folders, data) if name in PRIVATE else []
        _debugfs([*lines, f"dump /{name} {back}"], data)
        # It ends well whatever it could not do.
        if not back.exists() or back.read_bytes() != content:
            raise Refusal(f"{name} cannot be written into the data partition; take the release's card.img again")


def _owned(name: str, folders: list[str], data: str) -> list[str]:
    """On a card that has served, the state folder is its service's: what is added has to be, too."""
    said = _debugfs([f"stat {folders[0]}"], data)
    owner = re.search(r"User:\s*(\d+)\s+Group:\s*(\d+)", said)
    if owner is None or owner[1] == "0":
        return []
    paths = [*folders[1:], f"/{name}"]
    return [f"sif {path} {what} {owner[n]}" for path in paths for what, n in (("uid", 1), ("gid", 2))]


def _debugfs(lines: list[str], data: str) -> str:
    words = ["debugfs", "-w", "-f", "-", data]
    try:
        return subprocess.run(words, input="\n".join(lines), capture_output=True, text=True, check=False).stdout  # noqa: S603
    except FileNotFoundError as error:
        raise Refusal("debugfs is missing (apt-get install e2fsprogs)") from error


def _settings(file: Path) -> bytes:
    try:
        text = file.read_bytes()[:_LONGEST].decode("utf-8")
    except (OSError, ValueError) as error:
        raise Refusal(f"{file} cannot be read; give a TOML file with the kiosk's settings") from error
    known, wrong = config.check(text, str(file))
    if wrong:
        raise Refusal("\n".join(str(each) for each in wrong))
    if known is not None and known.hub.token.reveal():
        raise Refusal(f"{file}: every account of the kiosk reads its settings; leave hub.token out and give --token")
    return text.encode()


def _hub(file: Path, branch: str) -> bytes:
    """The database as one file, whatever its journal still held."""
    try:
        with (
            tempfile.TemporaryDirectory(prefix="kiosk-hub-") as folder,
            closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as source,
        ):
            names = [row[0] for row in source.execute("SELECT branch FROM hub")]
            copy = Path(folder, "branch.db")
            with closing(sqlite3.connect(copy)) as target:
                source.backup(target)
                target.execute("PRAGMA journal_mode = DELETE")
            content = copy.read_bytes()
    except sqlite3.Error as error:
        mend = "`kiosk branch grant --db sqlite:///FILE` makes one"
        raise Refusal(f"{file} is no hub's database ({error}); {mend}") from error
    if names != [branch]:
        raise Refusal(f"{file} is the database of {', '.join(names) or 'nobody'}, the card is for {branch}")
    return content
