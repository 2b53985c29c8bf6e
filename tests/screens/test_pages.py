"""Every page on every panel, in both languages and sizes: nothing cut, nothing overlapping, nothing too small."""

from itertools import combinations
from typing import TYPE_CHECKING

import pytest

from kiosk.core.state import Guide
from kiosk.core.technician import TechnicianPage
from kiosk.view.models import View
from kiosk.view.present import present
from screens.draw import Line, Mark, Page, Piece
from screens.page import KEPT, Composer
from screens.theme import CROWDED, GAP_MM, MAIN_TOUCH_MM, MM_PER_INCH, SMALL_TYPE_MM, TOUCH_MM, Panel
from tests.screens.conftest import PANELS
from tests.view import hall

if TYPE_CHECKING:
    from screens.glyphs import Glyphs

Samples = dict[tuple[str, str], dict[str, View]]
MAIN_ROLES = {"primary", "key", "pill", "nav"}


def faults(page: Page, view: View, panel: Panel) -> list[str]:
    """Name everything that is wrong with a page."""
    mm = panel.dpi / MM_PER_INCH
    glass = page.regions["page"]
    wrong = [f"too full by {page.overfull} px"] if page.overfull > 0 else []
    # The two panels that a hall has keep every floor; on the smaller ones a crowded page's type may go down to 3.5 mm.
    least = panel.least if panel.scale > panel.least else panel.least * CROWDED
    if page.k < least * 0.999:
        wrong.append(f"type shrunk to {page.k:.2f}")
    for piece in page.pieces:
        if piece.kind != "focus" and not glass.holds(piece.rect):
            wrong.append(f"{_name(piece)} leaves the page")
        wrong += [
            f"{_name(piece)}: {op!r} leaves its widget"
            for op in piece.ops
            if isinstance(op, Line | Mark) and not piece.rect.holds(op.rect, slack=2)
        ]
        wrong += [
            f"{_name(piece)}: type of {op.px / mm:.1f} mm"
            for op in piece.ops
            if isinstance(op, Line) and op.px < int(SMALL_TYPE_MM * mm)
        ]
    drawn = {piece.action.id for piece in page.pressables() if piece.action}
    wrong += [
        f"{action.id} is not drawn" for action in view.actions if action.id not in drawn and action.role != "voice"
    ]
    return wrong + _touch_faults(page, mm)


def _touch_faults(page: Page, mm: float) -> list[str]:
    wrong = []
    for piece in page.pressables():
        assert piece.action is not None
        least = MAIN_TOUCH_MM if piece.action.role in MAIN_ROLES else TOUCH_MM
        if min(piece.rect.w, piece.rect.h) < least * mm - 1:
            wrong.append(f"{_name(piece)}: {piece.rect.w / mm:.1f} x {piece.rect.h / mm:.1f} mm, wanted {least}")
    for one, other in combinations(page.pressables(), 2):
        across = max(other.rect.x - one.rect.right, one.rect.x - other.rect.right)
        down = max(other.rect.y - one.rect.bottom, one.rect.y - other.rect.bottom)
        if max(across, down) < GAP_MM * mm - 1.5:
            wrong.append(f"{_name(one)} and {_name(other)}: {max(across, down) / mm:.1f} mm apart")
    body = [piece for piece in page.pieces if piece.kind not in ("bar", "focus", "change")]
    wrong += [
        f"{_name(one)} overlaps {_name(other)}" for one, other in combinations(body, 2) if one.rect.meets(other.rect)
    ]
    return wrong


def _name(piece: Piece) -> str:
    return f"{piece.kind}[{piece.action.id}]" if piece.action else piece.kind


