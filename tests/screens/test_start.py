"""What is settled before Kivy starts: environment, configuration, size on a desk."""

from pathlib import Path
from typing import Any

import pytest

from screens import environment
from screens.desk import displayed, room
from screens.theme import Panel


def test_kivy_is_told_before_it_is_imported(tmp_path: Path) -> None:
    environ: dict[str, str] = {"SDL_VIDEODRIVER": "offscreen"}
    environment.prepare(tmp_path, Panel(1080, 1920, 102.0), environ)
    assert environ["KIVY_NO_ARGS"] == environ["KIVY_NO_CONFIG"] == environ["KIVY_NO_FILELOG"] == "1"
    assert environ["KIVY_LOG_MODE"] == "PYTHON"
    assert environ["KIVY_DPI"] == "102.0"
    assert environ["KIVY_HOME"] == str(tmp_path)
    assert environ["LP_NUM_THREADS"] == "0"  # else the offscreen driver queues frames until memory is gone


def test_on_a_display_the_renderer_keeps_its_threads(tmp_path: Path) -> None:
    environ: dict[str, str] = {}
    environment.prepare(tmp_path, Panel(1080, 1920), environ)
    assert "LP_NUM_THREADS" not in environ
    assert environ["SDL_MOUSE_FOCUS_CLICKTHROUGH"] == "1"  # else X11 loses a press that comes with the focus


@pytest.mark.parametrize(
    ("options", "inputs"),
    [({}, {"mouse": "mouse,disable_multitouch"}), ({"touch": "/dev/input/x"}, {"touch": "mtdev,/dev/input/x"})],
)
def test_exactly_one_input_provider_is_left(window: Any, options: dict[str, str], inputs: dict[str, str]) -> None:
    from kivy.config import Config

    environment.configure(Panel(1080, 1920), **options)  # type: ignore[arg-type]
    assert dict(Config.items("input")) == inputs
    assert Config.get("kivy", "exit_on_escape") == "0"
    environment.configure(Panel(1080, 1920))


def test_a_turned_panel_has_its_sides_swapped(window: Any) -> None:
    from kivy.config import Config

    environment.configure(Panel(1080, 1920), rotation=90)
    assert (Config.get("graphics", "width"), Config.get("graphics", "rotation")) == ("1920", "90")
    environment.configure(Panel(1080, 1920))


@pytest.mark.parametrize(
    ("desktop", "zoom"), [(None, 1.0), ((2560, 2160), 1.0), ((1920, 1080), 0.5175), ((640, 200), 0.2)]
)
def test_a_portrait_page_fits_on_a_wide_desktop(desktop: tuple[int, int] | None, zoom: float) -> None:
    assert room(Panel(1080, 1920), lambda: desktop) == pytest.approx(zoom)


@pytest.mark.parametrize(
    ("environ", "seen"),
    [
        ({}, False),
        ({"DISPLAY": ":987"}, False),
        ({"WAYLAND_DISPLAY": "wayland-0"}, True),
        ({"SDL_VIDEODRIVER": "offscreen"}, True),
    ],
)
def test_a_window_that_nobody_could_see_is_noticed(tmp_path: Path, environ: dict[str, str], seen: bool) -> None:
    assert displayed(environ, tmp_path) is seen


def test_a_board_without_a_desktop_has_its_own_display(tmp_path: Path) -> None:
    (tmp_path / "card0").touch()
    assert displayed({}, tmp_path)
