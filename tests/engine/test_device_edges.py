"""What a job said of its device is where the next edge begins: a printer that is back at once is offered at once."""

from collections.abc import Iterator

import pytest

from kiosk.core import offers
from kiosk.core.events import HealthChanged
from kiosk.domain.health import Health, Offline, Ready
from kiosk.engine.tending import DeviceRounds
from tests.engine.power import PowerTheatre


class Always:
    """A printer that is ready whenever it is asked."""

    def health(self) -> Health:
        return Ready()


@pytest.fixture
def theatre() -> Iterator[PowerTheatre]:
    theatre = PowerTheatre()
    yield theatre
    theatre.close()


def test_a_printer_that_failed_in_a_job_and_is_ready_when_asked_next_is_news() -> None:
    rounds = DeviceRounds(Always(), None)  # type: ignore[arg-type]
    assert list(rounds.printer()) == [HealthChanged("printer", Ready())]
    assert list(rounds.printer()) == []
    rounds.heard("printer", Offline("lost"))
    assert list(rounds.printer()) == [HealthChanged("printer", Ready())]


def test_she_may_print_again_as_soon_as_the_printer_is_back(theatre: PowerTheatre) -> None:
    theatre.fault("printer", "lost-mid-job")
    for action in ("ticket-only", "category:B", "service:B3", "take-ticket"):
        theatre.touch(action)
    assert not offers.paper(theatre.kiosk.engine.state)
    theatre.fault("printer", "ready")
    assert offers.paper(theatre.kiosk.engine.state)
    theatre.touch("choice:no")
    assert "补打" in theatre.papers()[-1]
