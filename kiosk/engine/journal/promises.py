"""The chain of promises in the journal: a record for each paper and what became of it, signed and witnessed later."""

import secrets
import sqlite3
from datetime import datetime, timedelta

from kiosk.domain.promises import CHECKPOINT, START, Promise, Witness
from kiosk.engine.journal.database import Database
from kiosk.engine.journal.rows import written

_WORDS = {
    "ticket": "SELECT coalesce(label, '') FROM ticket WHERE id = ?",
    "receipt": ("SELECT coalesce(server_state, state) || coalesce(' ' || reference, '') FROM outbox WHERE id = ?"),
}
"""What stands on a paper, by its kind: a ticket's number, a receipt's state and reference. Nothing personal."""
_ANYBODYS = (
    "SELECT EXISTS (SELECT 1 FROM witness)"
    " OR EXISTS (SELECT 1 FROM promise WHERE signature IS NOT NULL OR kind = 'receipt')"
)
"""Whether the centre, or a citizen with a receipt of it, has to do with this chain."""
ALONE_KEPT = 2000
"""Records that a clock far in the future cannot take away: the papers of five busy days."""


class Promises:
    """The records of this kiosk. They are written within the transaction of what they tell of, and never changed.

    Old ones go in two steps: a record declares it, and is signed by both sides before anything is deleted.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> tuple[Promise, ...]:
        """The whole chain, oldest first."""
        return self._promises("SELECT * FROM promise ORDER BY seq")

    def unsigned(self, limit: int = 200) -> tuple[Promise, ...]:
        """Records that the device has not signed yet: the newest ones, always."""
        return self._promises("SELECT * FROM promise WHERE signature IS NULL ORDER BY seq LIMIT ?", limit)

    def sign(self, signatures: dict[int, str], key_id: str) -> None:
        """Keep the signatures (base64) of records, by number."""
        with self._database.write() as connection:
            connection.executemany(
                "UPDATE promise SET key_id = ?, signature = ? WHERE seq = ? AND signature IS NULL",
                [(key_id, signature, seq) for seq, signature in signatures.items()],
            )

    def signatures(self) -> dict[int, tuple[str, str]]:
        """Key and signature of each signed record."""
        with self._database.read() as connection:
            rows = connection.execute("SELECT seq, key_id, signature FROM promise WHERE signature IS NOT NULL")
            return {row["seq"]: (row["key_id"], row["signature"]) for row in rows}

    def unseen(self, limit: int = 200) -> tuple[tuple[Promise, str, str], ...]:
        """Signed records that the centre has not counter-signed, with key and signature."""
        query = (
            "SELECT * FROM promise WHERE signature IS NOT NULL AND seq > (SELECT coalesce(max(seq), 0) FROM witness)"
            " ORDER BY seq LIMIT ?"
        )
        with self._database.read() as connection:
            rows = connection.execute(query, (limit,)).fetchall()
        return tuple((_promise(row), row["key_id"], row["signature"]) for row in rows)

    def witnessed(self, witness: Witness, public_key: str) -> None:
        """The centre has seen the chain up to here; only the newest such word is needed, and the first of a day."""
        with self._database.write() as connection:
            connection.execute(
                "INSERT INTO witness (seq, device, chain, fingerprint, at, signature, public_key)"
                " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (seq) DO NOTHING",
                (witness.seq, witness.device, witness.chain, witness.fingerprint, witness.at, witness.signature,
                 public_key),
            )  # fmt: skip

    def witnesses(self) -> tuple[tuple[Witness, str], ...]:
        """What the centre has counter-signed, oldest first, with the key that checks it."""
        with self._database.read() as connection:
            rows = connection.execute("SELECT * FROM witness ORDER BY seq").fetchall()
        return tuple(
            (
                Witness(row["device"], row["chain"], row["seq"], row["fingerprint"], row["at"], row["signature"]),
                row["public_key"],
            )
            for row in rows
        )

    def declare(self, before: datetime) -> bool:
        """Write down that what the centre had seen before a moment is to be thrown away; whether there was any."""
        seen = [one for one, _ in self.witnesses() if datetime.fromisoformat(one.at) < before]
        with self._database.write() as connection:
            first = connection.execute("SELECT min(seq) FROM promise").fetchone()[0]
            if not seen or first is None or seen[-1].seq < first:
                return False
            last = seen[-1]
            named = (CHECKPOINT, str(last.seq), last.fingerprint)
            query = "SELECT 1 FROM promise WHERE kind = ? AND subject = ? AND digest = ?"
            if connection.execute(query, named).fetchone():
                return False
            add(connection, *named, self._database.stamp(), f"{first}-{last.seq}")
            return True

    def prune(self) -> int:
        """Throw away what a checkpoint names that the centre itself has counter-signed; give the count.

        The witness of the last of them stays: it stands before what is left.
        """
        with self._database.write() as connection:
            row = connection.execute(
                "SELECT witness.seq FROM promise JOIN witness ON promise.subject = CAST(witness.seq AS TEXT)"
                " AND promise.digest = witness.fingerprint WHERE promise.kind = ?"
                " AND promise.seq <= (SELECT max(seq) FROM witness) ORDER BY witness.seq DESC LIMIT 1",
                (CHECKPOINT,),
            ).fetchone()
            if row is None:
                return 0
            connection.execute("DELETE FROM witness WHERE seq < ?", (row["seq"],))
            return connection.execute("DELETE FROM promise WHERE seq <= ?", (row["seq"],)).rowcount

    def retire_alone(self, before: datetime, spare: int = ALONE_KEPT) -> int:
        """Throw away what is older than a moment where nobody ever had a part in this chain; give the count.

        A kiosk that was never let in has nobody to counter-sign: its own checkpoint says what went, written in the
        same transaction. Once anything was signed, or a receipt was promised, nothing goes this way any more. About
        once a day, and never the newest `spare` records, whatever the clock says.
        """
        with self._database.write() as connection:
            if connection.execute(_ANYBODYS).fetchone()[0]:
                return 0
            first, newest = connection.execute("SELECT min(seq), max(seq) FROM promise").fetchone()
            recent = connection.execute("SELECT min(seq) FROM promise WHERE at >= ?", (written(before),)).fetchone()[0]
            last = min((newest or 0) - spare, recent - 1 if recent is not None else newest or 0)
            if first is None or last < first or not _older(connection, first, before - timedelta(days=1)):
                return 0
            gone = _promise(connection.execute("SELECT * FROM promise WHERE seq = ?", (last,)).fetchone())
            add(connection, CHECKPOINT, str(last), gone.fingerprint, self._database.stamp(), f"{first}-{last}")
            return connection.execute("DELETE FROM promise WHERE seq <= ?", (last,)).rowcount

    def beginning(self) -> tuple[Promise, str, str] | None:
        """The signed checkpoint, with key and signature, by which this chain begins later than at its first record.

        None where the chain is whole, where the centre knows of it, or before the device has signed.
        """
        query = (
            "SELECT * FROM promise WHERE kind = ? AND signature IS NOT NULL AND NOT EXISTS (SELECT 1 FROM witness)"
            " AND subject = (SELECT CAST(min(seq) - 1 AS TEXT) FROM promise)"
            " AND digest = (SELECT previous FROM promise ORDER BY seq LIMIT 1)"
        )
        with self._database.read() as connection:
            row = connection.execute(query, (CHECKPOINT,)).fetchone()
        return (_promise(row), row["key_id"], row["signature"]) if row else None

    def find(self, code: str) -> tuple[Promise, ...]:
        """The records behind a short code."""
        return tuple(promise for promise in self.all() if promise.code == code)

    def _promises(self, query: str, *values: int) -> tuple[Promise, ...]:
        with self._database.read() as connection:
            return tuple(map(_promise, connection.execute(query, values)))


def add(connection: sqlite3.Connection, kind: str, subject: str, digest: str, at: str, word: str = "") -> Promise:
    """Append a record within the caller's transaction."""
    last = connection.execute("SELECT * FROM promise ORDER BY seq DESC LIMIT 1").fetchone()
    before = _promise(last) if last else None
    found = connection.execute(_WORDS[kind], (subject,)).fetchone() if kind in _WORDS else None
    promise = Promise(
        before.chain if before else secrets.token_hex(8),
        before.seq + 1 if before else 1,
        at,
        kind,
        subject,
        found[0] if found else word,
        digest,
        before.fingerprint if before else START,
    )
    connection.execute(
        "INSERT INTO promise (seq, chain, at, kind, subject, word, digest, previous) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (promise.seq, promise.chain, at, kind, subject, promise.word, digest, promise.previous),
    )
    return promise


def _promise(row: sqlite3.Row) -> Promise:
    names = ("chain", "seq", "at", "kind", "subject", "word", "digest", "previous")
    return Promise(*(row[name] for name in names))


def _older(connection: sqlite3.Connection, seq: int, moment: datetime) -> bool:
    row = connection.execute("SELECT at < ? FROM promise WHERE seq = ?", (written(moment), seq)).fetchone()
    return bool(row and row[0])
