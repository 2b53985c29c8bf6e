"""Versions are compared as versions, not as text."""

import pytest

from kiosk.domain.program_version import older


@pytest.mark.parametrize(
    ("version", "least"), [("0.9", "0.10"), ("0.1.0", "0.1.1"), ("1.0rc1", "1.0"), ("0.2.dev3", "0.2"), ("1", "1.0.1")]
)
def test_an_older_one_is_older_and_never_the_other_way_round(version: str, least: str) -> None:
    assert older(version, least)
    assert not older(least, version)


@pytest.mark.parametrize(
    ("version", "least"), [("1.0", "1.0.0"), ("0.1.0", "0"), ("0.1.0+local", "0.1.0"), ("", "0.1"), ("0.1", "newest")]
)
def test_the_same_one_and_what_is_no_version_is_not_older(version: str, least: str) -> None:
    assert not older(version, least)
