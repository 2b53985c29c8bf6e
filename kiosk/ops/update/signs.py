"""Signs that a kiosk works: looked for before an update, asked for again on the trial of the new slot."""

import subprocess
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from kiosk.domain.errors import Refusal
from kiosk.engine.control import ask
from kiosk.ops.checks import storage

ALWAYS = ("core", "screen", "journal", "units")
"""What every trial has to show, whatever was before."""
WORKING = ("ready", "paper-low")
"""Words for a device that does its work."""
OWN = ("kiosk-update.service", "kiosk-gate.service", "kiosk-trial.service")
PATIENCE_S = 10.0


@dataclass(frozen=True)
class Look:
    """What was seen: the signs that are there, why others are not, and whether somebody is at the kiosk."""

    healthy: tuple[str, ...]
    troubles: Mapping[str, str]
    occupied: bool


def look(state: Path, reachable: Callable[[], bool], screen_unit: str = "kiosk-screen.service") -> Look:
    """Look at everything once. Without a core nobody is served, so nobody is there."""
    try:
        told = ask(state, {"do": "vitals"}, PATIENCE_S)
    except Refusal as refusal:
        told, silent = {}, str(refusal)
    else:
        silent = "no core runs" if told is None else ""
    health = (told or {}).get("health")
    devices = {str(name): str(word) for name, word in health.items()} if isinstance(health, dict) else {}
    journal = storage.journal(state)
    troubles = {
        "core": silent,
        "screen": _screen(bool((told or {}).get("drawn")), screen_unit),
        "journal": "" if journal.ok else journal.what,
        "units": _failed_units(),
        "network": "" if reachable() else "the centre is not reached",
        **{name: "" if word in WORKING else f"it is {word}" for name, word in devices.items()},
    }
    return Look(
        tuple(sorted(name for name, why in troubles.items() if not why)),
        {name: why for name, why in troubles.items() if why},
        bool((told or {}).get("occupied", False)),
    )


def quiet(state: Path) -> bool:
    """Have core let nobody begin any more; True where nobody is there. Without a core nobody is served."""
    try:
        told = ask(state, {"do": "restart-due"}, PATIENCE_S)
    except Refusal:
        return False
    return told is None or bool(told.get("quiet", False))


def lacking(before: Iterable[str], now: Look) -> str:
    """What the trial does not show and should, in one line; empty where it may be committed."""
    missing = sorted({*ALWAYS, *before} - set(now.healthy))
    return "; ".join(f"{name}: {now.troubles.get(name, 'it is not there')}" for name in missing)


def _screen(drawn: bool, unit: str) -> str:
    """A first frame is on the glass, and the process that draws it and reads touches has not been started again.

    Its watchdog is fed by the loop that draws and by the thread that reads the panel: it falls if either dies.
    """
    if not drawn:
        return "nothing is on the glass"
    told = _systemctl("show", unit, "--property=ActiveState,NRestarts")
    if told is None:
        return "systemd does not answer"
    known = dict(line.split("=", 1) for line in told.splitlines() if "=" in line)
    if known.get("ActiveState") != "active":
        return f"its unit is {known.get('ActiveState', 'unknown')}"
    return "" if known.get("NRestarts") == "0" else f"it fell {known.get('NRestarts', '?')} times"


def _failed_units() -> str:
    told = _systemctl("list-units", "--state=failed", "--plain", "--no-legend", "--full")
    if told is None:
        return "systemd does not answer"
    failed = [line.split()[0] for line in told.splitlines() if line.split() and line.split()[0] not in OWN]
    return f"failed: {', '.join(failed[:5])}" if failed else ""


def _systemctl(*words: str) -> str | None:
    try:
        done = subprocess.run(  # noqa: S603 - fixed words, no shell
            ["systemctl", "--no-pager", *words],  # noqa: S607 - the system's own, wherever it lies
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None
