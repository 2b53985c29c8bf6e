"""The machine under the kiosk: which start of it this is, and the two things asked of its manager."""

import os
import platform
import subprocess
import time
from pathlib import Path
from typing import Literal

from kiosk import __version__
from kiosk.ops.files import make_folder, write_whole
from kiosk.ops.outcome import Outcome

PATIENCE_S = 30.0
ORDERS = "power"
"""Where, in the state folder, an order to the machine lies until systemd takes it."""
Switch = Literal["reboot", "poweroff"]
_BOOT = Path("/proc/sys/kernel/random/boot_id")


def boot_id() -> str:
    """Names this start of the machine. The service's sandbox hides the kernel's file, so systemd hands it in as %b."""
    try:
        return os.environ.get("KIOSK_BOOT") or _BOOT.read_text("ascii").strip().replace("-", "")
    except OSError:
        return ""


def uptime_s() -> float:
    """Seconds since the machine started, sleep included."""
    return round(time.clock_gettime(time.CLOCK_BOOTTIME), 1)


def has_switch() -> bool:
    """Whether systemd waits here for an order: then it is carried out though this account has no right to."""
    return _systemctl("is-active", "--quiet", "kiosk-reboot.path", "kiosk-poweroff.path") is None


def switch(state: Path, kind: Switch) -> Outcome:
    """Ask for a restart of the machine, or for it to be switched off.

    On a kiosk card the account has no right to; the order is a file, and kiosk-reboot.path or kiosk-poweroff.path has
    systemd take it away and do it. Elsewhere systemd is asked itself, and says whether this account may.
    """
    if not has_switch():
        return _systemctl(kind) or Outcome("later")
    write_whole(make_folder(state / ORDERS) / kind, b"")
    return Outcome("later")


def _systemctl(*words: str) -> Outcome | None:
    try:
        done = subprocess.run(  # noqa: S603 - fixed words, no shell
            ["systemctl", "--no-ask-password", *words],  # noqa: S607 - the system's own, wherever it lies
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return Outcome("failed", f"systemctl {words[0]}: {type(error).__name__}")
    if done.returncode == 0:
        return None
    said = done.stderr.strip().splitlines()
    return Outcome("failed", f"systemctl {words[0]}: {said[-1] if said else f'exit {done.returncode}'}")


def hardware() -> dict[str, str]:
    """What helps a technician to tell one machine from another; nothing that names its owner."""
    facts = {"machine": platform.machine(), "system": platform.system(), "python": platform.python_version()}
    model = Path("/proc/device-tree/model")  # on a Raspberry Pi, ended by a NUL
    try:
        facts["model"] = model.read_text("utf-8", "replace").strip("\0 \n")[:60]
    except OSError:
        pass
    return {name: value for name, value in (facts | {"version": __version__}).items() if value}
