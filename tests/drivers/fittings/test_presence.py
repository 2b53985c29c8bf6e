"""Somebody steps before the sensor of presence, goes, comes back; its cable is pulled out while she stands there."""

import time
from collections.abc import Callable, Iterator

import pytest

from drivers.fittings.presence import WAKE_UP, Presence
from drivers.keys.events import DOWN, EV_KEY, HELD, UP, Input, pack
from drivers.sim.input import SimInput
from kiosk.domain.health import Offline, Ready


class Desk:
    """A simulated sensor, the driver on it, and what it told."""

    def __init__(self) -> None:
        self.sim = SimInput(name="presence")
        self.told: list[bool] = []
        self.presence = Presence(self.sim.url, self.told.append, jitter=lambda: 0.0)
        self.presence.start()
        self.until(lambda: self.presence.health() == Ready())

    def until(self, true: Callable[[], object]) -> None:
        deadline = time.monotonic() + 60
        while not true():
            assert time.monotonic() < deadline, self.told
            time.sleep(0.002)

    def close(self) -> None:
        self.presence.close()
        self.sim.close()


@pytest.fixture
def desk() -> Iterator[Desk]:
    one = Desk()
    yield one
    one.close()


def test_coming_and_going_are_told_once_each(desk: Desk) -> None:
    for somebody in (True, True, False, False, True):
        desk.sim.near(somebody=somebody)
    desk.until(lambda: len(desk.told) == 3)
    assert desk.told == [True, False, True]


def test_a_sensor_behind_the_overlay_of_a_key(desk: Desk) -> None:
    desk.sim.press("F1")
    desk.sim.raw(b"".join(pack(Input(EV_KEY, WAKE_UP, value)) for value in (DOWN, HELD, UP)))
    desk.until(lambda: len(desk.told) == 2)
    assert desk.told == [True, False]


def test_a_sensor_that_is_pulled_out_sees_nobody(desk: Desk) -> None:
    desk.sim.near(somebody=True)
    desk.until(lambda: desk.told == [True])
    desk.sim.unplug()
    desk.until(lambda: isinstance(desk.presence.health(), Offline))
    assert desk.told == [True, False]
    desk.sim.plug()
    desk.until(lambda: desk.presence.health() == Ready())
    desk.sim.near(somebody=True)
    desk.until(lambda: desk.told == [True, False, True])
