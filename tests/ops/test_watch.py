"""The board under the kiosk: a hot summer's day and a supply that sags, read from a twin of the kernel's folders."""

import logging
from pathlib import Path

import pytest

from kiosk.domain.health import Overheated, Ready, UnderVoltage, Unknown
from kiosk.ops.watch import SAG_HOLD_S, BoardWatch, celsius


class Board:
    """A machine whose sensors a test sets, and whose time it moves."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.seconds = 0.0
        self.watch = BoardWatch(root, lambda: self.seconds)

    def warmth(self, *degrees: float) -> None:
        for zone, each in enumerate(degrees):
            file = self.root / f"sys/class/thermal/thermal_zone{zone}/temp"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(f"{each * 1000:.0f}\n")

    def supply(self, *, low: bool) -> None:
        for number, name in enumerate(("cpu_thermal", "rpi_volt")):
            folder = self.root / f"sys/class/hwmon/hwmon{number}"
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "name").write_text(f"{name}\n")
            (folder / "in0_lcrit_alarm").write_text(f"{int(low)}\n")


@pytest.fixture
def board(tmp_path: Path) -> Board:
    return Board(tmp_path)


def test_a_machine_without_sensors_is_not_watched(board: Board) -> None:
    assert not board.watch.there
    assert board.watch.health() == Unknown()


def test_heat_is_told_once_with_its_remedy_and_ends_well_below(board: Board, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    said = []
    for degrees in (50.0, 81.0, 79.0, 76.0, 81.0, 74.0, 79.0):
        board.warmth(40.0, degrees)
        said.append(board.watch.health())
    assert board.watch.there
    assert said == [Ready(), Overheated(), Overheated(), Overheated(), Overheated(), Ready(), Ready()]
    assert [record.getMessage() for record in caplog.records] == [
        "board: overheated; clear the vents, check the fan, keep it out of the sun",
        "board: well again",
    ]


def test_a_sag_of_two_seconds_is_told_for_a_minute(board: Board, caplog: pytest.LogCaptureFixture) -> None:
    board.warmth(50.0)
    board.supply(low=False)
    assert board.watch.health() == Ready()
    board.supply(low=True)
    assert board.watch.health() == UnderVoltage()
    board.supply(low=False)
    board.seconds = SAG_HOLD_S - 1
    assert board.watch.health() == UnderVoltage()
    board.seconds = SAG_HOLD_S
    assert board.watch.health() == Ready()
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == [
        "board: under-voltage; use the board's own power supply and a short cable; feed the printer separately"
    ]


def test_the_supply_goes_before_the_heat(board: Board) -> None:
    board.warmth(90.0)
    board.supply(low=True)
    assert board.watch.health() == UnderVoltage()


@pytest.mark.parametrize("nonsense", ["", "hot", "-274000", "255000"])
def test_a_sensor_that_talks_nonsense_is_none(board: Board, nonsense: str) -> None:
    board.warmth(50.0, 60.0)
    (board.root / "sys/class/thermal/thermal_zone1/temp").write_text(nonsense)
    assert celsius(board.root) == 50.0
    assert board.watch.health() == Ready()
