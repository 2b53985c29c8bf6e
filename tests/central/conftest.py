"""One central service for the tests of a module; those that break it open their own."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.central.world import Device, World, close_world, open_world


@pytest.fixture(scope="module")
def shared_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    opened = open_world(tmp_path_factory.mktemp("centre"))
    yield opened
    close_world(opened)


@pytest.fixture
def world(shared_world: World) -> Iterator[World]:
    shared_world.clock.offset = timedelta()
    shared_world.http.cookies.clear()
    yield shared_world
    shared_world.clock.offset = timedelta()


@pytest.fixture
def device(world: World) -> Device:
    return world.device()
