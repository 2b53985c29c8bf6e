"""Debian comes from where this host has it, whatever else apt is told of."""

import pytest

from image.recipe.mirror import pick
from image.recipe.tools import Lacking

SAID = """\
elsewhere http://tools.example/packages/
bookworm-security http://one.example/debian-security/
bookworm http://one.example/debian/
bookworm http://two.example/debian/
bookworm-updates http://one.example/debian/
"""


def test_the_first_mirror_of_this_release_is_taken() -> None:
    assert pick(SAID, "bookworm") == "http://one.example/debian"


@pytest.mark.parametrize(
    ("said", "release"), [(SAID, "trixie"), ("", "bookworm"), (SAID, ""), ("bookworm\n", "bookworm")]
)
def test_without_one_the_technician_is_told_what_to_give(said: str, release: str) -> None:
    with pytest.raises(Lacking, match="--mirror"):
        pick(said, release)
