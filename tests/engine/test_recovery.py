"""What a start finds cut short: pages for those who stood at the screen, none for requests that came by command."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.core.events import RequestRecovered
from kiosk.engine.clock import SystemClock
from kiosk.engine.journal import Journal, open_journal
from kiosk.engine.mint import uuid7
from kiosk.engine.ports import RequestOrder, Sealed
from kiosk.engine.recovery import LOOK_BACK, recovered
from kiosk.engine.submission import Submission
from tests.faults.campaign import order

CLOCK = SystemClock()


class Plain:
    """Seals nothing: who reads it is no question here."""

    def seal(self, request: str, service: str, personal: bytes) -> Sealed:
        return Sealed("k", "none", f"{request}{service}{len(personal)}")


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    journal = open_journal(tmp_path, CLOCK.now)
    yield journal
    journal.close()


def at_the_screen(journal: Journal, minutes_ago: float = 0.0) -> str:
    name = uuid7()
    captured = CLOCK.now() - timedelta(minutes=minutes_ago)
    request = RequestOrder(name, "A4", "typed", (), Sealed("k", "none", name), captured)
    journal.outbox.enqueue(request, {"rows": [["id", "****1234"]], "language": "en"})
    return name


def found(journal: Journal) -> list[str]:
    events = list(recovered(journal, CLOCK.now(), "zh"))
    assert all(isinstance(event, RequestRecovered) for event in events)
    return [event.request for event in events if isinstance(event, RequestRecovered)]


def test_requests_by_command_have_no_citizen_to_come_back_to(journal: Journal) -> None:
    submission = Submission(journal, Plain(), CLOCK, uuid7, lambda: None)
    for number in range(300):
        submission.save(order(number))
    hers = at_the_screen(journal)
    assert found(journal) == [hers]


def test_the_newest_comes_first_and_an_old_one_not_at_all(journal: Journal) -> None:
    at_the_screen(journal, LOOK_BACK.total_seconds() / 60 + 1)
    older, newer = at_the_screen(journal, 5), at_the_screen(journal, 1)
    assert found(journal) == [newer, older]


def test_a_receipt_that_is_settled_is_not_asked_about_again(journal: Journal) -> None:
    held, doubtful = at_the_screen(journal, 2), at_the_screen(journal, 1)
    journal.jobs.held(held)
    journal.jobs.start("job", "receipt", doubtful, "digest")
    (event,) = recovered(journal, CLOCK.now(), "zh")
    assert isinstance(event, RequestRecovered)
    assert (event.request, event.printing, event.language) == (doubtful, True, "en")


def test_what_has_expired_says_so(journal: Journal) -> None:
    hers = at_the_screen(journal, 3)
    journal.outbox.expire(CLOCK.now(), timedelta(minutes=1))
    (event,) = recovered(journal, CLOCK.now(), "zh")
    assert isinstance(event, RequestRecovered)
    assert (event.request, event.state) == (hers, "expired")
