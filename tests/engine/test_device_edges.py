"""What a job said of its device is where the next edge begins: a printer that is back at once is offered at once."""

from collections.abc import Iterator

import pytest

from kiosk.core import offers
from kiosk.core.events import HealthChanged
from kiosk.domain.health import Health, Offline, Ready, UnderVoltage
from kiosk.engine.asking import DeviceRounds
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


class Board:
    """A board whose condition a test sets."""

    def __init__(self) -> None:
        self.now: Health = Ready()

    def health(self) -> Health:
        return self.now


def test_the_board_is_watched_like_a_device_and_the_hub_is_told() -> None:
    board = Board()
    rounds = DeviceRounds(None, None, board=board)
    assert rounds.watches
    assert list(rounds.board()) == [HealthChanged("board", Ready())]
    assert list(rounds.board()) == []
    board.now = UnderVoltage()
    assert list(rounds.board()) == [HealthChanged("board", UnderVoltage())]
    assert rounds.words == {"board": "under-voltage"}


def test_a_board_that_sags_takes_nothing_away_from_the_citizen(theatre: PowerTheatre) -> None:
    before = offers.paper(theatre.kiosk.engine.state)
    theatre.post(HealthChanged("board", UnderVoltage()))
    state = theatre.kiosk.engine.state
    assert (state.parts.board, offers.paper(state), state.parts.camera) == (UnderVoltage(), before, None)


def test_she_may_print_again_as_soon_as_the_printer_is_back(theatre: PowerTheatre) -> None:
    theatre.fault("printer", "lost-mid-job")
    for action in ("ticket-only", "category:B", "service:B3", "take-ticket"):
        theatre.touch(action)
    assert not offers.paper(theatre.kiosk.engine.state)
    theatre.fault("printer", "ready")
    assert offers.paper(theatre.kiosk.engine.state)
    theatre.touch("choice:no")
    assert "补打" in theatre.papers()[-1]


def test_a_page_is_shown_with_its_scanner_already_as_it_wants_it(theatre: PowerTheatre) -> None:
    engine, scanner = theatre.kiosk.engine, theatre.tools.scanner
    looking, shown = [offers.scanning(engine.state)], []
    vars(scanner)["trigger"] = looking.append
    vars(engine)["_show"] = lambda view: shown.append((view.view, looking[-1], offers.scanning(engine.state)))
    for action in ("ticket-only", "category:B", "service:B3", "take-ticket", "finish"):
        theatre.touch(action)
    assert {on for _view, on, _wanted in shown} == {True, False}
    assert [(view, on) for view, on, _wanted in shown] == [(view, wanted) for view, _on, wanted in shown]
