"""Checks of the board itself: clock, memory, heat, power, graphics - as far as this machine lets itself be read."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from kiosk.ops.doctor import Finding, open_question, unwell, well
from kiosk.ops.usb import FILE, plugged, strangers
from kiosk.ops.watch import HOT_CELSIUS, REMEDIES, celsius, sagging, text

LOW_MEMORY_MB = 100
EARLIEST, LATEST = 2025, 2099
"""Years; a board without a clock battery starts in 1970, and a clock far ahead spoils every date."""
_SYNCHRONISED = Path("run/systemd/timesync/synchronized")


def clock(now: datetime, *, test: bool, root: Path = Path("/")) -> Finding:
    """Whether the time can be right. A test clock is always named."""
    name = "clock"
    time = f"{now:%Y-%m-%d %H:%M:%S %z}"
    if test:
        return well(name, f"test clock: it is {time}", remedy="never serve citizens by a test clock")
    if not EARLIEST <= now.year <= LATEST:
        return unwell(name, f"it is {time}: impossible", "connect the network and wait for the time", required=True)
    kept = "kept by the network" if (root / _SYNCHRONISED).exists() else "not known to be kept by the network"
    return well(name, f"it is {time}, {kept}", required=True)


def memory(root: Path = Path("/")) -> Finding:
    """Whether there is memory left."""
    name = "memory"
    available = _meminfo(root).get("MemAvailable")
    if available is None:
        return open_question(name, "cannot be read here", "look at it with the system's own tools")
    what = f"{available >> 10} MB available"
    if available >> 10 < LOW_MEMORY_MB:
        return unwell(name, what, "restart the kiosk; if it comes back, report it")
    return well(name, what)


def temperature(root: Path = Path("/")) -> Finding:
    """Whether the board is too hot."""
    name = "temperature"
    warmth = celsius(root)
    if warmth is None:
        return open_question(name, "cannot be read here", "nothing to do on a machine without a sensor")
    if warmth >= HOT_CELSIUS:
        return unwell(name, f"{warmth:.0f} C", REMEDIES["overheated"])
    return well(name, f"{warmth:.0f} C")


def power(root: Path = Path("/"), told: str = "", sags: Sequence[str] = ()) -> Finding:
    """Whether the supply sags now, or did within the last minute by what the running kiosk has `told`.

    `sags` are the days and times of the sags in the ring of events; the board itself remembers none.
    """
    name = "power"
    now = sagging(root)
    before = f"; {len(sags)} times in the kiosk's events, last {sags[-1]}" if sags else ""
    if now is None and not told:
        what = f"cannot be read here{before}"
        return open_question(name, what, "nothing to do on a machine without a sensor")
    if now or told == "under-voltage":
        return unwell(name, f"under-voltage{before}", REMEDIES["under-voltage"])
    return well(name, f"no under-voltage now{before}", remedy=REMEDIES["under-voltage"] if sags else "")


def graphics(root: Path = Path("/")) -> Finding:
    """Whether there is a graphics processor; what the window really draws with only the window knows."""
    name = "graphics"
    nodes = sorted(file.name for file in root.glob("dev/dri/renderD*"))
    if nodes:
        return well(name, f"a graphics processor is there ({nodes[0]})")
    return open_question(name, "no graphics processor found: pages are drawn in software", "fit one, or accept it")


def _meminfo(root: Path) -> dict[str, int]:
    lines = text(root / "proc/meminfo").splitlines()
    pairs = (line.partition(":") for line in lines)
    return {name: int(rest.split()[0]) for name, _, rest in pairs if rest.split() and rest.split()[0].isdigit()}


def usb(state: Path, root: Path = Path("/")) -> Finding:
    """Whether only the devices of the set-up are let in, and none of them was moved."""
    name = "usb"
    try:
        rules = (state / FILE).read_text("utf-8")
    except OSError:
        return open_question(name, "every USB device is let in", "end the set-up on the kiosk's screen: it closes them")
    others = strangers(rules, plugged(root / "sys/bus/usb/devices"))
    if others:
        named = ", ".join(f"{each.id} at {each.port}" for each in others)
        remedy = "unplug what is not the kiosk's; after a repair choose 'set up again' in the service menu"
        return unwell(name, f"blocked: {named}", remedy)
    return well(name, "only the devices of the set-up are let in")
