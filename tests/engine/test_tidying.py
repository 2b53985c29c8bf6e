"""What nobody needs any more goes; what the hub or the centre must still be told stays, however old it is."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from kiosk.engine.clock import ZONE, SimulatedClock
from kiosk.engine.journal.file import open_journal
from kiosk.engine.journal.journal import Journal
from kiosk.engine.ports import RequestOrder, Sealed
from kiosk.engine.tidying import REQUESTS_KEPT, TICKETS_KEPT, tidy_round

START = datetime(2026, 11, 23, 9, 0, tzinfo=ZONE)


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(START)


@pytest.fixture
def journal(tmp_path: Path, clock: SimulatedClock) -> Iterator[Journal]:
    journal = open_journal(tmp_path, clock.now)
    yield journal
    journal.close()


def later(journal: Journal, clock: SimulatedClock, by: timedelta) -> None:
    clock.advance(by.total_seconds())
    assert list(tidy_round(journal, clock.now).work()) == []


def test_a_settled_ticket_goes_after_its_time(journal: Journal, clock: SimulatedClock) -> None:
    for name in ("told", "untold"):
        journal.tickets.ask(name, "B3", "zh", START)
        journal.tickets.issued(name, f"B00{len(name)}", "2026-11-23", 0, None, None)
        journal.tickets.on_screen(name)
    journal.tickets.todo_done(journal.tickets.todo()[0].n)
    later(journal, clock, TICKETS_KEPT - timedelta(minutes=1))
    assert journal.tickets.get("told") is not None
    later(journal, clock, timedelta(minutes=2))
    assert journal.tickets.get("told") is None
    assert journal.tickets.get("untold") is not None
    assert [todo.ticket.id for todo in journal.tickets.todo()] == ["untold"]


def test_an_arrived_request_goes_after_its_time(journal: Journal, clock: SimulatedClock) -> None:
    for name in ("arrived", "waiting"):
        journal.outbox.enqueue(RequestOrder(name, "A4", "typed", (), Sealed("k", "a", "c"), START), {})
    journal.outbox.answered("arrived", "XN-1", "submitted", None, START)
    later(journal, clock, REQUESTS_KEPT - timedelta(minutes=1))
    assert journal.outbox.get("arrived") is not None
    later(journal, clock, timedelta(minutes=2))
    assert journal.outbox.get("arrived") is None
    assert journal.outbox.get("waiting") is not None
