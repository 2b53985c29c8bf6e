"""A real central service for the links that speak to one."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.central.world import World, close_world, open_world


@pytest.fixture(scope="module")
def shared_centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = open_world(tmp_path_factory.mktemp("centre"))
    yield world
    close_world(world)


@pytest.fixture
def centre(shared_centre: World) -> World:
    shared_centre.clock.offset = timedelta()
    return shared_centre
