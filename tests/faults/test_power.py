"""The hub's promises at a power cut: every write point is cut, what was not synced is lost, no acknowledged ticket is.

A SIGKILL proves recovery only, since the system still writes what the process has handed over. So the writes of a real
process are noted in order, and replayed as a disk without power would keep them. `synchronous = NORMAL` is the control.
"""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest

from tests.faults.power import Found, Noted, compiled, cuts, read_notes

ROUNDS = int(os.environ.get("KIOSK_TEST_ROUNDS", "25"))
"""Of five tickets each; 400 in the nightly run."""

THIN = 7 if ROUNDS < 100 else 1
"""At how many of the points between two syncs the power goes."""


def noted(folder: Path, synchronous: str) -> list[Noted]:
    db = folder / "branch.db"
    environment = {"LD_PRELOAD": str(compiled(folder)), "WRITES_OF": str(db), "WRITES_LOG": str(folder / "writes")}
    subprocess.run(
        [sys.executable, "-m", "tests.faults.issuing_process", db, str(ROUNDS), synchronous],
        check=True, env=os.environ | environment, timeout=600, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    return read_notes(folder / "writes")


def lost(found: Found, folder: Path) -> set[str]:
    """The acknowledged labels that are gone; an image that cannot be opened or contradicts itself fails at once."""
    with TemporaryDirectory(dir=folder) as fresh:
        db = Path(fresh) / "branch.db"
        found.lay_out(db)
        with closing(sqlite3.connect(db)) as connection:
            return set(found.acknowledged) - kept_labels(connection)


def kept_labels(connection: sqlite3.Connection) -> set[str]:
    """The labels in a database that must be whole."""
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'tickets'").fetchone():
        return set()
    kept = [label for (label,) in connection.execute("SELECT label FROM tickets")]
    issued = connection.execute("SELECT count(*) FROM events WHERE verb = 'issue'").fetchone()[0]
    assert len(kept) == len(set(kept)) == issued, "log and tables tell the same"
    return set(kept)


@pytest.mark.timeout(1800 if ROUNDS > 100 else 240)
@pytest.mark.parametrize("luck", [0.0, 0.5], ids=["all-unsynced-lost", "half-of-it-kept"])
def test_no_acknowledged_ticket_is_lost_wherever_the_power_goes(tmp_path: Path, luck: float) -> None:
    notes = noted(tmp_path, "FULL")
    assert any(note.kind == "s" and note.file == "d" for note in notes), "no checkpoint was among it"
    seen = 0
    for found in cuts(notes, Random(20261123), luck, THIN):
        seen += 1
        assert lost(found, tmp_path) == set()
    assert seen >= ROUNDS
    assert len(found.acknowledged) >= 5 * (ROUNDS - 1)


@pytest.mark.timeout(240)
def test_the_control_without_syncs_is_seen_to_lose(tmp_path: Path) -> None:
    notes = noted(tmp_path, "NORMAL")
    assert any(lost(found, tmp_path) for found in cuts(notes, Random(20261123), 0.0))
