"""Cold start of `kiosk run` to the first interactive View, beside a bare Kivy window with one label."""

import tempfile
from pathlib import Path

from tests.bench.figures import Figure, median
from tests.bench.window import bare, cold_start

ROUNDS = 7


def measure() -> list[Figure]:
    """Alternate the two, so that a noisy minute meets both alike."""
    ours, yardstick = [], []
    with tempfile.TemporaryDirectory(prefix="kiosk-bench-") as folder:
        for _ in range(ROUNDS):
            yardstick.append(float(bare()["start_s"]))
            ours.append(cold_start(Path(folder)))
    note = f"medians of {ROUNDS}: {median(ours):.2f} s beside {median(yardstick):.2f} s"
    return [Figure("cold start / bare window", median(ours) / median(yardstick), "x", 2.0, note)]
