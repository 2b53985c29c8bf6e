"""Tickets in the journal: a number is given once, and the hub is told everything exactly once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from kiosk.domain.visit import Booking
from kiosk.engine.clock import ZONE, SimulatedClock
from kiosk.engine.journal import Journal, Todo, open_journal
from kiosk.engine.ports import Wait

START = datetime(2026, 11, 23, 9, 0, tzinfo=ZONE)
DAY = "2026-11-23"
RANGE = range(501, 600)


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(START)


@pytest.fixture
def journal(tmp_path: Path, clock: SimulatedClock) -> Iterator[Journal]:
    journal = open_journal(tmp_path, clock.now)
    yield journal
    journal.close()


def told(journal: Journal) -> list[tuple[str, str, str]]:
    return [(todo.kind, todo.ticket.id, todo.word) for todo in journal.tickets.todo()]


def issue(journal: Journal, ticket: str = "t") -> None:
    journal.tickets.ask(ticket, "B3", "zh", START)
    journal.tickets.issued(ticket, "B012", DAY, 3, Wait(300, 600), None)


def test_a_ticket_from_press_to_paper(journal: Journal) -> None:
    issue(journal)
    assert journal.tickets.printing("t", "job", "digest").state == "printing"
    row = journal.tickets.printed("t", "process-id")
    assert (row.state, row.label, row.printed_by, row.ahead, row.wait) == (
        "printed",
        "B012",
        "process-id",
        3,
        Wait(300, 600),
    )
    assert told(journal) == [("confirm", "t", "process-id")]
    assert journal.jobs.unsettled() == ()
    assert journal.tickets.unfinished() == ()


def test_asking_twice_is_asking_once(journal: Journal) -> None:
    first = journal.tickets.ask("t", "B3", "zh", START)
    assert journal.tickets.ask("t", "B3", "zh", START + timedelta(seconds=9)) == first
    assert journal.tickets.ask("u", "B3", "zh", START).seq == first.seq + 1
    with pytest.raises(ValueError, match="minted once"):
        journal.tickets.ask("t", "A1", "zh", START)


def test_every_attempt_sends_the_same_order(journal: Journal) -> None:
    first = journal.tickets.ask("t", "B3", "en", START + timedelta(microseconds=123456))
    again = journal.tickets.get("t")
    assert again is not None
    assert again.order("K1") == first.order("K1")


def test_the_citizen_gets_it_twice_and_the_hub_hears_it_once(journal: Journal) -> None:
    issue(journal)
    journal.tickets.on_screen("t")
    journal.tickets.printing("t", "job", "digest")
    journal.tickets.printed("t", "barrier")
    journal.tickets.printed("t", "barrier")
    assert told(journal) == [("confirm", "t", "screen")]


def test_paper_in_doubt_is_asked_about_after_a_restart(tmp_path: Path, clock: SimulatedClock) -> None:
    journal = open_journal(tmp_path, clock.now)
    issue(journal)
    journal.tickets.printing("t", "job", "digest")
    journal.close()
    journal = open_journal(tmp_path, clock.now)
    assert [(job.id, job.state) for job in journal.jobs.unsettled()] == [("job", "sending")]
    assert [(row.id, row.state) for row in journal.tickets.unfinished()] == [("t", "printing")]
    journal.tickets.doubtful("t")
    assert journal.jobs.unsettled()[0].state == "unknown"
    journal.tickets.voided("t", "no-paper")
    assert told(journal) == [("void", "t", "no-paper")]
    journal.close()


def test_no_paper_for_certain_goes_back_to_issued(journal: Journal) -> None:
    issue(journal)
    journal.tickets.printing("t", "job", "digest")
    assert journal.tickets.unprinted("t").state == "issued"
    assert journal.jobs.last() is not None
    assert journal.jobs.of("t")[0].state == "failed"
    assert told(journal) == []


def test_a_reprint_that_fails_takes_nothing_away(journal: Journal) -> None:
    issue(journal)
    journal.tickets.printing("t", "job-1", "digest")
    journal.tickets.printed("t", "status")
    journal.tickets.printing("t", "job-2", "digest")
    assert journal.tickets.unprinted("t").state == "printed"
    assert [job.state for job in journal.jobs.of("t")] == ["printed", "failed"]


def test_an_answer_that_comes_too_late_changes_nothing(journal: Journal) -> None:
    journal.tickets.ask("t", "B3", "zh", START)
    journal.tickets.voided("t", "left")
    assert journal.tickets.issued("t", "B012", DAY, 3, None, None).state == "void"
    assert journal.tickets.printing("t", "job", "digest").state == "void"
    assert journal.tickets.printed("t", "status").state == "void"
    assert journal.jobs.last() is None
    assert told(journal) == [("orphan", "t", "left")]


def test_what_the_hub_refused_needs_no_word(journal: Journal) -> None:
    journal.tickets.ask("t", "B3", "zh", START)
    assert journal.tickets.lost("t", "counter-closed").state == "lost"
    assert journal.tickets.voided("t", "left").state == "lost"
    assert told(journal) == []


def test_an_unknown_ticket_is_a_key_error(journal: Journal) -> None:
    with pytest.raises(KeyError):
        journal.tickets.printed("nobody", "status")
    with pytest.raises(KeyError):
        journal.tickets.emergency("nobody", "B", DAY, RANGE, None, START)


def test_cut_off_before_anything_was_sent(journal: Journal) -> None:
    journal.tickets.ask("t", "B3", "zh", START)
    assert journal.tickets.emergency("t", "B", DAY, RANGE, None, START) == "B501"
    assert journal.tickets.emergency("t", "B", DAY, RANGE, None, START) == "B501"
    assert told(journal) == []
    journal.tickets.printing("t", "job", "digest")
    journal.tickets.printed("t", "process-id")
    assert told(journal) == [("report", "t", "process-id")]
    journal.tickets.voided("t", "thrown-away")
    assert told(journal) == [("report", "t", "process-id"), ("void", "t", "thrown-away")]


def test_cut_off_after_the_order_may_have_arrived(journal: Journal) -> None:
    journal.tickets.ask("first", "B3", "en", START)
    assert journal.tickets.emergency("second", "B", DAY, RANGE, "first", START) == "B501"
    orphan, row = journal.tickets.get("first"), journal.tickets.get("second")
    assert orphan is not None
    assert row is not None
    assert (orphan.state, row.service, row.language, row.offline, row.orphan_of) == ("void", "B3", "en", True, "first")
    assert told(journal) == [("orphan", "first", "replaced")]


def test_an_emergency_ticket_without_paper_is_unknown_to_the_hub(journal: Journal) -> None:
    journal.tickets.ask("t", "B3", "zh", START)
    journal.tickets.emergency("t", "B", DAY, RANGE, None, START)
    journal.tickets.voided("t", "no-paper")
    assert told(journal) == []


def test_each_letter_and_day_has_its_own_emergency_numbers(journal: Journal) -> None:
    labels = []
    for number, (letter, day) in enumerate([("A", DAY), ("B", DAY), ("A", DAY), ("A", "2026-11-24")]):
        journal.tickets.ask(f"t{number}", "B3", "zh", START)
        labels.append(journal.tickets.emergency(f"t{number}", letter, day, RANGE, None, START))
    assert labels == ["A501", "B501", "A502", "A501"]


def test_a_range_that_is_used_up_gives_none_and_changes_nothing(journal: Journal) -> None:
    for number in range(3):
        journal.tickets.ask(f"t{number}", "B3", "zh", START)
        label = journal.tickets.emergency(f"t{number}", "B", DAY, range(501, 503), None, START)
        assert label == (f"B{501 + number}" if number < 2 else None)
    assert journal.tickets.emergency("new", "B", DAY, range(501, 503), "t2", START) is None
    assert journal.tickets.get("new") is None
    last = journal.tickets.get("t2")
    assert last is not None
    assert last.state == "asked"
    assert told(journal) == []


def test_a_voided_emergency_number_is_never_given_again(journal: Journal) -> None:
    for number in range(2):
        journal.tickets.ask(f"t{number}", "B3", "zh", START)
        assert journal.tickets.emergency(f"t{number}", "B", DAY, RANGE, None, START) == f"B{501 + number}"
        journal.tickets.voided(f"t{number}", "no-paper")


def test_emergency_numbers_are_unique_among_threads_and_restarts(tmp_path: Path, clock: SimulatedClock) -> None:
    labels: list[str | None] = []
    for start in range(3):
        journal = open_journal(tmp_path, clock.now)

        def one(number: int, journal: Journal = journal, start: int = start) -> str | None:
            ticket = f"{start}-{number}"
            journal.tickets.ask(ticket, "C1", "zh", START)
            return journal.tickets.emergency(ticket, "C", DAY, RANGE, None, START)

        with ThreadPoolExecutor(8) as pool:
            labels += pool.map(one, range(20))
        journal.close()
    assert sorted(map(str, labels)) == [f"C{number}" for number in range(501, 561)]


def test_what_the_hub_was_told_is_not_told_again(journal: Journal) -> None:
    issue(journal)
    journal.tickets.printed("t", "status")
    journal.tickets.voided("t", "thrown-away")
    first, second = journal.tickets.todo()
    journal.tickets.todo_done(first.n)
    journal.tickets.todo_failed(second.n, "state-conflict")
    assert journal.tickets.todo() == ()
    assert journal.tickets.todo_refused() == ((Todo(second.n, "void", "thrown-away", second.ticket), "state-conflict"),)


def test_only_what_is_settled_is_pruned(journal: Journal, clock: SimulatedClock) -> None:
    for ticket in ("told", "untold", "open"):
        journal.tickets.ask(ticket, "B3", "zh", START)
        journal.tickets.issued(ticket, f"B-{ticket}", DAY, 0, None, None)
    journal.tickets.printed("told", "status")
    journal.tickets.todo_done(journal.tickets.todo()[0].n)
    journal.tickets.printed("untold", "status")
    clock.advance(3 * 86400)
    assert journal.tickets.prune(clock.now()) == 1
    assert journal.tickets.get("told") is None
    assert [row.id for row in journal.tickets.unfinished()] == ["open"]
    assert told(journal) == [("confirm", "untold", "status")]
    assert journal.tickets.ask("next", "B3", "zh", clock.now()).seq == 4


def test_meta_is_remembered(tmp_path: Path, clock: SimulatedClock) -> None:
    journal = open_journal(tmp_path, clock.now)
    journal.meta.set("business_date", DAY)
    journal.meta.set("business_date", "2026-11-24")
    journal.close()
    journal = open_journal(tmp_path, clock.now)
    assert (journal.meta.get("business_date"), journal.meta.get("other")) == ("2026-11-24", None)
    journal.close()


def test_needs_and_booking_are_asked_for_again_after_a_crash_and_needs_alone_when_cut_off(journal: Journal) -> None:
    booking = Booking("BOOK-1", START)
    journal.tickets.ask("t", "B3", "zh", START, (), ("guide",), booking)
    row = journal.tickets.get("t")
    assert row is not None
    assert (row.order("K1").needs, row.order("K1").booking, row.booking) == (("guide",), "BOOK-1", booking)
    journal.tickets.emergency("u", "B", DAY, RANGE, "t", START)
    instead = journal.tickets.get("u")
    assert instead is not None
    assert (instead.needs, instead.booking) == (("guide",), None)
