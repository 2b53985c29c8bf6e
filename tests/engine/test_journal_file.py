"""The journal's file: one writer, nothing acknowledged is lost, damage is set aside and never overwritten."""

import os
import signal
import sqlite3
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from kiosk.domain.errors import Broken, Refusal
from kiosk.engine.clock import ZONE, SimulatedClock
from kiosk.engine.journal import Journal, open_journal, read_journal

START = datetime(2026, 11, 23, 9, 0, tzinfo=ZONE)
DAY = "2026-11-23"
RANGE = range(501, 600)
NOW = SimulatedClock(START).now

WRITER = """
import itertools, sys
from pathlib import Path
from kiosk.engine.clock import SystemClock
from kiosk.engine.journal import open_journal

now = SystemClock().now
journal = open_journal(Path(sys.argv[1]), now)
for number in itertools.count():
    ticket = f"{sys.argv[2]}-{number}"
    row = journal.tickets.ask(ticket, "B3", "zh", now())
    label = journal.tickets.emergency(ticket, "B", "2026-11-23", range(501, 99999), None, now())
    print(ticket, row.seq, label, flush=True)
"""


def opened(folder: Path) -> Journal:
    return open_journal(folder, NOW)


def test_killed_while_writing_loses_no_acknowledged_row(tmp_path: Path) -> None:
    acknowledged: list[list[str]] = []
    for turn in range(5):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path), str(turn)], stdout=subprocess.PIPE, text=True
        ) as writer:
            assert writer.stdout is not None
            acknowledged += [writer.stdout.readline().split() for _ in range(20 + 7 * turn)]
            os.kill(writer.pid, signal.SIGKILL)
            acknowledged += [line.split() for line in writer.stdout if line.endswith("\n")]
    journal = opened(tmp_path)
    for ticket, seq, label in acknowledged:
        row = journal.tickets.get(ticket)
        assert row is not None, f"{ticket} was acknowledged and is gone"
        assert (str(row.seq), row.label) == (seq, label)
    assert len({label for _, _, label in acknowledged}) == len(acknowledged)
    assert len({seq for _, seq, _ in acknowledged}) == len(acknowledged)
    journal.close()


def test_a_second_writer_is_refused_and_told_why(tmp_path: Path) -> None:
    journal = opened(tmp_path)
    with pytest.raises(Refusal, match=f"a kiosk already runs .*process {os.getpid()}"):
        opened(tmp_path)
    journal.close()
    opened(tmp_path).close()


def test_a_writer_in_another_process_is_refused_too(tmp_path: Path) -> None:
    journal = opened(tmp_path)
    script = (
        "import sys; from pathlib import Path; from kiosk.engine.journal import open_journal;"
        "open_journal(Path(sys.argv[1]), None)"
    )
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=False)
    assert "a kiosk already runs on the state folder" in done.stderr
    journal.close()


def test_a_reader_needs_no_lock_and_changes_nothing(tmp_path: Path) -> None:
    assert read_journal(tmp_path, NOW) is None
    journal = opened(tmp_path)
    journal.tickets.ask("t", "B3", "zh", START)
    reader = read_journal(tmp_path, NOW)
    assert reader is not None
    assert reader.tickets.get("t") is not None
    with pytest.raises(Broken):
        reader.tickets.ask("u", "B3", "zh", START)
    reader.close()
    journal.close()


def test_everything_belongs_to_its_owner_alone(tmp_path: Path) -> None:
    journal = opened(tmp_path)
    journal.tickets.ask("t", "B3", "zh", START)
    assert {oct(file.stat().st_mode & 0o777) for file in tmp_path.iterdir()} == {"0o600"}
    journal.close()


def damage_header(file: Path) -> None:
    file.write_bytes(b"not a database at all" * 200)


def damage_middle(file: Path) -> None:
    content = bytearray(file.read_bytes())
    for page in range(1, len(content) // 4096):
        content[page * 4096 : page * 4096 + 64] = b"\xa5" * 64
    file.write_bytes(content)


def cut_short(file: Path) -> None:
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2 + 100])


