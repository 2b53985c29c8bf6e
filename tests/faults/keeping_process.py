"""Keeps requests and tickets in the kiosk's journal, or requests at a centre, and notes each as acknowledged."""

import os
import sqlite3
import sys
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Pool, event

from kiosk.engine.journal import file as journal_file
from kiosk.engine.journal import open_journal
from kiosk.engine.mint import uuid7
from kiosk.engine.ports import RequestOrder, Sealed
from tests.central.world import content, open_world

SMALL_LOG = "PRAGMA wal_autocheckpoint = 100"
"""So that the log is folded into the file more than once within a short run, and not after every commit."""
NUMBERS = range(501, 99999)


def now() -> datetime:
    return datetime.now(UTC)


class Acknowledged:
    """The file in which each kept name is noted once whoever waited for it has been told."""

    def __init__(self, database: Path) -> None:
        self._file = os.open(f"{database}.ack", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def note(self, name: str) -> None:
        os.write(self._file, f"{name}\n".encode())


def kiosk(folder: Path, rounds: int, synchronous: str) -> None:
    """A request confirmed, a ticket out of the emergency range, another request delivered: again and again."""
    journal_file._PRAGMAS = (*journal_file._PRAGMAS, f"PRAGMA synchronous = {synchronous}", SMALL_LOG)  # type: ignore[assignment]
    journal = open_journal(folder, now)
    told = Acknowledged(folder / journal_file.NAME)
    for number in range(rounds):
        request, ticket = uuid7(), uuid7()
        sealed = Sealed("k", "none", "s" * 600)
        journal.outbox.enqueue(RequestOrder(request, "A4", "typed", (), sealed, now()), {"rows": []})
        told.note(f"request:{request}")
        journal.tickets.ask(ticket, "B3", "zh", now())
        label = journal.tickets.emergency(ticket, "B", "2026-11-23", NUMBERS, None, now())
        told.note(f"ticket:{label}")
        if number % 5 == 4:
            # Wiping empties the log at once; in between it grows.
            journal.outbox.answered(request, f"R{number}", "submitted", None, now())
            told.note(f"wiped:{request}")
    os._exit(0)  # nothing is closed in order: what was not synced by now never will be


def centre(folder: Path, rounds: int, synchronous: str) -> None:
    """Signed and sealed requests over HTTP to a service of this process; noted when the answer is there."""

    @event.listens_for(Pool, "checkout")
    def _weaken(connection: sqlite3.Connection, _record: object, _proxy: object) -> None:
        connection.execute(f"PRAGMA synchronous = {synchronous}")
        connection.execute(SMALL_LOG)

    world = open_world(folder)
    told = Acknowledged(world.database)
    device = world.device()
    for number in range(rounds):
        order = device.order(content(number))
        answer = device.submit(order)
        assert answer.status_code == 201, answer.text
        told.note(str(order["client_request_id"]))
    os._exit(0)


if __name__ == "__main__":
    {"kiosk": kiosk, "centre": centre}[sys.argv[1]](Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
