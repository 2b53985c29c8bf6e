"""The theme: contrast, sizes in millimetres, panels."""

import pytest

from screens.theme import (
    BODY_TYPE_MM,
    CAP_RATIO,
    LARGE,
    PALETTES,
    PRESSED,
    SMALL_TYPE_MM,
    TYPE,
    Colour,
    Palette,
    Panel,
    Scale,
)  # fmt: skip

MAIN = [("ink", "paper"), ("ink", "surface")]
TEXT = [
    ("muted", "paper"), ("muted", "surface"), ("accent", "paper"), ("accent", "hero"), ("ink", "hero"),
    ("on_action", "action"), ("on_action", "action_down"), ("on_chosen", "chosen"), ("on_chosen", "chosen_down"),
    ("number", "paper"), ("ink", "down"), ("ink", "hero_down"), ("muted", "down"), ("warn", "warn_soft"),
    *((tone, f"{tone}_soft") for tone in ("plain", "info", "ok", "warn", "stop")),
    *(("ink", f"{tone}_soft") for tone in ("plain", "info", "ok", "warn", "stop")),
]  # fmt: skip
EDGES = [("edge", "paper"), ("edge", "surface"), ("hero_edge", "paper"), ("icon", "surface"), ("focus", "paper")]


def contrast(one: Colour, other: Colour) -> float:
    """The ratio of WCAG 2.2."""

    def light(colour: Colour) -> float:
        red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour[:3])
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES.keys())
def test_contrast(palette: Palette) -> None:
    for pairs, least in ((MAIN, 10.0), (TEXT, 7.0), (EDGES, 3.0)):
        found = {pair: round(contrast(palette[pair[0]], palette[pair[1]]), 2) for pair in pairs}
        assert {pair: ratio for pair, ratio in found.items() if ratio < least} == {}


def test_contrast_can_fail() -> None:
    light = PALETTES["normal"]
    assert contrast(light["line"], light["paper"]) < 3


def test_both_palettes_name_the_same_colours() -> None:
    assert PALETTES["normal"].keys() == PALETTES["dark"].keys() == PALETTES["light"].keys()
    assert set(PRESSED) | set(PRESSED.values()) <= PALETTES["normal"].keys()


def test_sizes_are_those_of_the_look_on_the_panel_they_were_drawn_for() -> None:
    scale = Scale(102.0, Panel(1080, 1920).scale)
    assert scale.k == pytest.approx(1.0, abs=0.01)
    assert scale.size(14.0) == pytest.approx(56, abs=1)
    assert scale.press(30.0) == pytest.approx(120, abs=1)
    assert scale.font("title") == pytest.approx(68, abs=1)
    assert scale.font("small") >= 28


@pytest.mark.parametrize(
    ("panel", "k"), [(Panel(1080, 1920), 1.0), (Panel(720, 1280), 0.7), (Panel(1920, 1080, 141), 0.72)]
)
def test_a_smaller_panel_gets_smaller_sizes_down_to_the_floor(panel: Panel, k: float) -> None:
    assert panel.scale == pytest.approx(k, abs=0.02)
    scale = Scale(panel.dpi, panel.scale)
    for role, step in TYPE.items():
        floor = SMALL_TYPE_MM if step.small else BODY_TYPE_MM
        assert scale.font(role) >= round(floor * panel.dpi / 25.4), role


def test_large_mode_reaches_the_cap_height_that_half_a_metre_needs() -> None:
    scale = Scale(102.0, 0.7, more=LARGE[0])
    assert scale.font("body") / 102 * 25.4 * CAP_RATIO >= 6.1


def test_a_panel_that_is_held_close_has_lower_floors() -> None:
    assert Panel(720, 1280, 210).compact
    assert not Panel(720, 1280, 102).compact
    assert Scale(210, 0.5, compact=True).finger == 15.0


def test_only_a_small_and_coarse_panel_is_none_for_citizens() -> None:
    assert Panel(800, 480, 133.0).too_small
    fit = (Panel(1080, 1920), Panel(720, 1280, 210.0), Panel(1280, 800, 149.0), Panel(432, 768, 102 * 0.4))
    assert not any(panel.too_small for panel in fit)
