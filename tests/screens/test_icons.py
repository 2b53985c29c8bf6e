"""The icons: every one that a View names is in the atlas."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kiosk.view.models import Notice, Status, View
from kiosk.view.present import present
from kiosk.view.ways import ARROWS
from tests.view import hall


def named(view: View) -> Iterator[str]:
    """Every icon that a View names."""
    yield from (action.icon for action in view.actions if action.icon)
    yield from (block.icon for block in view.blocks if isinstance(block, Notice | Status) and block.icon)


def test_every_icon_of_every_page_is_there(assets: Path) -> None:
    atlas = json.loads((assets / "icons" / "icons.atlas").read_text("utf-8"))["icons.png"]
    wanted = {icon for page in hall.pages() for icon in named(present(hall.state(page), hall.texts()))}
    wanted |= {"map-pin", "check", "hourglass", "circle-alert"}  # which the screen draws by itself
    wanted |= set(ARROWS.values())
    assert len(wanted) > 15
    assert {icon for icon in wanted if f"{icon}-48" not in atlas} == set()


def test_the_smallest_icon_that_is_large_enough_is_drawn(glyphs: Any, window: Any) -> None:
    assert glyphs.icon("house", 40).width == 48
    assert glyphs.icon("house", 80).width == 96
    assert glyphs.icon("id-card", 160).width == 192
    assert glyphs.icon("no-such-icon", 40) is None


def test_the_atlas_lists_what_the_script_lists(tree: Path) -> None:
    lines = (tree / "image" / "icons.txt").read_text("utf-8").splitlines()
    names = {line.split()[0] for line in lines if line and not line.startswith("#")}
    atlas = json.loads((tree / "assets" / "icons" / "icons.atlas").read_text("utf-8"))["icons.png"]
    assert {name.rsplit("-", 1)[0] for name in atlas} == names
