"""A centre that its kiosks call every five seconds."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.central.world import World, close_world, open_world


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[World]:
    folder = tmp_path / "centre"
    folder.mkdir()
    world = open_world(folder, heartbeat_s=5)
    yield world
    close_world(world)
