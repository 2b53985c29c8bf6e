"""Files of one release under the program of the other: what N writes, N-1 reads, until N is committed and beyond."""

import re
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk.domain.errors import Refusal
from kiosk.engine.journal import Journal, open_journal, schema

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
ADDS = "ALTER TABLE ticket ADD COLUMN tomorrow TEXT; CREATE TABLE morrow (a TEXT PRIMARY KEY) STRICT;"
TAKES = "ALTER TABLE ticket DROP COLUMN needs;"
Shape = dict[str, dict[str, tuple[object, ...]]]


def opened(state: Path, *, settled: bool = True) -> Journal:
    return open_journal(state, lambda: NOW, settled=settled)


def shape(connection: sqlite3.Connection) -> Shape:
    """Every table's columns: type, whether it must be given, default, place in the key."""
    tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {
        table: {row[1]: tuple(row[2:6]) for row in connection.execute(f"PRAGMA table_info({table})")}
        for table in tables
    }


def version(state: Path) -> tuple[int, str]:
    connection = sqlite3.connect(state / "kiosk.db")
    try:
        (number,) = connection.execute("PRAGMA user_version").fetchone()
        (readable,) = connection.execute("SELECT value FROM meta WHERE key = 'tables.readable'").fetchone()
        return number, readable
    finally:
        connection.close()


def unnamed() -> set[str]:
    """Tables into which rows are written without the names of their columns: these must not grow."""
    found: set[str] = set()
    for file in Path(schema.__file__).parent.glob("*.py"):
        found |= set(re.findall(r"INTO (\w+) VALUES", file.read_text("utf-8")))
    return found


@pytest.fixture
def tomorrow(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """The next release, which adds a column and a table."""
    with monkeypatch.context() as patch:
        patch.setattr(schema, "STEPS", (*schema.STEPS, ADDS))
        yield patch


@pytest.mark.parametrize("number", range(2, len(schema.STEPS) + 1))
def test_every_step_only_adds_or_says_that_it_is_final(number: int) -> None:
    """A program of the step before names its columns when it writes: those stay, and no other must be given."""
    connection = sqlite3.connect(":memory:")
    connection.executescript("".join(schema.STEPS[: number - 1]))
    before = shape(connection)
    unique = "SELECT count(*) FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql LIKE 'CREATE UNIQUE%'"
    rules = connection.execute(unique).fetchone()
    connection.executescript(schema.STEPS[number - 1])
    after = shape(connection)
    adds = True
    for table, columns in before.items():
        now = after.get(table, {})
        adds = adds and all(now.get(column) == form for column, form in columns.items())
        grown = [form for column, form in now.items() if column not in columns]
        adds = adds and all(not needed or default is not None for _, needed, default, _ in grown)
        adds = adds and not (grown and table in unnamed())
    same_rules = rules == connection.execute(unique).fetchone()
    assert (adds and same_rules) or number in schema.FINAL


def test_what_the_next_release_wrote_the_present_one_reads_and_goes_on_with(
    tmp_path: Path, tomorrow: pytest.MonkeyPatch
) -> None:
    known = len(schema.STEPS)
    journal = opened(tmp_path, settled=False)
    journal.tickets.ask("t1", "B3", "zh", NOW)
    journal.meta.set("word", "kept")
    journal.close()
    assert version(tmp_path) == (known, "1")
    tomorrow.undo()
    assert len(schema.STEPS) == known - 1
    back = opened(tmp_path)
    assert back.meta.get("word") == "kept"
    assert back.tickets.get("t1") is not None
    back.tickets.ask("t2", "B3", "zh", NOW)
    back.close()
    assert version(tmp_path) == (known, "1"), "the older program leaves the newer tables as they are"


def test_what_takes_something_away_waits_until_the_new_system_is_committed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    present = len(schema.STEPS)
    opened(tmp_path).close()
    with monkeypatch.context() as patch:
        patch.setattr(schema, "STEPS", (*schema.STEPS, TAKES))
        patch.setattr(schema, "FINAL", frozenset({present + 1}))
        opened(tmp_path, settled=False).close()
        assert version(tmp_path) == (present, "1")
        opened(tmp_path, settled=True).close()
        assert version(tmp_path) == (present + 1, str(present + 1))
    with pytest.raises(Refusal, match="newer version"):
        opened(tmp_path)


def test_a_file_from_before_says_at_its_next_start_that_it_can_be_read(tmp_path: Path) -> None:
    opened(tmp_path).close()
    connection = sqlite3.connect(tmp_path / "kiosk.db")
    connection.execute("DELETE FROM meta WHERE key = 'tables.readable'")
    connection.commit()
    connection.close()
    opened(tmp_path).close()
    assert version(tmp_path) == (len(schema.STEPS), "1")


def test_the_test_of_the_steps_would_see_one_that_takes_away(monkeypatch: pytest.MonkeyPatch) -> None:
    for planted in (
        TAKES,
        "ALTER TABLE ticket RENAME COLUMN needs TO other;",
        "ALTER TABLE meta ADD COLUMN more TEXT;",
        "CREATE UNIQUE INDEX sudden ON ticket (asked_at);",
    ):
        monkeypatch.setattr(schema, "STEPS", (*schema.STEPS, planted))
        with pytest.raises(AssertionError):
            test_every_step_only_adds_or_says_that_it_is_final(len(schema.STEPS))
        monkeypatch.undo()
