"""The tables of the journal and the steps that bring an older file forward; a step once released is never changed."""

import sqlite3
from datetime import datetime

from kiosk.domain.errors import Refusal
from kiosk.engine.journal.rows import written

APPLICATION = 0x4B494F53
"""`KIOS` in the file's header, by which a journal is known from any other SQLite file."""

STEPS: tuple[str, ...] = (
    """
    CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
    CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

    CREATE TABLE ticket (
        id TEXT PRIMARY KEY,
        service TEXT NOT NULL,
        language TEXT NOT NULL,
        seq INTEGER NOT NULL UNIQUE,
        asked_at TEXT NOT NULL,
        state TEXT NOT NULL CHECK (
            state IN ('asked', 'issued', 'printing', 'printed', 'screen', 'doubtful', 'void', 'lost')
        ),
        label TEXT,
        business_date TEXT,
        offline INTEGER NOT NULL DEFAULT 0 CHECK (offline IN (0, 1)),
        orphan_of TEXT REFERENCES ticket (id),
        status_url TEXT,
        printed_by TEXT,
        ahead INTEGER,
        wait TEXT,
        reason TEXT,
        changed_at TEXT NOT NULL
    ) STRICT;
    CREATE INDEX ticket_open ON ticket (seq) WHERE state IN ('asked', 'issued', 'printing', 'doubtful');
    CREATE UNIQUE INDEX ticket_emergency ON ticket (business_date, label) WHERE offline = 1;

    CREATE TABLE emergency (
        letter TEXT NOT NULL,
        business_date TEXT NOT NULL,
        number INTEGER NOT NULL,
        ticket TEXT,
        PRIMARY KEY (letter, business_date, number)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE todo (
        n INTEGER PRIMARY KEY AUTOINCREMENT,
        ticket TEXT NOT NULL REFERENCES ticket (id),
        kind TEXT NOT NULL CHECK (kind IN ('confirm', 'void', 'report', 'orphan')),
        word TEXT NOT NULL,
        state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done', 'failed')),
        code TEXT,
        made_at TEXT NOT NULL,
        settled_at TEXT
    ) STRICT;
    CREATE INDEX todo_open ON todo (n) WHERE state = 'open';
    CREATE INDEX todo_ticket ON todo (ticket);

    CREATE TABLE job (
        id TEXT PRIMARY KEY,
        kind TEXT NOT NULL CHECK (kind IN ('ticket', 'receipt', 'test', 'slip')),
        subject TEXT NOT NULL,
        digest TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('sending', 'printed', 'failed', 'unknown')),
        at TEXT NOT NULL,
        settled_at TEXT
    ) STRICT;
    CREATE INDEX job_subject ON job (subject);
    CREATE INDEX job_open ON job (at) WHERE state IN ('sending', 'unknown');

    CREATE TABLE outbox (
        id TEXT PRIMARY KEY,
        service TEXT NOT NULL,
        digest TEXT NOT NULL,
        sealed TEXT,
        masked TEXT,
        assurance TEXT NOT NULL,
        consents TEXT NOT NULL,
        captured_at TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'unknown', 'submitted', 'quarantined', 'expired')),
        ambiguous INTEGER NOT NULL DEFAULT 0 CHECK (ambiguous IN (0, 1)),
        attempts INTEGER NOT NULL DEFAULT 0,
        next_at TEXT NOT NULL,
        reference TEXT,
        server_state TEXT,
        status_url TEXT,
        last_error TEXT,
        changed_at TEXT NOT NULL
    ) STRICT;
    CREATE INDEX outbox_waiting ON outbox (next_at) WHERE state IN ('queued', 'sending', 'unknown');
    """,
    """
    ALTER TABLE outbox ADD COLUMN received_at TEXT;
    """,
    """
    CREATE TABLE promise (
        seq INTEGER PRIMARY KEY,
        chain TEXT NOT NULL,
        at TEXT NOT NULL,
        kind TEXT NOT NULL,
        subject TEXT NOT NULL,
        word TEXT NOT NULL,
        digest TEXT NOT NULL,
        previous TEXT NOT NULL,
        key_id TEXT,
        signature TEXT
    ) STRICT;
    CREATE INDEX promise_unsigned ON promise (seq) WHERE signature IS NULL;

    CREATE TABLE witness (
        seq INTEGER PRIMARY KEY,
        device TEXT NOT NULL,
        chain TEXT NOT NULL,
        fingerprint TEXT NOT NULL,
        at TEXT NOT NULL,
        signature TEXT NOT NULL,
        public_key TEXT NOT NULL
    ) STRICT;
    """,
    """
    ALTER TABLE ticket ADD COLUMN also TEXT;
    """,
    """
    ALTER TABLE outbox ADD COLUMN boot TEXT NOT NULL DEFAULT '';
    ALTER TABLE outbox ADD COLUMN up_s REAL NOT NULL DEFAULT 0;
    """,
    """
    ALTER TABLE ticket ADD COLUMN needs TEXT;
    ALTER TABLE ticket ADD COLUMN booking TEXT;
    ALTER TABLE ticket ADD COLUMN booked_at TEXT;
    """,
    # What is asked of the outbox every second stays cheap however much waits: payloads are not read for it.
    """
    ALTER TABLE outbox ADD COLUMN size INTEGER GENERATED ALWAYS AS (coalesce(length(sealed), 0)) VIRTUAL;
    CREATE INDEX outbox_weight ON outbox (state, boot, captured_at, up_s, size);
    CREATE INDEX outbox_order ON outbox (captured_at) WHERE state IN ('queued', 'sending', 'unknown');
    """,
)


FINAL: frozenset[int] = frozenset()
"""Steps after which the release before cannot work with the file any more.

All others only add: tables, and columns that may be empty or have a default. A final step may stand here at the
earliest one release after the one whose program no longer needs what it takes away.
"""
READABLE = "tables.readable"
"""Under this word the file says how new a program has to be, in steps, to work with it."""


def migrate(connection: sqlite3.Connection, at: datetime, *, settled: bool = True) -> bool:
    """Bring a file forward to the newest tables, each step whole or not at all; say whether it was a fresh file.

    Not `settled`, on the trial of a new system: final steps wait, so that the system before finds what it left. A file
    of a newer program is left as it is and worked with where it says that it can be; else Refusal.
    """
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > len(STEPS) and _readable(connection) > len(STEPS):
        raise Refusal(
            f"the journal was written by a newer version (tables {version}, known {len(STEPS)}); "
            "install that version again, or give another folder with --state"
        )
    for number, step in enumerate(STEPS[version:], start=version + 1):
        if number in FINAL and not settled:
            break
        pragmas = f"PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {number};"
        connection.executescript(f"BEGIN IMMEDIATE; {step} {pragmas}")
        connection.execute("INSERT INTO meta VALUES (?, ?)", (f"tables.{number}", written(at)))
        if number in FINAL:
            connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (READABLE, str(number)))
        connection.execute("COMMIT")
    if version <= len(STEPS):
        # Files from before this word was kept have only seen steps that add.
        connection.execute("INSERT OR IGNORE INTO meta VALUES (?, '1')", (READABLE,))
    return bool(version == 0)


def _readable(connection: sqlite3.Connection) -> int:
    """How many steps a program has to know for this file; a file that does not say so wants all that it has seen."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (READABLE,)).fetchone()
    return int(row[0]) if row is not None and str(row[0]).isdigit() else int(version)
