"""Versions on their shelf: tried at a start, kept once the kiosk is healthy, given up when it is not."""

from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.shelf import TRIES, Shelf, Version

ONE, TWO, THREE = (Version(f'"{n}"', "{}") for n in (1, 2, 3))


def test_a_version_waits_is_tried_and_stays() -> None:
    shelf = Shelf(ONE).arrived(TWO)
    assert (shelf.in_force, shelf.waits) == (ONE, True)
    shelf = shelf.begun()
    assert (shelf.in_force, shelf.on_trial) == (TWO, True)
    shelf = shelf.healthy()
    assert (shelf.in_force, shelf.on_trial, shelf.waits) == (TWO, False, False)


def test_starts_that_never_became_healthy_bring_the_old_one_back_and_it_is_not_tried_again() -> None:
    shelf = Shelf(ONE).arrived(TWO)
    for _ in range(TRIES):
        shelf = shelf.begun()
        assert shelf.in_force == TWO
    shelf = shelf.begun()
    assert (shelf.in_force, shelf.on_trial) == (ONE, False)
    assert not shelf.arrived(TWO).waits
    assert shelf.arrived(THREE).waits
    assert shelf.forgiven().arrived(TWO).waits


def test_what_is_in_force_is_not_tried() -> None:
    assert not Shelf(ONE).arrived(ONE).waits
    assert not Shelf(ONE).arrived(TWO).arrived(ONE).waits, "published, and taken back before anybody tried it"


@given(st.lists(st.sampled_from(["one", "two", "three", "begun", "healthy", "fell", "forgiven"]), max_size=40))
def test_whatever_happens_something_that_worked_can_be_gone_back_to(deeds: list[str]) -> None:
    shelf = Shelf()
    worked: set[Version | None] = {None}
    for deed in deeds:
        match deed:
            case "begun":
                shelf = shelf.begun()
            case "healthy":
                shelf = shelf.healthy()
                worked.add(shelf.current)
            case "fell":
                shelf = shelf.fell_over()
            case "forgiven":
                shelf = shelf.forgiven()
            case _:
                shelf = shelf.arrived({"one": ONE, "two": TWO, "three": THREE}[deed])
        assert shelf.current in worked
        assert shelf.on_trial or shelf.in_force in worked
        assert shelf.tries <= TRIES
        assert shelf.fell_over().in_force == shelf.current
