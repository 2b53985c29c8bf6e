"""T1 to T8, T20 and T21 on the real widgets: every page here once, each in another language, theme, size and panel.

`make nightly` walks all of the matrix (tests/nightly/matrix.py).
"""

from dataclasses import replace
from itertools import cycle, product
from typing import TYPE_CHECKING, Any

import pytest

from kiosk.view.models import View
from screens.theme import Panel
from tests.nightly.matrix import PANELS, Walker, lengthened
from tests.sampling import some
from tests.screens.conftest import Rig

if TYPE_CHECKING:
    from screens.glyphs import Glyphs

Samples = dict[tuple[str, str], dict[str, View]]


@pytest.fixture(scope="module")
def walker(window: Any, glyphs: "Glyphs") -> Walker:
    return Walker(glyphs)


@pytest.mark.parametrize("panel", some(list(PANELS), 2))
def test_every_page_in_one_of_its_dresses(walker: Walker, shown: Samples, panel: str) -> None:
    dresses = cycle(product(("zh", "en", "long"), ("normal", "large"), ("normal", "dark", "light"), (False, True)))
    names = list(shown["zh", "normal"])
    start = list(PANELS).index(panel)
    wrong: list[str] = []
    for place, name in enumerate(names):
        language, size, contrast, aside = next(dresses)
        if place % len(PANELS) != start:
            continue
        view = shown["en" if language == "long" else language, size][name]
        view = lengthened(view) if language == "long" else view
        wrong += walker.look(panel, name, view, contrast, low=aside, ring=not aside)
    assert wrong == []


def test_each_fault_is_named_with_page_widget_measure_and_wish(walker: Walker, shown: Samples) -> None:
    view = shown["zh", "normal"]["services-B"]
    tiny = walker.glass(Panel(480, 320)).faults(view)
    assert {"T1", "T3"} <= {fault.check for fault in tiny}
    assert all(fault.widget and fault.measured and fault.wanted for fault in tiny)


def test_a_pale_text_and_a_cut_one_are_found(walker: Walker, shown: Samples, rig: Rig) -> None:
    view = shown["zh", "normal"]["services-B"]
    assert walker.look("portrait", "services-B", view) == []
    cut = replace(view, title="换领驾驶证…")
    assert any("T7" in fault for fault in walker.look("portrait", "services-B", cut))
