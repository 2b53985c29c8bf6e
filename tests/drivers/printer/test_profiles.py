"""Printer models as data: every profile reads, and a wrong one is told all its mistakes."""

from dataclasses import replace
from pathlib import Path

import pytest

from drivers.printer.opening import load_profile, mode_of, open_printer
from drivers.printer.profile import Mode, ProfileError, parse_profile
from drivers.transport.urls import Scheme
from kiosk.domain.printing import Printed
from tests.drivers.printer.world import Start, Ticket

NAMES = (
    "generic-80", "generic-58", "epson-tm-t88", "epson-tm-t82", "epson-tm-m30", "xprinter-xp80", "xprinter-xp58",
    "gprinter", "snbc-btp", "cashino-kp",
)  # fmt: skip


def test_every_profile_reads(assets: Path) -> None:
    assert {file.stem for file in (assets / "printers").glob("*.toml")} == set(NAMES)
    for name in NAMES:
        profile = load_profile(assets, name)
        assert profile.columns * 12 <= profile.width
        assert profile.confirm, f"{name} can confirm nothing"
        assert profile.source, f"nobody knows where {name} is from"


def test_all_mistakes_are_named_at_once() -> None:
    with pytest.raises(ProfileError) as told:
        parse_profile("mine", 'titel = "a"\nwidth = 570\ncut = "feet"\nconfirm = ["proces-id"]\nband = 1.5\n')
    text = str(told.value)
    assert len(text.splitlines()) == 7
    for hint in (
        "mine.toml:1",
        "did you mean 'title'",
        "multiple of 8",
        "did you mean 'feed'",
        "did you mean 'process-id'",
    ):
        assert hint in text


@pytest.mark.parametrize("name", ["generic", "../printers/generic-80", "", "a/b"])
def test_an_unknown_profile_is_told_what_there_is(assets: Path, name: str) -> None:
    with pytest.raises(ProfileError, match="known are cashino-kp, epson"):
        load_profile(assets, name)


def test_no_toml_is_one_line() -> None:
    with pytest.raises(ProfileError, match="no TOML"):
        parse_profile("mine", "title = ")


@pytest.mark.parametrize(
    ("setting", "profile_says", "line", "mode"),
    [
        ("auto", "auto", "tcp", "raster"),
        ("auto", "auto", "lp", "raster"),
        ("auto", "auto", "serial", "native"),
        ("auto", "native", "tcp", "native"),
        ("auto", "raster", "serial", "raster"),
        ("raster", "native", "serial", "raster"),
        ("native", "raster", "tcp", "native"),
    ],
)
def test_the_setting_goes_before_the_profile_and_the_profile_before_the_line(
    assets: Path, setting: str, profile_says: Mode, line: Scheme, mode: str
) -> None:
    profile = replace(load_profile(assets, "generic-80"), mode=profile_says)
    assert mode_of(setting, profile, line) == mode


def test_a_slow_line_gets_text_and_a_fast_one_a_picture(start: Start, assets: Path, ticket: Ticket) -> None:
    for listen, picture in (("pty", False), ("127.0.0.1:0", True)):
        sim = start(listen)
        printer = open_printer(sim.url, "generic-80", "auto", assets)
        assert isinstance(printer.print_paper("job", ticket("B012")), Printed)
        printer.close()
        assert ("B012" not in sim.wait_for_paper(1).text) is picture


@pytest.mark.parametrize(("name", "beeps"), [("xprinter-xp80", 1), ("epson-tm-t82", 1), ("cashino-kp", 0)])
def test_it_beeps_where_it_can_and_is_told_to(
    start: Start, assets: Path, ticket: Ticket, name: str, beeps: int
) -> None:
    sim = start()
    for wanted in (True, False):
        printer = open_printer(sim.url, name, "native", assets, beep=wanted)
        assert isinstance(printer.print_paper("job", ticket("B012")), Printed)
        printer.close()
        assert sim.body.press.beeps == beeps
    assert sim.body.press.unknown == []


def test_a_file_is_no_printer_for_a_kiosk(assets: Path) -> None:
    with pytest.raises(Exception, match="a file is no printer"):
        open_printer("file:///x.png", "generic-80", "auto", assets)
