"""The camera over the tray: it learns while nobody is there, looks when somebody has gone, and sleeps otherwise."""

import threading
import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from drivers.camera.frame import Frame
from drivers.camera.reading import Gray
from drivers.camera.tray import TrayCamera, open_tray
from kiosk.domain.errors import Refusal
from tests.drivers.camera.trays import relit, seen, with_card

BARE = seen(2)
CARD = with_card(BARE, np.random.default_rng(3))


class Lens:
    """Frames as a camera gives them, one after the other, of what a test has laid there."""

    def __init__(self) -> None:
        self.lies: Gray | None = BARE
        self.watched = 0
        self.moves = False
        self.looks = 0
        self._number = 0
        self._rng = np.random.default_rng(5)
        self._lock = threading.Lock()

    def watch(self, on: bool) -> None:
        self.watched += 1 if on else -1
        self.looks += on

    def newest(self, after: int, within_s: float) -> Frame | None:
        assert self.watched == 1, "nobody takes frames from a camera that rests"
        with self._lock:
            if self.lies is None or self._number < after:
                return None
            if within_s > 0:
                self._number += 1
            there = with_card(self.lies, self._rng) if self.moves else self.lies
            return Frame(relit(there, self._rng, 0.02), float(self._number), self._number)


class Desk:
    """A tray whose thread learns as fast as it can, on a clock that moves with each glance."""

    def __init__(self) -> None:
        self.lens = Lens()
        self.now = 0.0
        self.tray = TrayCamera(self.lens, monotonic=self.clock, learn_s=0.002)

    def clock(self) -> float:
        self.now += 0.05
        return self.now

    def rested(self) -> None:
        """Nobody is there for some looks, then somebody comes."""
        self.tray.mind(True)
        before = self.lens.looks
        until(lambda: self.lens.looks >= before + 6)
        self.tray.mind(False)
        until(lambda: self.lens.watched == 0)


def until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.002)


@pytest.fixture
def desk() -> Iterator[Desk]:
    one = Desk()
    yield one
    one.tray.close()
    assert one.lens.watched == 0


def test_what_she_left_is_seen_until_she_takes_it(desk: Desk) -> None:
    desk.rested()
    assert desk.tray.look() == "clear"
    desk.lens.lies = CARD
    assert desk.tray.look() == "left"
    desk.lens.lies = BARE
    assert desk.tray.look() == "clear"


def test_before_anything_was_learnt_nobody_can_say(desk: Desk) -> None:
    desk.lens.lies = CARD
    assert desk.tray.look() == "unknown"


def test_a_hand_that_moves_and_a_camera_without_frames_are_unknown(desk: Desk) -> None:
    desk.rested()
    desk.lens.moves = True
    assert desk.tray.look() == "unknown"
    desk.lens.moves, desk.lens.lies = False, None
    assert desk.tray.look() == "unknown"
    desk.lens.lies = np.zeros_like(BARE)
    assert desk.tray.look() == "unknown"


def test_what_lies_there_while_nobody_is_there_is_nobodys_and_the_bare_tray_stays_known(desk: Desk) -> None:
    desk.rested()
    desk.lens.lies = CARD
    desk.rested()
    assert desk.tray.look() == "clear"
    desk.lens.lies = BARE
    assert desk.tray.look() == "clear"
    desk.lens.lies = with_card(CARD, np.random.default_rng(9))
    assert desk.tray.look() == "left"


def test_while_somebody_is_there_nothing_is_learnt(desk: Desk) -> None:
    desk.rested()
    desk.lens.lies = CARD
    looks = desk.lens.looks
    time.sleep(0.05)
    assert desk.lens.looks == looks
    assert desk.tray.look() == "left"


def test_a_wrong_setting_is_refused_and_a_camera_that_is_not_there_is_unknown(tmp_path: object) -> None:
    with pytest.raises(Refusal, match=r"camera\.tray"):
        open_tray("nonsense")
    tray = open_tray(f"{tmp_path}/none.avi")
    assert tray.look() == "unknown"
    tray.close()
    tray.close()


def test_what_the_driver_still_held_of_the_one_before_is_passed_over(desk: Desk) -> None:
    """A camera that rested hands out old frames at once when it wakes."""
    desk.rested()
    held, newest = [BARE] * 5, desk.lens.newest

    def stale(after: int, within_s: float) -> Frame | None:
        desk.lens.lies = held.pop() if held and within_s > 0 else CARD
        desk.now -= 0.05 if held else 0.0  # they come all at one moment
        return newest(after, within_s)

    desk.lens.newest = stale  # type: ignore[method-assign]
    assert desk.tray.look() == "left"
