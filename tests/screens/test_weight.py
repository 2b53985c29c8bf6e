"""The window's own weight: begun anew when it has grown, never before a citizen."""

from pathlib import Path

import pytest

from screens.weight import MOST_MB, held_mb, too_heavy


def test_the_kernel_is_asked_and_a_riddle_is_no_weight(tmp_path: Path) -> None:
    assert 5 < held_mb() < 4000
    file = tmp_path / "statm"
    for text in ("", "1", "a b c"):
        file.write_text(text)
        assert held_mb(file) == 0
    assert held_mb(tmp_path / "gone") == 0


@pytest.mark.parametrize(("shown", "held", "anew"), [
    ("welcome", MOST_MB + 1, True), ("welcome", MOST_MB, False), ("form", 10 * MOST_MB, False),
])  # fmt: skip
def test_it_begins_anew_only_when_nobody_is_there(shown: str, held: int, anew: bool) -> None:
    assert too_heavy(shown, held) is anew
