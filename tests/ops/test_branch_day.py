"""The centre sees the branch's day: every ticket once, whichever kiosk tells it, and nothing about anybody."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from central import branch_day
from kiosk.engine.journal import open_journal
from kiosk.engine.log_copy import FILE, LogCopy
from kiosk.engine.ports import LogEntry
from kiosk.ops.branch_day import BATCH, ELSEWHERE, BranchDay
from kiosk.ops.enrolment import Identity, enrol
from tests.central.world import BRANCH, World, close_world, open_world

LOG = "0d5c7c3c-91b0-4a62-b0f1-9f2a53a2b001"
SECRET = "a-clerks-note"


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[World]:
    (tmp_path / "centre").mkdir()
    world = open_world(tmp_path / "centre")
    yield world
    close_world(world)


class Kiosk:
    """An enrolled kiosk with a copy of the hub's log."""

    def __init__(self, centre: World, folder: Path, *, beside_hub: bool = True) -> None:
        identity = enrol(centre.url, centre.server.claim(BRANCH), folder, {})
        assert isinstance(identity, Identity)
        self.copy = LogCopy(folder / FILE)
        self.copy.begin(LOG)
        self.journal = open_journal(folder, centre.clock)
        self.link = identity.link(centre.clock)
        self.day = BranchDay(folder, self.journal.meta, self.link, BRANCH, centre.clock, beside_hub=beside_hub)

    def close(self) -> None:
        self.link.close()
        self.journal.close()
        self.copy.close()


@pytest.fixture
def kiosk(centre: World, tmp_path: Path) -> Iterator[Kiosk]:
    opened = Kiosk(centre, tmp_path / "kiosk")
    yield opened
    opened.close()


def entries(centre: World, tickets: int, first: int = 1, *, now: bool = False) -> list[LogEntry]:
    """Tickets that were issued a minute ago, or yesterday at noon, and called six minutes later."""
    found: list[LogEntry] = []
    noon = centre.clock().replace(hour=12) - timedelta(days=1)
    begins = int((centre.clock() - timedelta(minutes=1) if now else noon).timestamp() * 1000)
    for number in range(tickets):
        row = {"service": "B3", "label": f"B{number + 1:03d}", "issued_ms": begins, "note": SECRET,
               "status_token": SECRET, "counter": 2}  # fmt: skip
        for verb, state, at_ms in (("confirm", "waiting", begins), ("call", "called", begins + 360_000)):
            data = json.dumps({**row, "state": state})
            seq = first + len(found)
            found.append(LogEntry(1, seq, "ticket", f"t-{first}-{number}", verb, "W1", at_ms, data))
    return found


def seen(centre: World) -> branch_day.Day:
    service = centre.server._running()
    with service.store.read() as session:
        days = [branch_day.day_of(service, session, BRANCH, day) for day in _days(centre)]
    return max(days, key=lambda day: day.tickets)


def _days(centre: World) -> list[date]:
    today = centre.clock().date()
    return [today, today - timedelta(days=1)]


def test_what_the_hub_logged_is_the_day_that_the_centre_shows(centre: World, kiosk: Kiosk) -> None:
    kiosk.copy.append(entries(centre, 5))
    kiosk.copy.append([LogEntry(1, 11, "counter", "2", "open", "W1", 0, json.dumps({"clerk": SECRET}))])
    list(kiosk.day.work())
    list(kiosk.day.work())
    day = seen(centre)
    assert (day.tickets, day.called, day.wait_median) == (5, 5, 6)
    assert SECRET not in (centre.database).read_bytes().decode("latin-1")
    assert SECRET not in centre.database.with_name("central.db-wal").read_bytes().decode("latin-1")


def test_more_than_a_batch_and_what_comes_later(centre: World, kiosk: Kiosk) -> None:
    kiosk.copy.append(entries(centre, BATCH // 2 + 3))
    list(kiosk.day.work())
    kiosk.copy.append(entries(centre, 2, first=BATCH + 100))
    list(kiosk.day.work())
    assert seen(centre).tickets == BATCH // 2 + 5


def test_a_second_kiosk_tells_later_and_nothing_twice(centre: World, kiosk: Kiosk, tmp_path: Path) -> None:
    other = Kiosk(centre, tmp_path / "other", beside_hub=False)
    try:
        other.copy.append(entries(centre, 3, now=True))
        list(other.day.work())
        assert seen(centre).tickets == 0, "the kiosk beside the hub has its time first"
        kiosk.copy.append(entries(centre, 3, now=True))
        list(kiosk.day.work())
        assert seen(centre).tickets == 3
        centre.clock.offset = ELSEWHERE * 2
        list(other.day.work())
        assert seen(centre).tickets == 3
    finally:
        other.close()


def test_without_a_line_it_waits_and_with_another_log_it_begins_anew(centre: World, kiosk: Kiosk) -> None:
    kiosk.copy.append(entries(centre, 2))
    centre.server.stop()
    list(kiosk.day.work())
    assert kiosk.journal.meta.get("branch-day") is None
    kiosk.copy.begin("another-log")
    kiosk.copy.append(entries(centre, 1))
    kiosk.journal.meta.set("branch-day", json.dumps({"log": LOG, "place": [9, 9]}))
    list(kiosk.day.work())
    assert json.loads(kiosk.journal.meta.get("branch-day") or "")["place"] == [9, 9]
