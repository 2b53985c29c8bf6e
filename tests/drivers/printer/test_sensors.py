"""What status bytes mean; the rows are those that an independent simulator (emupos 0.4.0) sends."""

import pytest

from drivers.printer.answers import Auto
from drivers.printer.sensors import Sensors
from kiosk.domain.health import (
    CoverOpen,
    CutterFault,
    Health,
    Offline,
    Overheated,
    PaperLow,
    PaperOut,
    Ready,
    Unknown,
    can_print,
)


def heard(*bits: int) -> Sensors:
    sensors = Sensors()
    for n, byte in enumerate(bits, 1):
        sensors.status(n, byte)
    return sensors


@pytest.mark.parametrize(
    ("bits", "health"),
    [
        ((0x12, 0x12, 0x12, 0x12), Ready()),
        ((0x16, 0x12, 0x12, 0x12), Ready()),  # the drawer's pin is high on real ones
        ((0x12, 0x12, 0x12, 0x1E), PaperLow()),
        ((0x1A, 0x32, 0x12, 0x7E), PaperOut()),
        ((0x12, 0x12, 0x12, 0x7E), PaperOut()),
        ((0x1A, 0x16, 0x12, 0x12), CoverOpen()),
        ((0x1A, 0x36, 0x12, 0x7E), CoverOpen()),  # an open cover hides the paper from its sensor
        ((0x1A, 0x52, 0x1A, 0x12), CutterFault()),
        ((0x1A, 0x52, 0x52, 0x12), Overheated()),
    ],
)
def test_four_answers(bits: tuple[int, ...], health: Health) -> None:
    assert heard(*bits).health() == health


@pytest.mark.parametrize("bits", [(0x1A, 0x12, 0x12, 0x12), (0x1A, 0x52, 0x32, 0x12), (0x1A, 0x52, 0x12, 0x12)])
def test_offline_without_a_known_cause_is_offline(bits: tuple[int, ...]) -> None:
    assert isinstance(heard(*bits).health(), Offline)


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_too_few_answers_are_unknown_and_never_fine(count: int) -> None:
    health = heard(*[0x12] * count).health()
    assert health == Unknown()
    assert not can_print(health)


@pytest.mark.parametrize(
    ("report", "health"),
    [
        (b"\x10\x00\x00\x00", Ready()),
        (b"\x10\x00\x03\x00", PaperLow()),
        (b"\x18\x00\x0f\x00", PaperOut()),
        (b"\x38\x00\x00\x00", CoverOpen()),
        (b"\x18\x08\x00\x00", CutterFault()),
        (b"\x18\x40\x00\x00", Overheated()),
    ],
)
def test_reports(report: bytes, health: Health) -> None:
    sensors = Sensors()
    sensors.auto(Auto(report))
    assert sensors.health() == health


def test_what_was_heard_is_forgotten_before_it_is_asked_again() -> None:
    sensors = heard(0x12, 0x12, 0x12, 0x12)
    sensors.forget()
    assert sensors.health() == Unknown()


def test_a_mended_fault_is_gone() -> None:
    sensors = heard(0x1A, 0x32, 0x12, 0x7E)
    for n in (1, 2, 3, 4):
        sensors.status(n, 0x12)
    assert sensors.health() == Ready()


@pytest.mark.parametrize(
    ("bits", "passing"),
    [
        ((0x12, 0x12, 0x12, 0x12), False),
        ((0x1A, 0x12, 0x12, 0x12), True),  # its button was touched
        ((0x1A, 0x52, 0x52, 0x12), True),  # its head is hot
        ((0x1A, 0x52, 0x12, 0x12), False),  # an error that it does not name
        ((0x1A, 0x16, 0x52, 0x12), False),  # the cover is open as well
        ((0x1A, 0x32, 0x12, 0x7E), False),
        ((0x1A, 0x52, 0x1A, 0x12), False),
    ],
)
def test_only_heat_and_a_touched_button_pass_by_themselves(bits: tuple[int, ...], passing: bool) -> None:
    assert heard(*bits).passing is passing
