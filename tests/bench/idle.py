"""Thirty seconds of nothing on the welcome page: frames drawn, processor time, beside the bare window."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from tests.bench.figures import Figure
from tests.bench.window import ROOT, bare, environment

IDLE_S = 30.0
SETTLE_S = 6.0


def measure() -> list[Figure]:
    """Let core and screen stand, then count."""
    yardstick = bare(idle_s=IDLE_S)
    with tempfile.TemporaryDirectory(prefix="kiosk-bench-") as folder:
        frames, screen_cpu, core_cpu = _idle(Path(folder))
    share = screen_cpu / IDLE_S
    bare_share = float(yardstick["idle_cpu_s"]) / float(yardstick["idle_wall_s"])
    return [
        Figure("frames in 30 idle seconds", frames, "frames", 2, "a minute's tick may fall into it"),
        Figure(
            "screen's idle CPU / bare window's", share / bare_share, "x", 1.5, f"{share:.2%} beside {bare_share:.2%}"
        ),
        Figure("core's idle CPU", 100 * core_cpu / IDLE_S, "% of a core", None, "printer, hub and outbox looked after"),
    ]


def _idle(state: Path) -> tuple[int, float, float]:
    counted = state / "frames"
    core = subprocess.Popen(
        [sys.executable, "-m", "kiosk", "core", "--state", str(state)], stderr=subprocess.DEVNULL, cwd=ROOT
    )
    screen = subprocess.Popen(
        [
            sys.executable, "-m", "tests.bench.counted_screen", str(counted),
            "screen", "--state", str(state), "--zoom", "1",
        ],
        env=environment(), stderr=subprocess.DEVNULL, cwd=ROOT,
    )  # fmt: skip
    try:
        time.sleep(SETTLE_S)
        before = (counted.stat().st_size, _cpu(screen.pid), _cpu(core.pid))
        time.sleep(IDLE_S)
        after = (counted.stat().st_size, _cpu(screen.pid), _cpu(core.pid))
    finally:
        for child in (screen, core):
            child.terminate()
            child.wait(20)
    return int(after[0] - before[0]), after[1] - before[1], after[2] - before[2]


def _cpu(pid: int) -> float:
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)
