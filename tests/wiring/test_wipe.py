"""Wiping a kiosk: never while a request lies there that nobody else has, never under a running core."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk.engine.journal import open_journal
from kiosk.engine.ports import RequestOrder, Sealed

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
ID = "01936000-0000-7000-8000-000000000001"


def wipe(state: Path, *words: str) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-m", "kiosk", "wipe", "--state", str(state), *words]
    return subprocess.run(line, capture_output=True, text=True, check=False, timeout=60)


@pytest.fixture
def state(tmp_path: Path) -> Path:
    journal = open_journal(tmp_path, lambda: NOW)
    journal.outbox.enqueue(RequestOrder(ID, "A4", "typed", (), Sealed("k", "a", "c"), NOW), {})
    journal.close()
    (tmp_path / "identity").mkdir()
    (tmp_path / "identity/key").write_text("k")
    return tmp_path


def test_a_kiosk_with_a_waiting_request_is_not_wiped(state: Path) -> None:
    done = wipe(state, "--yes")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "1 requests wait" in done.stderr
    assert (state / "identity/key").exists()


@pytest.mark.parametrize("final", ["submitted", "quarantined"])
def test_delivered_it_is_wiped_and_quarantined_it_is_not(state: Path, final: str) -> None:
    journal = open_journal(state, lambda: NOW)
    with journal._database.write() as connection:
        connection.execute("UPDATE outbox SET state = ?", (final,))
    journal.close()
    assert "nothing waits" in wipe(state).stdout or final == "quarantined"
    assert (state / "kiosk.db").exists()
    done = wipe(state, "--yes")
    assert (done.returncode == 0) == (final == "submitted")
    assert (state / "kiosk.db").exists() == (final == "quarantined")


def test_a_damaged_journal_and_a_running_kiosk_are_left_alone(state: Path) -> None:
    journal = open_journal(state, lambda: NOW)
    assert "already runs" in wipe(state, "--yes").stderr
    journal.close()
    (state / "kiosk.db.damaged-1").write_text("")
    assert "may hold requests" in wipe(state, "--yes").stderr
    assert (state / "kiosk.db").exists()


def test_a_folder_that_is_no_kiosks_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    assert wipe(tmp_path, "--yes").returncode == 2
    assert (tmp_path / "letter.txt").exists()
