"""A card that fails under the kiosk: its files can only be read; nothing is promised, and nothing promised is lost."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

JOURNEY = """
import json, sys
from pathlib import Path
from kiosk.ops.checks import storage
from kiosk.wiring import theatre as stage
from tests.engine.power import PowerTheatre
from tests.faults.test_nothing_personal_on_disk import NAME, NUMBER, REQUEST

card, trigger = map(Path, sys.argv[1:])
opened = stage.places.open_state
stage.places.open_state = lambda folder: opened(card / "kiosk" if folder.name == "kiosk" else folder)
told = {}
theatre = PowerTheatre()


def look(moment):
    view = theatre.kiosk.engine.view
    told[moment] = {
        "view": view.view, "ways": [action.id for action in view.actions if action.enabled],
        "papers": len(theatre.papers()),
    }


def ticket():
    for action in ("ticket-only", "category:B", "service:B3", "take-ticket"):
        theatre.touch(action)


ticket()
look("well")
theatre.rest(120)
trigger.write_text("a sector could not be read")
ticket()
look("ticket")
theatre.rest(200)
theatre.card({"number": NUMBER, "name": NAME})
for action in (*REQUEST, "confirm"):
    theatre.touch(action)
look("request")
told["doctor"] = [storage.state_folder(theatre.state).ok, storage.state_folder(theatre.state).remedy]
theatre.rest(200)
look("after")
print(json.dumps(told))
sys.stdout.flush()
import os
os._exit(0)
"""


@pytest.fixture(scope="module")
def card(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A file system of its own, as the card's data partition is mounted."""
    if os.geteuid() or not all(map(shutil.which, ("mkfs.ext4", "mount", "e2fsck"))):
        pytest.skip("a file system can be mounted by root alone")
    folder = tmp_path_factory.mktemp("card")
    with (folder / "data.ext4").open("wb") as out:
        out.truncate(64 << 20)
    subprocess.run(["mkfs.ext4", "-q", folder / "data.ext4"], check=True)
    (folder / "data").mkdir()
    if not _mounted(folder):
        pytest.skip("this machine lends no loop device")
    yield folder
    subprocess.run(["umount", "-l", folder / "data"], check=False, capture_output=True)


def _mounted(folder: Path) -> bool:
    words = ["mount", "-o", "loop,noatime,errors=remount-ro", str(folder / "data.ext4"), str(folder / "data")]
    return subprocess.run(words, check=False, capture_output=True).returncode == 0


@pytest.fixture(scope="module")
def told(card: Path) -> Any:
    """What was seen, by a kiosk whose power goes at the end."""
    said = subprocess.run(["findmnt", "-no", "SOURCE", card / "data"], capture_output=True, text=True, check=True)
    trigger = Path("/sys/fs/ext4", Path(said.stdout.strip()).name, "trigger_fs_error")
    if not trigger.exists():
        pytest.skip("this kernel cannot be told that a sector failed")
    done = subprocess.run(
        [sys.executable, "-c", JOURNEY, str(card / "data"), str(trigger)],
        capture_output=True, text=True, timeout=300, check=False, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.timeout(400)
def test_nothing_is_promised_that_cannot_be_kept(told: Any) -> None:
    assert (told["well"]["view"], told["well"]["papers"]) == ("ticket", 1)
    assert told["ticket"]["papers"] == told["request"]["papers"] == told["after"]["papers"] == 1
    for moment in ("ticket", "request"):
        assert told[moment]["view"] == "notice"
        assert {"home", "help"} <= set(told[moment]["ways"])
    assert told["after"]["view"] == "welcome"


def test_the_technician_is_told_what_to_mend(told: Any) -> None:
    well, remedy = told["doctor"]
    assert well is False
    assert remedy


def test_what_was_on_paper_is_there_after_the_next_start(card: Path, told: Any) -> None:
    assert told["well"]["papers"] == 1
    subprocess.run(["umount", card / "data"], check=True)
    checked = subprocess.run(["e2fsck", "-fy", card / "data.ext4"], capture_output=True, check=False)
    assert checked.returncode <= 1, checked.stdout
    assert _mounted(card)
    with closing(sqlite3.connect(card / "data/kiosk/kiosk.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("SELECT state FROM ticket").fetchall() == [("printed",)]
