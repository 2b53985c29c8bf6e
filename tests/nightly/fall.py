"""Kills and stops each process of the virtual machine, and times how long it is away, by the machine's own clock."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass

from tests.nightly.emulated import Shell

PATIENCE_S = 900.0
WORK = "import time; a=time.perf_counter(); sum(i*i for i in range(2000000)); print(time.perf_counter()-a)"
BOARD_S = {"screen": 15.0, "core": 10.0}
"""The watchdogs of the units as they stand on a board."""
BOOT_S = 20.0
"""From the kernel's start to the welcome page, without emulation; a release that needs longer has to say why."""
LIMITS_S = {"screen killed": 5.0, "screen hung": 20.0, "core killed": 3.0, "core hung": 20.0}


@dataclass(frozen=True)
class Fall:
    """One fall: seconds that the part was away, and the same divided by how much slower this machine is emulated."""

    what: str
    away_s: float
    real_s: float
    limit_s: float


def factor(shell: Shell) -> float:
    """How many times slower than this computer the machine runs Python."""
    here = time.perf_counter()
    sum(i * i for i in range(2_000_000))
    here = time.perf_counter() - here
    return float(shell.run(f"/opt/kiosk/bin/python -c '{WORK}'", PATIENCE_S).split()[-1]) / here


def boot(shell: Shell, slower: float) -> dict[str, float]:
    """Seconds from the kernel's start to the first frame, as they were and as they would be without emulation."""
    since = float(_property(shell, "kiosk-screen.service", "ActiveEnterTimestampMonotonic")) / 1e6
    return {"window_s": round(since, 1), "real_s": round(since / slower, 1), "limit_s": BOOT_S}


def falls(shell: Shell, watchdog_s: float, slower: float) -> list[dict[str, object]]:
    """Kill and stop screen and core. A hang is told by the watchdog: the machine's is longer than a board's."""
    found: list[dict[str, object]] = []
    for part in ("screen", "core"):
        for how, signal in (("killed", "KILL"), ("hung", "STOP")):
            away = _away(shell, f"kiosk-{part}.service", signal)
            limit, name = LIMITS_S[f"{part} {how}"], f"{part} {how}"
            waits, board = (watchdog_s, BOARD_S[part]) if how == "hung" else (0.0, 0.0)
            found.append(asdict(Fall(name, round(away, 1), round(board + (away - waits) / slower, 1), limit)))
    return found


def _away(shell: Shell, unit: str, signal: str) -> float:
    old = _property(shell, unit, "MainPID")
    began = _uptime(shell)
    shell.run(f"kill -{signal} {old}")

    def back() -> bool:
        fresh = _property(shell, unit, "MainPID")
        return fresh not in (old, "0") and _property(shell, unit, "ActiveState") == "active"

    _until(back, f"{unit} did not come back")
    since = float(_property(shell, unit, "ActiveEnterTimestampMonotonic")) / 1e6
    return since - began


def _uptime(shell: Shell) -> float:
    return float(shell.run("cat /proc/uptime").split()[0])


def _property(shell: Shell, unit: str, name: str) -> str:
    return shell.run(f"systemctl show --value -p {name} {unit}").strip()


def _until(holds: Callable[[], bool], missed: str) -> None:
    end = time.monotonic() + PATIENCE_S
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError(missed)
        time.sleep(0.5)
