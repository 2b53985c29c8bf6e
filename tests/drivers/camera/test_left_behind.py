"""What lies on the tray is told from light, shadow and noise; where nothing can be seen nothing is said."""

from typing import get_args

import numpy as np
import pytest
from hypothesis import settings

from drivers.camera.document_table import Table
from drivers.camera.left_behind import compare, small
from drivers.camera.reading import Gray
from tests.drivers.camera.trays import relit, seen, shaded, with_card

SURFACES = len(get_args(Table))
AT_NIGHT = 240


def test_a_card_or_a_sheet_is_seen_on_every_surface_and_another_light_is_none() -> None:
    """Never a reminder of nothing; at night, on forty trays of each surface, one card in a hundred may be missed."""
    missed, trays = 0, AT_NIGHT if settings().max_examples > 1000 else SURFACES
    for seed in range(trays):
        rng, before = np.random.default_rng(10_000 + seed), seen(seed)
        empty = small(before)
        for clear in (relit(before, rng, 0.0), relit(before, rng), shaded(relit(before, rng, 0.2), rng)):
            assert compare(empty, small(clear)) == "clear", seed
        for card in (relit(with_card(before, rng), rng), shaded(relit(with_card(before, rng), rng, 0.2), rng)):
            missed += compare(empty, small(card)) != "left"
        assert compare(empty, small(relit(seen(seed, empty=False, fill=0.6), rng, 0.2))) == "left", seed
    assert missed <= 2 * trays // 100


def test_what_is_taken_away_is_clear_again_and_what_lay_there_before_is_nobodys() -> None:
    rng, bare = np.random.default_rng(7), seen(2)
    sign = with_card(bare, rng)
    assert compare(small(sign), small(relit(sign, rng, 0.2))) == "clear"
    assert compare(small(sign), small(with_card(sign, rng))) == "left"


@pytest.mark.parametrize("dark", [np.zeros((480, 640), np.uint8), np.full((480, 640), 4, np.uint8)])
def test_in_the_dark_nobody_can_say(dark: Gray) -> None:
    light = small(seen(2))
    assert compare(light, small(dark)) == compare(small(dark), light) == "unknown"
