"""Where reader, scanner and paper are is a setting, and words and pictures point there."""

from dataclasses import replace

from kiosk.core.state import Identify
from kiosk.domain.health import Ready
from kiosk.view.models import Notice
from kiosk.view.present import present
from tests.view.hall import WORKS, state, texts


def test_where_reader_and_scanner_are_is_a_setting_and_pointed_at() -> None:
    here = state(Identify(), parts=replace(WORKS, card=Ready()))
    told = replace(here, branch=replace(here.branch, where={"card": "below-right", "scanner": "left"}))
    card, scan = (block for block in present(told, texts()).blocks if isinstance(block, Notice))
    assert (card.pointer, scan.pointer) == ("arrow-down-right", "arrow-left")
    assert card.text.endswith("读卡区在屏幕右下方。")
    assert scan.text.endswith("扫描窗在屏幕左侧。")
    assert all(not block.pointer for block in present(here, texts()).blocks if isinstance(block, Notice))
