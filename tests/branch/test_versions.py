"""The hub's files under the program of another release: what N writes, N-1 goes on with, and the other way round."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import UniqueConstraint

from branch.options import BranchOptions
from branch.server import BranchServer
from branch.store import schema
from kiosk.engine.clock import SimulatedClock, parse_time
from kiosk.engine.log_copy import LogCopy
from kiosk.engine.ports import LogEntry
from tests.branch.conftest import MORNING, small_catalogue

RELEASED = Path(__file__).with_name("released.json")
ENTRY = LogEntry(1, 1, "ticket", "t", "issued", "K1", 1, "{}")


def shape() -> dict[str, dict[str, list[object]]]:
    """Each table's columns: type, whether it may be empty, whether it has a default; and what must be unique."""
    found: dict[str, dict[str, list[object]]] = {}
    for table in schema.metadata.sorted_tables:
        columns: dict[str, list[object]] = {
            c.name: [str(c.type), bool(c.nullable), c.server_default is not None] for c in table.columns
        }
        rules = [sorted(r.columns.keys()) for r in table.constraints if isinstance(r, UniqueConstraint)]
        rules += [sorted(index.columns.keys()) for index in table.indexes if index.unique]
        found[table.name] = {**columns, "unique": [*sorted(rules)]}
    return found


def problems(released: dict[str, dict[str, list[object]]], now: dict[str, dict[str, list[object]]]) -> list[str]:
    """What a hub of the release could not go on with."""
    found = []
    for table, columns in released.items():
        for name, form in columns.items():
            if now.get(table, {}).get(name) != form:
                found.append(f"{table}.{name} is no longer {form}")
        for name, form in now.get(table, {}).items():
            if name not in columns and not (form[1] or form[2]):
                found.append(f"{table}.{name} must be given, and an older hub does not")
    return found


def test_the_tables_only_grow() -> None:
    assert problems(json.loads(RELEASED.read_text("utf-8")), shape()) == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, "no longer"),
        ({"id": ["VARCHAR(36)", False, False], "new": ["TEXT", False, False]}, "must be given"),
        ({"id": ["VARCHAR(8)", False, False]}, "no longer"),
    ],
)
def test_what_takes_away_or_demands_is_seen(changed: dict[str, list[object]], said: str) -> None:
    before = {"tickets": {"id": ["VARCHAR(36)", False, False]}}
    (problem,) = problems(before, {"tickets": changed})
    assert said in problem


def hub(file: Path) -> BranchServer:
    clock = SimulatedClock(parse_time(MORNING))
    return BranchServer(f"sqlite:///{file}", small_catalogue(), BranchOptions(id="421202-001"), clock.now)


def grants(file: Path, name: str) -> None:
    """A hub starts on the file, writes to it and stops."""
    server = hub(file)
    server.start()
    try:
        assert server.store.grant("kiosk", name)
    finally:
        server.stop()


def test_a_hub_goes_on_with_the_file_of_the_next_release(tmp_path: Path) -> None:
    file = tmp_path / "branch.db"
    grants(file, "K1")
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(
            "ALTER TABLE accounts ADD COLUMN tomorrow TEXT; CREATE TABLE morrow (a TEXT);"
            "UPDATE accounts SET tomorrow = 'kept'; INSERT INTO morrow VALUES ('kept');"
        )
    grants(file, "K2")
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT name, tomorrow FROM accounts ORDER BY id").fetchall() == [
            ("K1", "kept"),
            ("K2", None),
        ]
        assert connection.execute("SELECT a FROM morrow").fetchall() == [("kept",)]


def test_the_file_of_an_older_hub_gets_the_columns_that_were_added_since(tmp_path: Path) -> None:
    file = tmp_path / "branch.db"
    grants(file, "K1")
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("ALTER TABLE alerts DROP COLUMN taken_by")
    grants(file, "K2")
    with closing(sqlite3.connect(file)) as connection:
        assert "taken_by" in [row[1] for row in connection.execute("PRAGMA table_info(alerts)")]


def test_the_copy_of_the_log_is_gone_on_with_by_the_release_before(tmp_path: Path) -> None:
    file = tmp_path / "hub-log.db"
    LogCopy(file).close()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("ALTER TABLE entry ADD COLUMN tomorrow TEXT")
        connection.execute("ALTER TABLE source ADD COLUMN tomorrow TEXT")
    copy = LogCopy(file)
    copy.begin("log")
    copy.append([ENTRY])
    assert (copy.log, copy.place) == ("log", (1, 1))
    copy.close()
