"""What every test stands on: no window, no account's settings, no clock but the one a test injects."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# Before anything imports Kivy: real pixels without a display, and nothing read from or left in the account.
os.environ.update(
    SDL_VIDEODRIVER="offscreen",
    LP_NUM_THREADS="0",
    KIVY_NO_ARGS="1",
    KIVY_NO_CONFIG="1",
    KIVY_NO_FILELOG="1",
    KIVY_LOG_MODE="PYTHON",
)
for name in ("KIOSK_STATE", "KIOSK_CLOCK", "KIOSK_DEBUG"):
    os.environ.pop(name, None)


LONG = (
    "stories/test_stories", "engine/test_power_cuts", "engine/test_any_order", "faults/", "branch/test_machine",
    "branch/test_schema", "branch/test_command", "central/test_schema", "browser/", "screens/", "wiring/",
)  # fmt: skip
"""Files with the longest tests: begun first, or one process ends minutes after the others."""

settings.register_profile("default", deadline=None)
settings.register_profile("nightly", max_examples=5000, deadline=None)
settings.load_profile("default")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the long files; the order within a file stays."""
    items.sort(key=lambda item: next((n for n, name in enumerate(LONG) if f"tests/{name}" in item.nodeid), len(LONG)))


@pytest.fixture(scope="session", autouse=True)
def _kivy_home() -> Iterator[None]:
    with tempfile.TemporaryDirectory(prefix="kivy-") as folder:
        os.environ["KIVY_HOME"] = folder
        yield


@pytest.fixture(scope="session")
def tree() -> Path:
    """The source tree."""
    return Path(__file__).resolve().parents[1]
