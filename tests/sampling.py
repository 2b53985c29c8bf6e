"""How much of a long list `make test` goes through; `make nightly` goes through all of it (KIOSK_TEST_CUTS=every)."""

import os
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")
EVERY = os.environ.get("KIOSK_TEST_CUTS") == "every"


def some(items: Sequence[T], stride: int, first: int = 0) -> list[T]:
    """Every `stride`-th item from `first` on, or all of them at night."""
    return list(items) if EVERY else list(items[first::stride])
