"""Requests over a bad line: each exists exactly once at the end, and no receipt ever said more than was known."""

import argparse
import json
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from uuid import UUID

from kiosk.domain.request import SERVER_STATES
from kiosk.engine.clock import SystemClock
from kiosk.engine.journal import Journal, OutboxRow, open_journal
from kiosk.engine.mint import uuid7
from kiosk.engine.outbox import OfflinePolicy
from kiosk.engine.submission import Submission
from kiosk.engine.tending import CentralRounds
from kiosk.link.central import CentreLink
from kiosk.link.http import Times
from kiosk.ops.enrolment import Identity, enrol
from tests.central.world import BRANCH, close_world, mobile, open_world, resident_id
from tests.faults.line import BadLine

TIMES = Times(connect=2.0, read=0.3, whole=1.0)
"""A shorter patience than a citizen's: what counts is what happens when it ends."""
BATCH = 50


class Hasty(Random):
    """Jitter that takes no time: a campaign is about order and answers, not about waiting."""

    def random(self) -> float:
        return super().random() / 1e6


@dataclass
class Outcome:
    """What a campaign came to."""

    sent: int
    held: int
    doubled: int
    missing: int
    overclaimed: list[str]
    attempts: int
    faults: Counter[str] = field(default_factory=Counter)

    @property
    def ok(self) -> bool:
        """Whether everything held."""
        return self.sent == self.held and not (self.doubled or self.missing or self.overclaimed)


def order(number: int) -> dict[str, object]:
    """A request of a generated person."""
    return {
        "service": "A4",
        "applicant": {"kind": "resident_id", "number": resident_id(number % 999), "name": "测试员"},
        "fields": {"mobile": mobile(number)},
        "consents": ["correct", "sensitive"],
        "assurance": "typed",
    }


def held_by(database: Path) -> list[str]:
    """The id of each request that the centre holds; a row more than once is there more than once."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=30)
    try:
        return [str(UUID(row[0])) for row in connection.execute("SELECT client_request_id FROM requests")]
    finally:
        connection.close()


def overclaims(row: OutboxRow, held: set[str]) -> str:
    """What a receipt printed now would say that nobody knows; nothing if it is honest."""
    if row.server_state is not None and row.id not in held:
        return f"{row.id}: {row.server_state}, and the centre has never heard of it"
    if row.server_state is not None and (row.server_state not in SERVER_STATES or row.server_state != "submitted"):
        return f"{row.id}: {row.server_state}, and nobody at the centre said so"
    if row.state == "submitted" and row.sealed is not None:
        return f"{row.id}: delivered and not wiped"
    return ""


def drained(
    journal: Journal, rounds: CentralRounds, held: Callable[[], set[str]], ids: list[str], patience_s: float
) -> list[str]:
    """Drain until nothing waits, looking at what receipts would say after each pass."""
    found: list[str] = []
    end = time.monotonic() + patience_s
    while journal.outbox.summary(SystemClock().now()).count:
        for _ in rounds.drain():
            pass
        known = held()
        rows = [row for name in ids if (row := journal.outbox.get(name)) is not None]
        found += [said for row in rows if (said := overclaims(row, known))]
        if time.monotonic() > end:
            raise AssertionError("the outbox does not drain")
    return found


def run(folder: Path, requests: int, seed: int = 20261123, patience_s: float = 1700.0) -> Outcome:
    """Send so many requests over the bad line."""
    (folder / "centre").mkdir()
    world = open_world(folder / "centre")
    line = BadLine(world.url, Random(seed))
    state = folder / "kiosk"
    identity = enrol(world.url, world.server.claim(BRANCH), state, {})
    assert isinstance(identity, Identity)
    clock = SystemClock()
    journal = open_journal(state, clock.now)
    link = CentreLink(line.url, identity.key_id, identity.key, clock.now, times=TIMES)
    rounds = CentralRounds(link, journal, OfflinePolicy(max_items=10**6), clock.now, Hasty(seed))
    submission = Submission(journal, identity.sealer(), clock, uuid7, lambda: None)
    ids: list[str] = []
    found: list[str] = []
    try:
        for start in range(0, requests, BATCH):
            batch = [submission.save(order(number)) for number in range(start, min(start + BATCH, requests))]
            ids += batch
            found += drained(journal, rounds, lambda: set(held_by(world.database)), batch, patience_s)
        held = held_by(world.database)
        attempts = sum(row.attempts for name in ids if (row := journal.outbox.get(name)))
    finally:
        link.close()
        journal.close()
        line.close()
        close_world(world)
    doubled = len(held) - len(set(held))
    return Outcome(len(ids), len(set(held)), doubled, len(set(ids) - set(held)), found, attempts, line.done)


def main() -> int:
    """Run a campaign and print its outcome."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.campaign", description=__doc__)
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=20261123)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kiosk-campaign-") as folder:
        outcome = run(Path(folder), asked.requests, asked.seed)
    print(json.dumps({**vars(outcome), "faults": dict(outcome.faults), "ok": outcome.ok}, ensure_ascii=False, indent=1))
    return 0 if outcome.ok else 1


if __name__ == "__main__":
    sys.exit(main())
