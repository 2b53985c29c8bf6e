"""What a fresh journal takes over from one that was set aside: the numbers that are already on somebody's paper."""

import re
import sqlite3
from pathlib import Path

_ASIDE = re.compile(r"\.damaged-(\d{4})(\d{2})(\d{2})T\d{6}(?:-\d+)?$")

SKIP = "emergency.skip"
"""The meta key of the last business day on which nobody knows which emergency numbers are taken."""


def salvage(connection: sqlite3.Connection, path: Path) -> None:
    """Copy the taken emergency numbers and the sequence; where they cannot be read, note the day as unknown."""
    for aside in sorted(path.parent.glob(f"{path.name}.damaged-*")):
        day = _ASIDE.search(aside.name)
        if day is None:
            continue
        try:
            taken, sequence = _read(aside)
        except sqlite3.DatabaseError:
            connection.execute(
                "INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = max(value, excluded.value)",
                (SKIP, "-".join(day.groups())),
            )
            continue
        connection.executemany("INSERT OR IGNORE INTO emergency VALUES (?, ?, ?, ?)", taken)
        connection.execute(
            "INSERT INTO counter VALUES ('ticket', ?) ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value)",
            (sequence,),
        )


def _read(aside: Path) -> tuple[list[tuple[str, str, int, str | None]], int]:
    # immutable: evidence is only looked at, with no log or lock made beside it.
    connection = sqlite3.connect(f"{aside.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        taken = connection.execute("SELECT letter, business_date, number, ticket FROM emergency").fetchall()
        (sequence,) = connection.execute("SELECT coalesce(max(value), 0) FROM counter WHERE name = 'ticket'").fetchone()
        return taken, sequence
    finally:
        connection.close()
