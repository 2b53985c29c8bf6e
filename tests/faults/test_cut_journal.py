"""A journal cut off at any byte of its last page opens whole, or is set aside with one line; never in between."""

import os
import shutil
from datetime import datetime
from pathlib import Path

import pytest

from kiosk.domain.errors import Refusal
from kiosk.engine.clock import ZONE, SimulatedClock
from kiosk.engine.journal import Journal, open_journal
from kiosk.engine.ports import RequestOrder, Sealed

START = datetime(2026, 11, 23, 9, 0, tzinfo=ZONE)
NOW = SimulatedClock(START).now
PAGE = 4096
EVERY = 1 if int(os.environ.get("KIOSK_TEST_ROUNDS", "0")) >= 100 else 64
"""`make nightly` cuts at every single byte."""


def keep(journal: Journal, number: int) -> None:
    """One request and one ticket, both acknowledged when this returns."""
    journal.outbox.enqueue(RequestOrder(f"r{number}", "A4", "typed", (), Sealed("k", "none", "s" * 300), START), {})
    journal.tickets.ask(f"t{number}", "B3", "zh", START)
    assert journal.tickets.emergency(f"t{number}", "B", "2026-11-23", range(501, 600), None, START)


def kept(journal: Journal) -> set[str]:
    names = {name for n in range(20) if journal.outbox.get(name := f"r{n}")}
    return names | {name for n in range(20) if (row := journal.tickets.get(name := f"t{n}")) and row.label}


def places(size: int) -> list[int]:
    """Where to cut: the last page's first and last bytes, and every so-many-eth between."""
    first = max(0, size - PAGE)
    return sorted({*range(first, size, EVERY), *range(first, first + 8), *range(size - 8, size)})


def cut(folder: Path, whole: dict[str, bytes], name: str, at: int) -> set[str] | str:
    """What is known after a start on the files, one of them cut there; the refusal where it is set aside."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for file, content in whole.items():
        (folder / file).write_bytes(content[:at] if file == name else content)
    try:
        journal = open_journal(folder, NOW)
    except Refusal as refusal:
        said = str(refusal)
        (aside,) = [file for file in folder.glob("kiosk.db.damaged-*") if not file.name.endswith(("-wal", "-shm"))]
        assert aside.name in said
        assert aside.read_bytes() == whole["kiosk.db"][:at] if name == "kiosk.db" else aside.exists()
        return said
    found = kept(journal)
    journal.close()
    return found


def contents(folder: Path, *names: str) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in names}


@pytest.mark.timeout(1800)
def test_the_file_itself_cut_anywhere_is_whole_or_set_aside_with_one_line(tmp_path: Path) -> None:
    journal = open_journal(tmp_path, NOW)
    for number in range(12):
        keep(journal, number)
    everything = kept(journal)
    journal.close()
    whole = contents(tmp_path, "kiosk.db")
    for at in places(len(whole["kiosk.db"])):
        found = cut(tmp_path / "cut", whole, "kiosk.db", at)
        assert found == everything or (isinstance(found, str) and "\n" not in found and "set aside" in found), at
    assert cut(tmp_path / "cut", whole, "kiosk.db", len(whole["kiosk.db"])) == everything


@pytest.mark.timeout(1800)
def test_the_log_cut_anywhere_in_its_last_page_keeps_all_that_was_acknowledged_before_that_page(tmp_path: Path) -> None:
    journal = open_journal(tmp_path, NOW)
    for number in range(6):
        keep(journal, number)
    before = kept(journal)
    journal.meta.set("last", "word")
    everything = kept(journal)
    whole = contents(tmp_path, "kiosk.db", "kiosk.db-wal")
    journal.close()
    assert before == everything
    assert len(whole["kiosk.db-wal"]) > PAGE
    for at in places(len(whole["kiosk.db-wal"])):
        assert cut(tmp_path / "cut", whole, "kiosk.db-wal", at) == everything, at