@pytest.mark.parametrize("panel", PANELS.values(), ids=PANELS.keys())
@pytest.mark.parametrize("theme", ["normal", "large"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_sample_fits(glyphs: "Glyphs", shown: Samples, panel: Panel, theme: str, language: str) -> None:
    composer = Composer(panel, glyphs.width)
    wrong = {name: faults(composer.compose(view), view, panel) for name, view in shown[language, theme].items()}
    assert {name: found for name, found in wrong.items() if found} == {}


@pytest.mark.parametrize("panel", [PANELS["portrait"], PANELS["short"]], ids=["portrait", "short"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_guide_of_every_service_fits(glyphs: "Glyphs", panel: Panel, language: str) -> None:
    composer = Composer(panel, glyphs.width)
    wrong = {}
    for code in sorted(hall.catalogue().services.keys() - {"A77", "A8", "A9"}):
        for large in (False, True):
            view = present(hall.state(Guide(code), language, large=large), hall.texts())
            wrong[code, large] = faults(composer.compose(view), view, panel)
    assert {name: found for name, found in wrong.items() if found} == {}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_that_can_be_fits_the_kiosk(glyphs: "Glyphs", language: str) -> None:
    from kiosk.view.present import present

    panel = PANELS["portrait"]
    composer = Composer(panel, glyphs.width)
    wrong = {}
    for page in hall.pages():
        if isinstance(page, TechnicianPage) and page.section == "pixels":
            continue  # one colour from edge to edge, and a touch anywhere goes on
        view = present(hall.state(page, language), hall.texts())
        found = faults(composer.compose(view), view, panel)
        if found:
            wrong[repr(page)] = found
    assert wrong == {}


@pytest.mark.parametrize("panel", [Panel(1280, 800, 149.0), Panel(720, 1280, 210.0)], ids=["10 inch", "7 inch"])
def test_a_small_panel_cuts_nothing(glyphs: "Glyphs", shown: Samples, panel: Panel) -> None:
    """Such panels are not meant for citizens in a hall; type and targets shrink, but everything is there."""
    composer = Composer(panel, glyphs.width)
    for name, view in shown["zh", "normal"].items():
        page = composer.compose(view)
        assert page.overfull <= 0, name
        assert {p.action.id for p in page.pressables() if p.action} == {action.id for action in view.actions}, name


@pytest.mark.parametrize("language", ["zh", "en"])
def test_from_a_seat_everything_is_in_reach(glyphs: "Glyphs", shown: Samples, language: str) -> None:
    from dataclasses import replace

    panel = PANELS["portrait"]
    composer = Composer(panel, glyphs.width)
    for name, view in shown[language, "normal"].items():
        low = replace(view, appearance=replace(view.appearance, low=True))
        page = composer.compose(low)
        assert page.overfull <= 0, name
        assert min(piece.rect.y for piece in page.pieces if piece.kind != "focus") >= panel.height * 0.3, name


def test_longer_words_still_fit(glyphs: "Glyphs", shown: Samples) -> None:
    """A pseudo-locale: every word 40 % longer."""
    from dataclasses import replace

    panel = PANELS["portrait"]
    composer = Composer(panel, glyphs.width)
    for name, view in shown["en", "normal"].items():
        longer = replace(
            view,
            title=_longer(view.title),
            lead=_longer(view.lead),
            actions=tuple(replace(a, label=_longer(a.label), note=_longer(a.note)) for a in view.actions),
        )
        page = composer.compose(longer)
        assert page.overfull <= 0, name
        outside = [
            (p.kind, op)
            for p in page.pieces
            for op in p.ops
            if isinstance(op, Line) and not p.rect.holds(op.rect, slack=2)
        ]
        assert outside == [], name


def _longer(text: str) -> str:
    return " ".join(word + "x" * round(len(word) * 0.4) if len(word) > 2 else word for word in text.split(" "))


def test_behind_the_curtain_nothing_is_drawn_and_a_touch_anywhere_lifts_it(glyphs: "Glyphs") -> None:
    from dataclasses import replace

    from kiosk.core.state import Check, Voice
    from kiosk.domain.health import Ready
    from kiosk.view.present import present

    parts = replace(hall.WORKS, speaker=Ready(), headset=True)
    known = hall.state(Check("A4"), parts=parts, voice=Voice(), curtain=True, identity=hall.someone())
    panel = PANELS["portrait"]
    (piece,) = Composer(panel, glyphs.width).compose(present(known, hall.texts())).pieces
    assert (piece.rect.w, piece.rect.h) == (panel.width, panel.height)
    assert not any(isinstance(op, Line | Mark) for op in piece.ops)
    assert piece.action is not None
    assert piece.action.id == "mode:curtain"


def test_the_check_of_a_page_can_fail(glyphs: "Glyphs", shown: Samples) -> None:
    tiny = Panel(480, 320, 102.0)
    view = shown["zh", "normal"]["services-B"]
    assert faults(Composer(tiny, glyphs.width).compose(view), view, tiny)


def test_tabs_and_ways_out_stay_put(glyphs: "Glyphs", shown: Samples) -> None:
    composer = Composer(PANELS["portrait"], glyphs.width)
    places: dict[str, set[tuple[float, float]]] = {}
    for name in ("services-A", "services-B", "services-C"):
        for piece in composer.compose(shown["zh", "normal"][name]).pressables():
            assert piece.action is not None
            if piece.action.role in ("tab", "nav"):
                places.setdefault(f"{piece.kind} {piece.action.id}", set()).add((piece.rect.x, piece.rect.y))
    assert all(len(found) == 1 for found in places.values()), places


def test_the_primary_action_is_bottom_right_and_the_ways_out_bottom_left(glyphs: "Glyphs", shown: Samples) -> None:
    for panel in PANELS.values():
        composer = Composer(panel, glyphs.width)
        for name, view in shown["zh", "normal"].items():
            page = composer.compose(view)
            foot = page.regions["footer"]
            for piece in page.pressables():
                assert piece.action is not None
                if piece.action.role == "primary":
                    assert foot.holds(piece.rect), name
                    assert piece.rect.right > panel.width * 0.9, name
                if piece.action.role == "nav" and piece.kind == "nav":
                    assert foot.holds(piece.rect), name


def test_only_the_pages_that_everybody_sees_are_kept(glyphs: "Glyphs", shown: Samples) -> None:
    composer = Composer(PANELS["portrait"], glyphs.width)
    views = shown["zh", "normal"]
    assert composer.compose(views["services-B"]) is composer.compose(views["services-B"])
    for name in ("check", "keypad-problem", "form-typed", "ticket", "receipt", "consent"):
        composer.compose(views[name])
    kept = {view.view for view in composer._kept}
    assert kept == {"services"}


def test_kept_pages_do_not_grow_for_ever(glyphs: "Glyphs", shown: Samples) -> None:
    from dataclasses import replace

    composer = Composer(PANELS["portrait"], glyphs.width)
    closed = shown["zh", "normal"]["closed"]
    for minute in range(60):
        composer.compose(replace(closed, header=replace(closed.header, time=f"10:{minute:02}")))
    assert len(composer._kept) == KEPT
