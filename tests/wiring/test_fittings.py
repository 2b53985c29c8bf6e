"""A whole kiosk with a twin of the kernel's backlight and lamps: it sleeps at night, wakes, ends with the glass lit."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pytest

from kiosk.config import Display, Lamps, Presence, Settings
from kiosk.core.events import LobbySeen, PresenceChanged
from kiosk.domain.errors import Refusal
from kiosk.engine.lanes import InlineLanes
from kiosk.wiring.fittings import Fittings, finding, presence_of
from kiosk.wiring.theatre import Theatre

NIGHT = datetime.fromisoformat("2026-11-22T20:00:00+08:00")


@dataclass(frozen=True)
class Hall:
    """The kiosk, and the files around it."""

    theatre: Theatre
    panel: Path
    leds: Path

    def glass(self) -> tuple[str, str]:
        return (self.panel / "brightness").read_text().strip(), (self.panel / "bl_power").read_text().strip()

    def lit(self, name: str) -> bool:
        return (self.leds / name / "brightness").read_text().strip() != "0"


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    panel, leds = tmp_path / "backlight", tmp_path / "leds"
    for folder in (panel, leds / "scan", leds / "staff"):
        folder.mkdir(parents=True)
        (folder / "brightness").write_text("3\n")
        (folder / "max_brightness").write_text("100\n")
    (panel / "bl_power").write_text("4\n")
    settings = replace(
        Settings(),
        display=Display(url=f"sysfs://{panel}"),
        lamps=Lamps(lit=(f"scan={leds}/scan", f"staff={leds}/staff")),
    )
    opened = Theatre(settings, NIGHT, lambda _view: None)
    yield Hall(opened, panel, leds)
    opened.close()


def test_the_glass_sleeps_at_night_wakes_at_a_touch_and_is_lit_when_core_ends(hall: Hall) -> None:
    theatre = hall.theatre
    assert hall.glass() == ("100", "0")
    assert not hall.lit("staff")
    theatre.network("branch", up=False)  # the hub says no more that it gives tickets at any hour
    theatre.post(LobbySeen(0, None, None, open=False))
    theatre.wait(301)
    view = theatre.kiosk.engine.view
    assert (hall.glass(), view.appearance.curtain) == (("0", "4"), True)
    theatre.touch("mode:wake")
    view = theatre.kiosk.engine.view
    assert (hall.glass(), view.appearance.curtain, view.view) == (("100", "0"), False, "welcome")
    assert view.action("mode:wake") is None
    theatre.wait(301)
    assert hall.glass() == ("0", "4")
    theatre.post(PresenceChanged(True))
    assert hall.glass() == ("100", "0")
    theatre.wait(301)
    theatre.crash()
    assert hall.glass() == ("100", "0")


def test_lamps_follow_the_page(hall: Hall) -> None:
    theatre = hall.theatre
    assert hall.lit("scan")
    for action in ("ticket-only", "category:B", "service:B3"):
        theatre.touch(action)
    assert not hall.lit("scan")
    theatre.touch("help")
    assert hall.lit("staff")
    theatre.wait(20)
    theatre.touch("home")
    assert (hall.lit("scan"), hall.lit("staff")) == (True, False)


def test_doctor_names_what_cannot_be_controlled(hall: Hall) -> None:
    settings = replace(Settings(), display=Display(url=f"sysfs://{hall.panel}"))
    assert finding("display", settings).ok is True
    assert finding("lamps", settings).ok is None
    (hall.panel / "brightness").chmod(0o400)
    (hall.panel / "max_brightness").unlink()
    told = finding("display", settings)
    assert (told.ok, told.required) == (False, False)
    assert "docs/technician/devices.md" in told.remedy


@pytest.mark.parametrize(
    "wrong", [{"display": Display(url="sysfs:x")}, {"lamps": Lamps(lit=("dance=/x",))}], ids=["display", "lamps"]
)
def test_wrong_settings_refuse_to_start(wrong: dict[str, Display | Lamps]) -> None:
    with pytest.raises(Refusal, match=r"display.url or lamps.lit: .*(it looks like|known are)"):
        Fittings(replace(Settings(), **wrong), InlineLanes(lambda _event: None))  # type: ignore[arg-type]
    with pytest.raises(Refusal, match=r"presence.url: .*hid:///dev/input"):
        presence_of(replace(Settings(), presence=Presence(url="hid:x")), lambda _event: None)
