"""The yardstick and the product's own window, started from the same place in the same way."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
OFFSCREEN = {"SDL_VIDEODRIVER": "offscreen", "LP_NUM_THREADS": "0"}


def environment() -> dict[str, str]:
    return {**os.environ, **OFFSCREEN}


def bare(redraw: int = 0, idle_s: float = 0.0) -> dict[str, Any]:
    """Run the bare window once and give everything it measured."""
    command = [sys.executable, str(ROOT / "tests" / "bench" / "bare_window.py"), "--redraw", str(redraw)]
    command += ["--idle", str(idle_s), "--born", str(time.time())]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=300, check=True)
    found: dict[str, Any] = {}
    for line in done.stdout.splitlines():
        found |= json.loads(line)
    return found


def cold_start(state: Path) -> float:
    """Seconds from starting `kiosk run` to its first interactive View on the glass."""
    born = time.time()
    command = [sys.executable, "-m", "kiosk", "run", "--state", str(state)]
    with subprocess.Popen(
        command, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT
    ) as child:
        assert child.stdout is not None
        line = child.stdout.readline()
        took = time.time() - born
        child.terminate()
        child.wait(20)
    if "kiosk" not in line:
        raise RuntimeError("kiosk run did not announce itself")
    return took
