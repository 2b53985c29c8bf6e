"""The guard: one card is one scan, a hand is believed, a stuck trigger is not."""

from drivers.scanner.delays import Delays
from drivers.scanner.guard import Guard


class Hands:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def make() -> tuple[Guard, Hands]:
    clock = Hands()
    return Guard(Delays(), clock), clock


def test_the_same_code_within_three_seconds_is_one_scan() -> None:
    guard, clock = make()
    assert guard.admit(b"card")
    clock.now = 2.9
    assert not guard.admit(b"card")
    clock.now = 3.1
    assert guard.admit(b"card")


def test_another_code_in_between_does_not_reopen_the_door() -> None:
    guard, clock = make()
    assert guard.admit(b"one")
    clock.now = 0.5
    assert guard.admit(b"two")
    clock.now = 1.0
    assert not guard.admit(b"one")


def test_a_new_page_takes_the_same_card_again() -> None:
    guard, clock = make()
    assert guard.admit(b"card")
    clock.now = 0.5
    guard.forget()
    assert guard.admit(b"card")


def test_a_stuck_trigger_is_noticed_and_stays_silent_until_quiet() -> None:
    guard, clock = make()
    passed = 0
    for _ in range(400):
        passed += guard.admit(b"card")
        clock.now += 0.05
    assert passed == 1
    assert guard.stuck
    clock.now += 0.9
    assert guard.stuck
    clock.now += 0.1
    assert not guard.stuck
    clock.now += 3
    assert guard.admit(b"card")


def test_a_torrent_of_different_codes_is_cut_to_what_hands_can_do() -> None:
    guard, clock = make()
    passed = 0
    for number in range(1000):
        passed += guard.admit(b"%d" % number)
        clock.now += 0.001
    assert 60 <= passed <= 75
    assert guard.stuck
    clock.now += 8
    assert guard.admit(b"a person again")


def test_nothing_of_a_code_is_remembered() -> None:
    guard, _ = make()
    guard.admit(b"4212XX1990")
    assert b"4212XX1990" not in repr(vars(guard)).encode()
