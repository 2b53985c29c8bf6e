"""In which order the outbox drains, and that it makes way for whoever is at the kiosk."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import cast

import pytest

from kiosk.core.events import SubmissionSeen
from kiosk.engine.clock import ZONE, SimulatedClock
from kiosk.engine.journal import Journal, open_journal
from kiosk.engine.outbox import OfflinePolicy
from kiosk.engine.ports import Away, CentralLink, Rejected, RequestAnswer, RequestOrder, Sealed
from kiosk.engine.tending import BACKLOG_S, CentralRounds

START = datetime(2026, 11, 23, 9, 0, tzinfo=ZONE)


@dataclass
class Centre:
    """Takes everything, and remembers in which order."""

    came: list[str] = field(default_factory=list)
    takes: bool = True

    def admits(self) -> bool:
        return self.takes

    def submit(self, order: RequestOrder) -> RequestAnswer | Away | Rejected:
        self.came.append(order.id)
        return RequestAnswer(order.id, "submitted", f"R-{order.id}", None, None)

    def settle(self, request: str) -> RequestAnswer | Away | Rejected:
        raise AssertionError(f"nothing of {request} is doubtful")


class Kiosk:
    """An outbox with a backlog, and somebody at the screen or not."""

    def __init__(self, folder: Path) -> None:
        self.centre = Centre()
        self.clock = SimulatedClock(START)
        self.put_back = timedelta()
        self.journal: Journal = open_journal(folder, self.clock.now)
        self.occupied = False
        self.rounds = CentralRounds(
            cast("CentralLink", self.centre),
            self.journal,
            OfflinePolicy(),
            lambda: self.clock.now() - self.put_back,
            Random(1),
            lambda: self.occupied,
        )

    def keep(self, name: str, age: timedelta) -> str:
        sealed = Sealed("k", "none", name)
        self.journal.outbox.enqueue(RequestOrder(name, "A4", "typed", (), sealed, START - age), {})
        return name

    def drained(self) -> list[str]:
        """Who went in one round."""
        before = len(self.centre.came)
        for _ in self.rounds.drain():
            pass
        return self.centre.came[before:]


@pytest.fixture
def kiosk(tmp_path: Path) -> Iterator[Kiosk]:
    kiosk = Kiosk(tmp_path)
    yield kiosk
    kiosk.journal.close()


def test_with_nobody_there_a_round_takes_all_that_it_may(kiosk: Kiosk) -> None:
    backlog = [kiosk.keep(f"old-{n:02}", timedelta(hours=2, minutes=-n)) for n in range(60)]
    assert kiosk.drained() == backlog[:50]
    assert kiosk.drained() == backlog[50:]


def test_while_somebody_is_there_the_backlog_goes_one_by_one_and_never_stands(kiosk: Kiosk) -> None:
    backlog = [kiosk.keep(f"old-{n:02}", timedelta(hours=2, minutes=-n)) for n in range(60)]
    kiosk.occupied = True
    for name in backlog[:3]:
        assert kiosk.drained() == [name]
        assert kiosk.drained() == [], "a moment later the machine is hers"
        kiosk.clock.advance(BACKLOG_S)
    kiosk.occupied = False
    assert kiosk.drained() == backlog[3:53]


def test_a_clock_that_is_put_back_does_not_hold_the_backlog_up(kiosk: Kiosk) -> None:
    backlog = [kiosk.keep(f"old-{n:02}", timedelta(hours=2, minutes=-n)) for n in range(3)]
    kiosk.occupied = True
    assert kiosk.drained() == backlog[:1]
    kiosk.put_back = timedelta(minutes=20)
    assert kiosk.drained() == backlog[1:2]


def test_her_own_request_goes_at_once_however_long_the_backlog_is(kiosk: Kiosk) -> None:
    backlog = [kiosk.keep(f"old-{n:02}", timedelta(hours=2, minutes=-n)) for n in range(60)]
    hers = kiosk.keep("hers", timedelta(seconds=1))
    kiosk.occupied = True
    assert kiosk.drained() == [hers]
    assert kiosk.drained() == backlog[:1]


def test_a_kiosk_that_the_centre_turns_away_offers_nothing_direct_until_it_is_taken_again(kiosk: Kiosk) -> None:
    assert list(kiosk.rounds.probe(lambda: True)) == [SubmissionSeen(offered=True, connected=True)]
    kiosk.centre.takes = False
    assert list(kiosk.rounds.probe(lambda: True)) == [SubmissionSeen(offered=False, connected=True)]
    kiosk.centre.takes = True
    assert list(kiosk.rounds.probe(lambda: True)) == [SubmissionSeen(offered=True, connected=True)]
