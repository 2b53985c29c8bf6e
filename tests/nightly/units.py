"""The image's own units, at full speed: each process is killed and hung, and one that keeps falling ends calmly."""

import os
import shutil
import time

from tests.nightly.acts import Stage
from tests.nightly.fall import LIMITS_S
from tests.nightly.house import House, house
from tests.nightly.twin import Missed

TIMES = {"KILL": 5, "STOP": 3}
HOW = {"KILL": "killed", "STOP": "hung"}
REST_S = 3.0
BURST = 6
PYTHON = ("/opt/kiosk/bin/python", "-c")
ORDER = "from pathlib import Path; from kiosk.ops.machine import switch; switch(Path('/var/lib/kiosk'), 'reboot')"


def units(stage: Stage) -> None:
    """Screen and core, with the watchdogs that they have on a board."""
    root = stage.box.root / "build/qemu-amd64/root"
    if not root.is_dir():
        raise Missed("the root of the image is not there: play `build`")
    found: dict[str, list[float]] = {}
    began = time.monotonic()
    try:
        with house(root, stage.run / "house") as inside:
            if not inside.wait("kiosk-screen.service", "active"):
                raise Missed("the screen did not come up")
            stage.told |= {
                "load": [round(each, 1) for each in os.getloadavg()],
                "up_s": round(time.monotonic() - began, 1),
            }
            for part in ("screen", "core"):
                for signal, times in TIMES.items():
                    for _ in range(times):
                        away = inside.away(f"kiosk-{part}.service", signal)
                        found.setdefault(f"{part} {HOW[signal]}", []).append(round(away, 2))
                        time.sleep(REST_S)
            stage.told |= {"away_s": found, "load after": [round(each, 1) for each in os.getloadavg()]}
            stage.told["screen keeps falling"] = keeps_falling(inside)
        with house(root, stage.run / "house") as inside:
            stage.told["order"] = ordered(inside)
        with house(root, stage.run / "house") as inside:
            stage.told["core keeps falling"] = rescued(inside)
    finally:
        shutil.rmtree(stage.run / "house", ignore_errors=True)
    late = {name: times for name, times in found.items() if sorted(times)[len(times) // 2] > LIMITS_S[name]}
    if late:
        raise Missed(f"back too late, by the middle of each: {late}")


def keeps_falling(inside: House) -> str:
    """A screen that falls again and again: it is tried so often, then the page with its code stands."""
    unit = "kiosk-screen.service"
    inside.run("systemctl", "reset-failed", unit)
    fell = 0
    while inside.wait(unit, "active", 30.0) and not _page(inside):
        inside.run("systemctl", "kill", "--signal=KILL", "--kill-whom=main", unit)
        fell += 1
        if fell > 2 * BURST:
            raise Missed("a screen that keeps falling is started for ever")
        time.sleep(1.0)
    if fell < BURST:
        raise Missed(f"the page came after {fell} falls")
    if not _page(inside):
        raise Missed("no page came")
    return f"the page stands after {fell} falls"


def ordered(inside: House) -> str:
    """The service menu's order, by the account that has no right to it: systemd starts the machine anew."""
    if not inside.wait("kiosk-core.service", "active"):
        raise Missed("core did not come up")
    inside.run("setpriv", "--reuid=kiosk-core", "--regid=kiosk", "--clear-groups", *PYTHON, ORDER)
    if not inside.ended():
        raise Missed("the machine was not started anew by core's order")
    return "the machine was started anew by core's order"


def rescued(inside: House) -> str:
    """Core falls again and again: the machine is started anew once, and no more that day."""
    unit = "kiosk-core.service"
    fell = 0
    while inside.wait(unit, "active", 30.0) and fell < 2 * BURST:
        inside.run("systemctl", "kill", "--signal=KILL", "--kill-whom=main", unit)
        fell += 1
        time.sleep(0.5)
        if inside.ended(2.0):
            break
    if fell < BURST or not inside.ended():
        raise Missed(f"the machine was not started anew after {fell} falls of core")
    return f"the machine was started anew after {fell} falls"


def _page(inside: House) -> bool:
    return inside.told("kiosk-sorry@screen.service", "ActiveState")["ActiveState"].startswith("activ")
