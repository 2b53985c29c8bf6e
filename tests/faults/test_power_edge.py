"""The kiosk's and the centre's promises at a power cut: every write point is cut, what was not synced is lost.

As at the hub (test_power): the writes of a real process, replayed as a disk without power would keep them, with
`synchronous = NORMAL` as the control that must be seen to lose.
"""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from uuid import UUID

import pytest

from kiosk.engine.clock import SystemClock
from kiosk.engine.journal import open_journal
from tests.faults.power import Found, Noted, compiled, cuts, read_notes

ROUNDS = int(os.environ.get("KIOSK_TEST_ROUNDS", "25"))
"""Of a request and a ticket each; 400 in the nightly run."""
CUTS = 40 if ROUNDS < 100 else 2000
"""At about how many points the power goes."""


def noted(folder: Path, who: str, synchronous: str) -> list[Noted]:
    state = folder / "state"
    state.mkdir()
    database = state / ("kiosk.db" if who == "kiosk" else "central.db")
    shim = {"LD_PRELOAD": str(compiled(folder)), "WRITES_OF": str(database), "WRITES_LOG": str(folder / "writes")}
    subprocess.run(
        [sys.executable, "-m", "tests.faults.keeping_process", who, state, str(ROUNDS), synchronous],
        check=True, env=os.environ | shim, timeout=600, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    return read_notes(folder / "writes")


def kept_by_kiosk(state: Path) -> set[str]:
    """What the kiosk knows after its start; a journal that had to be set aside is a failure here."""
    journal = open_journal(state, SystemClock().now)
    journal.close()
    with closing(sqlite3.connect(state / "kiosk.db")) as connection:
        requests = list(connection.execute("SELECT id, state, sealed IS NULL FROM outbox"))
        labels = [f"ticket:{label}" for (label,) in connection.execute("SELECT label FROM ticket WHERE label != ''")]
        taken = connection.execute("SELECT count(*) FROM emergency").fetchone()[0]
    assert len(labels) == len(set(labels)) == taken, "no number twice, none without its ticket"
    delivered = {f"wiped:{name}" for name, state, wiped in requests if state == "submitted" and wiped}
    assert all(state == "submitted" or not wiped for _, state, wiped in requests), "wiped, and nobody has it"
    return {f"request:{name}" for name, _, _ in requests} | set(labels) | delivered


def kept_by_centre(state: Path) -> set[str]:
    with closing(sqlite3.connect(state / "central.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'requests'").fetchone():
            return set()
        rows = list(connection.execute("SELECT client_request_id, reference FROM requests"))
    assert len({name for name, _ in rows}) == len({reference for _, reference in rows}) == len(rows)
    return {str(UUID(name)) for name, _ in rows}


KEPT: dict[str, Callable[[Path], set[str]]] = {"kiosk": kept_by_kiosk, "centre": kept_by_centre}


def lost(found: Found, who: str, folder: Path) -> set[str]:
    """What was acknowledged and is gone."""
    with TemporaryDirectory(dir=folder) as fresh:
        found.lay_out(Path(fresh) / ("kiosk.db" if who == "kiosk" else "central.db"))
        return set(found.acknowledged) - KEPT[who](Path(fresh))


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("who", KEPT)
def test_nothing_acknowledged_is_lost_wherever_the_power_goes(tmp_path: Path, who: str) -> None:
    notes = noted(tmp_path, who, "FULL")
    assert any(note.kind == "s" and note.file == "d" for note in notes), "no checkpoint was among it"
    for luck in (0.0, 0.5):
        places = list(cuts(notes, Random(20261123), luck))
        thin = max(1, len(places) // CUTS)
        for found in (*places[::thin], places[-1]):
            assert lost(found, who, tmp_path) == set()
        assert len(places[-1].acknowledged) >= ROUNDS


@pytest.mark.timeout(600)
@pytest.mark.parametrize("who", KEPT)
def test_the_control_without_syncs_is_seen_to_lose(tmp_path: Path, who: str) -> None:
    notes = noted(tmp_path, who, "NORMAL")
    places = list(cuts(notes, Random(20261123), 0.0))
    assert any(lost(found, who, tmp_path) for found in reversed(places))
