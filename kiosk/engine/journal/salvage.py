"""What a fresh journal takes over from one that was set aside: the numbers that are already on somebody's paper."""

import re
import shutil
import sqlite3
from pathlib import Path
from tempfile import TemporaryDirectory

_ASIDE = re.compile(r"\.damaged-(\d{4})(\d{2})(\d{2})T\d{6}(?:-\d+)?$")

DOUBT = "emergency.doubt"
"""The meta key of the last business day on which a damaged journal may have given out numbers that nobody can read."""

Taken = list[tuple[str, str, int, str | None]]


def salvage(connection: sqlite3.Connection, path: Path) -> None:
    """Copy the taken emergency numbers and the sequence as far as they can be read, and note the day as doubtful."""
    for aside in sorted(path.parent.glob(f"{path.name}.damaged-*")):
        day = _ASIDE.search(aside.name)
        if day is None:
            continue
        connection.execute(
            "INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = max(value, excluded.value)",
            (DOUBT, "-".join(day.groups())),
        )
        try:
            taken, sequence = _read(aside)
        except sqlite3.DatabaseError:
            continue
        connection.executemany("INSERT OR IGNORE INTO emergency VALUES (?, ?, ?, ?)", taken)
        connection.execute(
            "INSERT INTO counter VALUES ('ticket', ?)"
            " ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value)",
            (sequence,),
        )


def _read(aside: Path) -> tuple[Taken, int]:
    """Read a copy, together with its write-ahead log: evidence itself is only looked at."""
    with TemporaryDirectory(dir=aside.parent, prefix=".salvage-") as folder:
        copy = Path(folder) / "copy.db"
        for companion in ("", "-wal"):
            source = aside.with_name(aside.name + companion)
            if source.exists():
                shutil.copyfile(source, copy.with_name(copy.name + companion))
        connection = sqlite3.connect(copy)
        try:
            taken = connection.execute("SELECT letter, business_date, number, ticket FROM emergency").fetchall()
            (last,) = connection.execute("SELECT coalesce(max(value), 0) FROM counter WHERE name = 'ticket'").fetchone()
            return taken, last
        finally:
            connection.close()
