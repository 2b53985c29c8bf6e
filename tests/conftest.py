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


settings.register_profile("default", deadline=None)
settings.register_profile("nightly", max_examples=5000, deadline=None)
settings.load_profile("default")


@pytest.fixture(scope="session", autouse=True)
def _kivy_home() -> Iterator[None]:
    with tempfile.TemporaryDirectory(prefix="kivy-") as folder:
        os.environ["KIVY_HOME"] = folder
        yield


@pytest.fixture(scope="session")
def tree() -> Path:
    """The source tree."""
    return Path(__file__).resolve().parents[1]
