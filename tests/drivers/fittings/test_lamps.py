"""Lamps and a beeper on a twin of the kernel's LEDs: lit, out, for a moment, and one that is gone."""

from pathlib import Path

import pytest

from drivers.device import BadAddress, LineLost
from drivers.fittings.lamps import Lamps, why_not, wires

KNOWN = ("scan", "staff", "left", "fault")


class Desk:
    """Three LEDs, and what they showed while the driver slept."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for name, most in (("scan", 1), ("red", 255), ("beeper", 1)):
            (root / name).mkdir()
            (root / name / "brightness").write_text("0\n")
            (root / name / "max_brightness").write_text(f"{most}\n")
        self.slept: list[tuple[float, str]] = []
        pairs = (f"scan={root}/scan", f"staff={root}/red", f"fault={root}/red", f"left={root}/beeper?pulse=0.3")
        self.lamps = Lamps(wires(pairs, KNOWN), lambda seconds: self.slept.append((seconds, self.now("beeper"))))

    def now(self, name: str) -> str:
        return (self.root / name / "brightness").read_text().strip()

    def all(self) -> tuple[str, ...]:
        return tuple(self.now(name) for name in ("scan", "red", "beeper"))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_each_meaning_has_its_lamp_and_two_may_share_one(desk: Desk) -> None:
    shown = []
    for lit in (["scan"], ["scan", "staff"], ["staff", "fault"], ["fault"], []):
        desk.lamps.show(lit)
        shown.append(desk.all())
    assert shown == [("1", "0", "0"), ("1", "255", "0"), ("0", "255", "0"), ("0", "255", "0"), ("0", "0", "0")]
    assert desk.slept == []


def test_a_beep_sounds_once_for_as_long_as_it_is_wanted(desk: Desk) -> None:
    for lit in (["left"], ["left", "scan"], [], ["left"]):
        desk.lamps.show(lit)
        assert desk.now("beeper") == "0"
    assert desk.slept == [(0.3, "1"), (0.3, "1")]


def test_one_that_is_gone_is_told_and_the_others_are_lit(desk: Desk) -> None:
    (desk.root / "scan" / "brightness").unlink()
    with pytest.raises(LineLost, match=r"scan/brightness: no such file.*; check its name"):
        desk.lamps.show(["scan", "staff"])
    assert desk.now("red") == "255"


def test_why_they_cannot_be_lit(desk: Desk) -> None:
    (desk.root / "red" / "brightness").write_text("77\n")
    assert why_not([f"staff={desk.root}/red"], KNOWN) == ""
    assert desk.now("red") == "77"
    assert "none" in why_not([f"staff={desk.root}/none"], KNOWN)
    assert "known are" in why_not([f"party={desk.root}/red"], KNOWN)


@pytest.mark.parametrize(
    ("pair", "said"),
    [("scan", "is no lamp"), ("scan=red", "is no lamp"), ("scan=/x?blink=1", "is no lamp"), ("dance=/x", "known are"),
     ("left=/x?pulse=60", "2 s at most")],
)  # fmt: skip
def test_wrong_settings_are_told(pair: str, said: str) -> None:
    with pytest.raises(BadAddress, match=said):
        wires([pair], KNOWN)
