"""How long a request has waited, whatever is done to the wall clock: nothing expires by a clock that cannot be so."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.engine.ages import PLAUSIBLE, Up, waited_s
from kiosk.engine.clock import ZONE
from kiosk.engine.journal import open_journal
from kiosk.engine.ports import RequestOrder, Sealed

START = datetime(2026, 11, 23, 9, 0, tzinfo=ZONE)
HOUR = 3600.0
DAY = 24 * HOUR
LIMIT = timedelta(hours=24)


@given(st.floats(-3 * 365 * DAY, 3 * 365 * DAY), st.floats(0, 30 * DAY))
def test_within_one_start_of_the_machine_the_wall_clock_says_nothing(wall: float, lived: float) -> None:
    since, now = Up("a", 100.0), Up("a", 100.0 + lived)
    assert waited_s(START, START + timedelta(seconds=wall), since, now) == pytest.approx(lived)


@pytest.mark.parametrize(
    ("wall_s", "up_s", "trusted", "waited"),
    [
        (25 * HOUR, HOUR, False, 25 * HOUR),
        (73 * HOUR, 60, False, 73 * HOUR),
        (2 * 365 * DAY, HOUR, False, HOUR),
        (2 * 365 * DAY, HOUR, True, 2 * 365 * DAY),
        (-2 * 365 * DAY, HOUR, False, HOUR),
        (-HOUR, 60, True, 60),
        (PLAUSIBLE.total_seconds() + HOUR, HOUR, False, PLAUSIBLE.total_seconds() + HOUR),
    ],
)
def test_across_a_restart_the_wall_clock_is_believed_as_far_as_it_is_plausible(
    wall_s: float, up_s: float, trusted: bool, waited: float
) -> None:
    now = START + timedelta(seconds=wall_s)
    assert waited_s(START, now, Up("a", 5000.0), Up("b", up_s), trusted=trusted) == waited


class Machine:
    """A machine whose two clocks are moved apart."""

    def __init__(self) -> None:
        self.wall, self.up = START, Up("a", 500.0)

    def pass_by(self, seconds: float) -> None:
        self.wall += timedelta(seconds=seconds)
        self.up = Up(self.up.boot, self.up.seconds + seconds)

    def restart(self, off_s: float, wall: Callable[[datetime], datetime] = lambda wall: wall) -> None:
        self.wall = wall(self.wall + timedelta(seconds=off_s))
        self.up = Up(self.up.boot + "x", 30.0)


def expired(folder: Path, deeds: Callable[[Machine], None]) -> bool:
    machine = Machine()
    journal = open_journal(folder, lambda: machine.wall, lambda: machine.up)
    order = RequestOrder("r", "A4", "typed", (), Sealed("k", "a", "c2VhbGVk"), machine.wall)
    journal.outbox.enqueue(order, {})
    journal.outbox.contact(machine.wall)
    deeds(machine)
    journal.close()
    journal = open_journal(folder, lambda: machine.wall, lambda: machine.up)
    gone = journal.outbox.expire(machine.wall, LIMIT)
    row = journal.outbox.get("r")
    assert row is not None
    assert (row.sealed is None) == bool(gone) == (row.state == "expired")
    assert [each.id for each, _ in journal.outbox.expired_since(machine.wall - LIMIT)] == [each.id for each in gone]
    journal.close()
    return bool(gone)


def years(count: int) -> Callable[[datetime], datetime]:
    return lambda wall: wall + timedelta(days=365 * count)


def test_a_clock_two_years_ahead_expires_nothing(tmp_path: Path) -> None:
    def jump(machine: Machine) -> None:
        machine.wall = years(2)(machine.wall)

    assert not expired(tmp_path, jump)


def test_a_clock_two_years_ahead_after_a_restart_expires_nothing(tmp_path: Path) -> None:
    assert not expired(tmp_path, lambda machine: machine.restart(60, years(2)))


def test_a_clock_that_goes_back_expires_nothing_too_early_and_nothing_too_late(tmp_path: Path) -> None:
    def back(machine: Machine) -> None:
        machine.wall = years(-2)(machine.wall)
        machine.pass_by(23 * HOUR)

    def later(machine: Machine) -> None:
        back(machine)
        machine.pass_by(2 * HOUR)

    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    assert not expired(tmp_path / "one", back)
    assert expired(tmp_path / "two", later)


def test_three_days_without_a_network_expire_it(tmp_path: Path) -> None:
    assert expired(tmp_path, lambda machine: machine.pass_by(73 * HOUR))


def test_three_days_switched_off_expire_it(tmp_path: Path) -> None:
    assert expired(tmp_path, lambda machine: machine.restart(73 * HOUR))
