"""The glass is lit, dimmed and darkened: a twin of the kernel's folder, a bus that takes bytes, a program."""

from collections.abc import Callable
from pathlib import Path

import pytest

from drivers.device import BadAddress, LineLost
from drivers.fittings.display import Backlight, Glow, Monitor, Program, open_display, why_not


@pytest.fixture
def panel(tmp_path: Path) -> Path:
    """A panel as the kernel shows it; its brightness is what a core that fell over had left."""
    for name, value in (("brightness", "31"), ("max_brightness", "255"), ("bl_power", "4")):
        (tmp_path / name).write_text(f"{value}\n")
    return tmp_path


def stands(panel: Path) -> tuple[str, ...]:
    return tuple((panel / name).read_text().strip() for name in ("brightness", "bl_power"))


def test_a_backlight_by_its_own_measure(panel: Path) -> None:
    display = open_display(f"sysfs://{panel}", 80)
    shown = []
    for glow in ("on", "dim", "off", "dim", "on"):
        display.show(glow)
        shown.append(stands(panel))
    assert shown == [("204", "0"), ("41", "0"), ("0", "4"), ("41", "0"), ("204", "0")]


def test_a_panel_of_few_steps_is_never_dimmed_to_nothing(panel: Path) -> None:
    (panel / "max_brightness").write_text("1\n")
    (panel / "bl_power").unlink()
    Backlight(panel, 10).show("dim")
    assert (panel / "brightness").read_text() == "1\n"
    assert not (panel / "bl_power").exists()


def test_looking_whether_it_could_be_controlled_changes_nothing(panel: Path) -> None:
    before = stands(panel)
    assert why_not(f"sysfs://{panel}", 100) == ""
    assert stands(panel) == before


@pytest.mark.parametrize("spoil", [lambda file: file.unlink(), lambda file: file.write_text("bright\n")])
def test_a_panel_that_is_not_there_is_told_with_its_remedy(panel: Path, spoil: Callable[[Path], object]) -> None:
    spoil(panel / "max_brightness")
    with pytest.raises(LineLost, match=r"max_brightness: .*; check its name under /sys/class"):
        Backlight(panel, 100).show("on")
    assert "max_brightness" in why_not(f"sysfs://{panel}", 100)


def test_a_misspelt_name_makes_no_file(panel: Path) -> None:
    (panel / "brightness").unlink()
    with pytest.raises(LineLost, match="no such file"):
        Backlight(panel, 100).show("on")
    assert not (panel / "brightness").exists()


@pytest.mark.parametrize(
    ("glow", "sent"),
    [("on", "5184 03d6 0001 6f 5184 0310 0064 cc"), ("dim", "5184 03d6 0001 6f 5184 0310 0014 bc"),
     ("off", "5184 03d6 0004 6a")],
)  # fmt: skip
def test_a_monitor_is_told_over_its_own_wires(tmp_path: Path, glow: Glow, sent: str) -> None:
    bus = tmp_path / "i2c-20"
    bus.touch()
    pauses: list[float] = []
    Monitor(bus, 100, pauses.append).show(glow)
    assert bus.read_bytes() == bytes.fromhex(sent)
    assert len(pauses) == len(bus.read_bytes()) // 7


def test_a_bus_that_refuses_the_monitors_address_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def ioctl(_fd: int, request: int, argument: int) -> int:
        assert (request, argument) == (0x0703, 0x37)
        raise OSError(16, "Device or resource busy")

    bus = tmp_path / "i2c-20"
    bus.touch()
    monkeypatch.setattr("drivers.fittings.display.fcntl.ioctl", ioctl)
    assert "does not answer; check that the monitor speaks DDC/CI" in why_not(f"ddc://{bus}", 100)
    assert "no such file" in why_not(f"ddc://{tmp_path}/none", 100)


def test_a_program_is_called_with_one_word(tmp_path: Path) -> None:
    program = tmp_path / "display"
    program.write_text(f'#!/bin/sh\necho "$# $1" >> {tmp_path}/said\n[ "$1" != off ]\n')
    assert "cannot be run" in why_not(f"run://{program}", 100)
    program.chmod(0o755)
    assert why_not(f"run://{program}", 100) == ""
    assert not (tmp_path / "said").exists()
    Program(program).show("dim")
    with pytest.raises(LineLost, match="ended with 1; try it"):
        Program(program).show("off")
    assert (tmp_path / "said").read_text() == "1 dim\n1 off\n"


def test_without_any_control_the_page_alone_goes_black() -> None:
    open_display("blank:", 100).show("off")
    assert why_not("blank:", 100) == ""


@pytest.mark.parametrize("wrong", ["", "sysfs:relative", "hdmi:///dev/dri/card0", "run://rm -rf", "sysfs:///x\0y"])
def test_a_wrong_address_is_refused(wrong: str) -> None:
    with pytest.raises(BadAddress, match="it looks like sysfs:"):
        open_display(wrong, 100)
