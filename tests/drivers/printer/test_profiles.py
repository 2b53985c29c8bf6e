"""Printer models as data: every profile reads, and a wrong one is told all its mistakes."""

from pathlib import Path

import pytest

from drivers.printer.opening import load_profile, mode_of, open_printer
from drivers.printer.profile import ProfileError, parse_profile

NAMES = (
    "generic-80", "generic-58", "epson-tm-t88", "epson-tm-t82", "xprinter-xp80", "xprinter-xp58", "gprinter",
    "snbc-btp", "cashino-kp",
)  # fmt: skip


def test_every_profile_reads(assets: Path) -> None:
    assert {file.stem for file in (assets / "printers").glob("*.toml")} == set(NAMES)
    for name in NAMES:
        profile = load_profile(assets, name)
        assert profile.columns * 12 <= profile.width
        assert profile.confirm, f"{name} can confirm nothing"


def test_all_mistakes_are_named_at_once() -> None:
    with pytest.raises(ProfileError) as told:
        parse_profile("mine", 'titel = "a"\nwidth = 570\ncut = "feet"\nconfirm = ["proces-id"]\nband = 1.5\n')
    text = str(told.value)
    assert len(text.splitlines()) == 6
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


def test_auto_is_what_the_profile_says(assets: Path) -> None:
    profile = load_profile(assets, "generic-80")
    assert mode_of("auto", profile) == profile.mode
    assert mode_of("raster", profile) == "raster"


def test_a_file_is_no_printer_for_a_kiosk(assets: Path) -> None:
    with pytest.raises(Exception, match="a file is no printer"):
        open_printer("file:///x.png", "generic-80", "auto", assets)