@pytest.mark.parametrize("damage", [damage_header, damage_middle, cut_short])
def test_a_damaged_file_is_set_aside_and_the_next_start_is_fresh(tmp_path: Path, damage: object) -> None:
    journal = opened(tmp_path)
    for number in range(50):
        journal.tickets.ask(f"t{number}", "B3", "zh", START)
    journal.close()
    assert callable(damage)
    damage(tmp_path / "kiosk.db")
    evidence = (tmp_path / "kiosk.db").read_bytes()
    with pytest.raises(Refusal, match=r"set aside as kiosk\.db\.damaged-20261123T090000; start again"):
        opened(tmp_path)
    assert (tmp_path / "kiosk.db.damaged-20261123T090000").read_bytes() == evidence
    assert not (tmp_path / "kiosk.db").exists()
    journal = opened(tmp_path)
    assert journal.tickets.unfinished() == ()
    journal.close()
    assert (tmp_path / "kiosk.db.damaged-20261123T090000").read_bytes() == evidence


def test_evidence_is_never_overwritten(tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / "kiosk.db").write_bytes(b"rubbish %d" % number * 100)
        with pytest.raises(Refusal, match="set aside"):
            opened(tmp_path)
    kept = sorted(file.read_bytes()[:9] for file in tmp_path.glob("kiosk.db.damaged-*"))
    assert kept == [b"rubbish 0", b"rubbish 1", b"rubbish 2"]


@pytest.mark.parametrize("readable", [True, False])
def test_after_damage_no_emergency_number_comes_twice(tmp_path: Path, readable: bool) -> None:
    given = []
    for turn in range(2):
        journal = opened(tmp_path)
        for number in range(5):
            ticket = f"{turn}-{number}"
            journal.tickets.ask(ticket, "B3", "zh", START)
            given.append(journal.tickets.emergency(ticket, "B", DAY, RANGE, None, START))
        journal.close()
        if turn == 0:
            if readable:
                with (tmp_path / "kiosk.db").open("ab") as file:
                    file.truncate((tmp_path / "kiosk.db").stat().st_size - 100)
            else:
                damage_header(tmp_path / "kiosk.db")
            with pytest.raises(Refusal, match="set aside"):
                opened(tmp_path)
    assert len(set(given)) == 10
    assert given[5] == "B550"
    journal = opened(tmp_path)
    journal.tickets.ask("tomorrow", "B3", "zh", START)
    assert journal.tickets.emergency("tomorrow", "B", "2026-11-24", RANGE, None, START) == "B501"
    journal.close()


def test_a_journal_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    opened(tmp_path).close()
    connection = sqlite3.connect(tmp_path / "kiosk.db")
    connection.execute("PRAGMA user_version = 99")
    connection.execute("UPDATE meta SET value = '99' WHERE key = 'tables.readable'")
    connection.commit()
    connection.close()
    before = (tmp_path / "kiosk.db").read_bytes()
    with pytest.raises(Refusal, match="newer version"):
        opened(tmp_path)
    assert (tmp_path / "kiosk.db").read_bytes() == before


def test_a_folder_in_its_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "kiosk.db").mkdir()
    with pytest.raises(Refusal, match="cannot be opened"):
        opened(tmp_path)


def test_a_missing_state_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="cannot be opened"):
        opened(tmp_path / "nowhere")


def test_an_empty_file_is_a_fresh_journal(tmp_path: Path) -> None:
    (tmp_path / "kiosk.db").touch()
    assert read_journal(tmp_path, NOW) is None
    opened(tmp_path).close()


def test_a_damaged_file_is_refused_by_readers_and_left(tmp_path: Path) -> None:
    damage_header(tmp_path / "kiosk.db")
    with pytest.raises(Refusal, match="is damaged; start the kiosk"):
        read_journal(tmp_path, NOW)
    assert [file.name for file in tmp_path.iterdir()] == ["kiosk.db"]


def test_a_full_disk_is_said_plainly_and_loses_nothing(tmp_path: Path) -> None:
    journal = opened(tmp_path)
    journal.tickets.ask("kept", "B3", "zh", START)
    connection = journal._database._connection
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages}")

    def fill() -> None:
        for number in range(2000):
            journal.tickets.ask(f"t{number}", "B3", "zh", START)

    with pytest.raises(Broken, match="disk is full"):
        fill()
    assert journal.tickets.get("kept") is not None
    journal.close()


def test_synchronous_is_full_and_the_log_is_ahead(tmp_path: Path) -> None:
    journal = opened(tmp_path)
    connection = journal._database._connection
    pragmas = {
        name: connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "secure_delete")
    }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1}
    journal.close()
