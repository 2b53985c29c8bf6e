"""The kiosk's copy of the hub's log: followed page by page, begun anew when it must be, never led back."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk.engine.following import Follower
from kiosk.engine.journal.file import open_journal
from kiosk.engine.log_copy import FILE, LogCopy, read_copy
from kiosk.engine.ports import Away, LogEntry, LogPage

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


class Log:
    """A hub's log that is asked as the real one is."""

    def __init__(self, name: str = "first", epoch: int = 1, entries: int = 0) -> None:
        self.name, self.epoch = name, epoch
        self.entries = [
            LogEntry(epoch, n, "ticket", f"t{n}", "issue", "k", 1000 * n, "{}") for n in range(1, entries + 1)
        ]
        self.there = True
        self.asked = 0

    def log(self, after: tuple[int, int]) -> LogPage | Away:
        self.asked += 1
        if not self.there:
            return Away(ambiguous=False)
        page = [entry for entry in self.entries if (entry.epoch, entry.seq) > after]
        return LogPage(self.name, self.epoch, len(self.entries), tuple(page[:3]), len(page) > 3)


class _Link:
    """Leads to whichever log the kiosk has now."""

    def __init__(self, kiosk: "Kiosk") -> None:
        self._kiosk = kiosk

    def log(self, after: tuple[int, int]) -> LogPage | Away:
        return self._kiosk.log.log(after)


class Kiosk:
    def __init__(self, folder: Path, log: Log) -> None:
        self.log = log
        self.journal = open_journal(folder, lambda: NOW)
        self.copy = LogCopy(folder / FILE)
        self.follower = Follower(_Link(self), self.journal, self.copy, lambda: NOW)
        self.file = folder / FILE

    def __call__(self) -> list[int]:
        list(self.follower.follow())
        return [entry.seq for entry in read_copy(self.file)]

    def close(self) -> None:
        self.follower.close()
        self.journal.close()


@pytest.fixture
def kiosk(tmp_path: Path) -> Iterator[Kiosk]:
    kiosk = Kiosk(tmp_path, Log(entries=8))
    yield kiosk
    kiosk.close()


def test_it_catches_up_page_by_page_and_then_asks_for_what_is_new(kiosk: Kiosk) -> None:
    assert kiosk() == list(range(1, 9))
    before = kiosk.log.asked
    assert kiosk() == list(range(1, 9))
    assert kiosk.log.asked == before + 1


def test_a_hub_that_is_away_costs_one_question(kiosk: Kiosk) -> None:
    kiosk.log.there = False
    assert kiosk() == []
    assert kiosk.log.asked == 1


def test_a_hub_of_a_higher_epoch_is_told_the_day_once_and_a_lower_one_is_not_followed(kiosk: Kiosk) -> None:
    kiosk()
    for number, state in ((1, "printed"), (2, "void")):
        ticket = f"ticket-{number}"
        kiosk.journal.tickets.ask(ticket, "B3", "zh", NOW)
        kiosk.journal.tickets.issued(ticket, f"B00{number}", "2026-11-23", 0, None, None)
        if state == "printed":
            kiosk.journal.tickets.printed(ticket, "status")
        else:
            kiosk.journal.tickets.voided(ticket, "no paper")
    for todo in kiosk.journal.tickets.todo():
        kiosk.journal.tickets.todo_done(todo.n)
    first = kiosk.log
    kiosk.log = Log("second", 2, 4)
    assert kiosk() == [1, 2, 3, 4], "the copy is that of the new hub"
    told = [(todo.kind, todo.ticket.label, todo.word) for todo in kiosk.journal.tickets.todo()]
    assert told == [("report", "B001", "status"), ("void", "B002", "no paper")]
    kiosk()
    assert len(kiosk.journal.tickets.todo()) == 2, "told once"
    kiosk.log = first
    assert kiosk() == [1, 2, 3, 4]
    assert kiosk.follower.epoch == 2


def test_another_log_of_the_same_epoch_begins_anew(kiosk: Kiosk) -> None:
    kiosk()
    kiosk.log = Log("other", 1, 2)
    assert kiosk() == [1, 2]


def test_of_two_promoted_hubs_the_second_is_not_followed(kiosk: Kiosk, caplog: pytest.LogCaptureFixture) -> None:
    kiosk.log = Log("promoted", 2, 4)
    kiosk()
    kiosk.log = Log("promoted-too", 2, 6)
    assert kiosk() == kiosk() == [1, 2, 3, 4]
    assert kiosk.follower.followed == (2, "promoted")
    assert sum("two hubs of epoch 2" in record.message for record in caplog.records) == 1
    kiosk.log = Log("promoted-again", 3, 2)
    assert kiosk() == [1, 2]
    assert kiosk.follower.followed == (3, "promoted-again")


def test_what_a_hub_has_lost_from_its_end_is_kept_beside_the_copy(kiosk: Kiosk) -> None:
    kiosk()
    kiosk.log.entries = kiosk.log.entries[:5]
    assert kiosk() == [1, 2, 3, 4, 5]
    kept = kiosk.file.with_name(f"{FILE}.until-1-8")
    assert [entry.seq for entry in read_copy(kept)] == list(range(1, 9))


def test_the_epoch_is_known_after_a_restart(kiosk: Kiosk, tmp_path: Path) -> None:
    kiosk.log = Log("second", 2, 1)
    kiosk()
    again = Follower(kiosk.follower._link, kiosk.journal, kiosk.copy, lambda: NOW)
    assert again.epoch == 2


def test_a_damaged_copy_is_begun_anew_and_old_days_are_thrown_away(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"no database at all" * 100)
    copy = LogCopy(tmp_path / FILE)
    copy.begin("first")
    copy.append([LogEntry(1, n, "grant" if n == 1 else "ticket", "x", "issue", "k", n, "{}") for n in range(1, 6)])
    copy.prune(4)
    assert [entry.seq for entry in read_copy(tmp_path / FILE)] == [1, 4, 5]
    assert copy.place == (1, 5)
    copy.close()


def test_of_the_hall_only_what_still_stands_is_kept(tmp_path: Path) -> None:
    copy = LogCopy(tmp_path / FILE)
    copy.begin("first")
    told = [
        ("t1", "visit", "{}"), ("t1", "outcome", "{}"), ("t1", "rate", '{"level": 1}'), ("K1", "paper-change", "{}"),
        ("B3", "suspend", "{}"), ("B3", "take-up", "{}"), ("A4", "suspend", "{}"),
        ("N1", "book", '{"starts_ms": 50}'), ("N2", "book", '{"starts_ms": 5000}'), ("N2", "check-in", "{}"),
    ]  # fmt: skip
    rows = [LogEntry(1, n, "hall", what, verb, "k", n, data) for n, (what, verb, data) in enumerate(told, 1)]
    copy.append([*rows, LogEntry(1, 99, "hall", "t9", "visit", "k", 200, "{}")])
    copy.prune(100)
    left = [(entry.subject, entry.verb) for entry in read_copy(tmp_path / FILE)]
    assert left == [("A4", "suspend"), ("N2", "book"), ("N2", "check-in"), ("t9", "visit")]
    copy.close()
