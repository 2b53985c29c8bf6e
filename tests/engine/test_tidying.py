"""What nobody needs any more goes; what the hub or the centre must still be told stays, however old it is."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from kiosk.domain.promises import CHECKPOINT
from kiosk.engine.clock import ZONE, SimulatedClock
from kiosk.engine.journal.file import open_journal
from kiosk.engine.journal.journal import Journal
from kiosk.engine.ports import RequestOrder, Sealed
from kiosk.engine.tidying import PROMISES_KEPT, REQUESTS_KEPT, TICKETS_KEPT, tidy_round
from kiosk.ops.promises import audit

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


def guides(journal: Journal, clock: SimulatedClock, days: int, a_day: int = 3) -> None:
    """A kiosk prints so many slips on each of so many days, and tidies."""
    for _ in range(days):
        for _ in range(a_day):
            job = f"job-{clock.now():%j%H%M%S}"
            journal.jobs.start(job, "slip", "B3", "ab" * 32)
            journal.jobs.settle(job, "printed")
            clock.advance(60)
        clock.advance(timedelta(days=1).total_seconds() - 60 * a_day)
        journal.promises.retire_alone(clock.now() - PROMISES_KEPT, spare=20)


def test_a_kiosk_that_was_never_let_in_keeps_its_promises_for_a_month_and_its_chain_holds(
    journal: Journal, clock: SimulatedClock
) -> None:
    guides(journal, clock, 30)
    assert len(journal.promises.all()) == 180, "nothing is a month old yet"
    guides(journal, clock, 40)
    records = journal.promises.all()
    assert 180 <= len(records) < 240, "a month of papers, and a checkpoint for each day"
    assert records[0].seq > 200
    told = audit(journal.promises, None)
    assert (told.findings, told.witnessed) == ((), 0)
    [named] = [each for each in records if each.kind == CHECKPOINT and each.subject == str(records[0].seq - 1)]
    assert named.digest == records[0].previous
    assert journal.promises.beginning() is None, "it is not signed"


def test_what_goes_alone_is_written_down_so_that_less_is_found(journal: Journal, clock: SimulatedClock) -> None:
    guides(journal, clock, 40)
    with journal.promises._database.write() as connection:
        connection.execute("DELETE FROM promise WHERE seq = (SELECT min(seq) FROM promise)")
    assert [finding.what for finding in audit(journal.promises, None).findings] == [
        "it and all before it are not here, and no checkpoint declares that"
    ]


def test_what_was_signed_or_promised_to_a_citizen_with_a_receipt_goes_by_no_ones_word_alone(
    journal: Journal, clock: SimulatedClock
) -> None:
    guides(journal, clock, 5)
    journal.promises.sign({1: "c2ln"}, "key")
    clock.advance(timedelta(days=60).total_seconds())
    assert journal.promises.retire_alone(clock.now() - PROMISES_KEPT, spare=0) == 0


def test_a_receipt_keeps_the_chain(journal: Journal, clock: SimulatedClock) -> None:
    journal.jobs.start("job", "receipt", "request", "ab" * 32)
    clock.advance(timedelta(days=60).total_seconds())
    assert journal.promises.retire_alone(clock.now() - PROMISES_KEPT, spare=0) == 0


def test_a_clock_far_in_the_future_takes_no_more_than_the_oldest(journal: Journal, clock: SimulatedClock) -> None:
    guides(journal, clock, 5)
    clock.advance(timedelta(days=900).total_seconds())
    assert journal.promises.retire_alone(clock.now() - PROMISES_KEPT) == 0
    assert journal.promises.retire_alone(clock.now() - PROMISES_KEPT, spare=20) == 10
    assert journal.promises.retire_alone(clock.now() - PROMISES_KEPT, spare=20) == 1


def test_a_slips_print_job_goes_after_its_time_and_a_doubtful_one_stays(
    journal: Journal, clock: SimulatedClock
) -> None:
    for job, state in (("done", "printed"), ("asked", "unknown")):
        journal.jobs.start(job, "slip", "B3", "ab" * 32)
        journal.jobs.settle(job, state)  # type: ignore[arg-type]
    later(journal, clock, TICKETS_KEPT - timedelta(minutes=1))
    assert len(journal.jobs.of("B3")) == 2
    later(journal, clock, timedelta(minutes=2))
    assert [job.id for job in journal.jobs.of("B3")] == ["asked"]
