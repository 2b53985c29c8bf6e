"""Checks of the board itself: clock, memory, heat, power, graphics - as far as this machine lets itself be read."""

from datetime import datetime
from pathlib import Path

from kiosk.ops.doctor import Finding, open_question, unwell, well

LOW_MEMORY_MB = 100
HOT_CELSIUS = 80.0
"""From here on a Raspberry Pi slows itself down."""
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
    readings = [_number(file) for file in root.glob("sys/class/thermal/thermal_zone*/temp")]
    known = [reading / 1000 for reading in readings if reading is not None]
    if not known:
        return open_question(name, "cannot be read here", "nothing to do on a machine without a sensor")
    if max(known) >= HOT_CELSIUS:
        return unwell(name, f"{max(known):.0f} C", "clear the vents, check the fan, keep it out of the sun")
    return well(name, f"{max(known):.0f} C")


def power(root: Path = Path("/")) -> Finding:
    """Whether the supply ever sagged since the start (Raspberry Pi: the driver rpi_volt)."""
    name = "power"
    for folder in root.glob("sys/class/hwmon/hwmon*"):
        if _text(folder / "name") == "rpi_volt":
            if _number(folder / "in0_lcrit_alarm"):
                remedy = "use the board's own power supply and a short cable; feed the printer separately"
                return unwell(name, "under-voltage since the start", remedy)
            return well(name, "no under-voltage since the start")
    return open_question(name, "cannot be read here", "nothing to do on a machine without a sensor")


def graphics(root: Path = Path("/")) -> Finding:
    """Whether there is a graphics processor; what the window really draws with only the window knows."""
    name = "graphics"
    nodes = sorted(file.name for file in root.glob("dev/dri/renderD*"))
    if nodes:
        return well(name, f"a graphics processor is there ({nodes[0]})")
    return open_question(name, "no graphics processor found: pages are drawn in software", "fit one, or accept it")


def _meminfo(root: Path) -> dict[str, int]:
    lines = _text(root / "proc/meminfo").splitlines()
    pairs = (line.partition(":") for line in lines)
    return {name: int(rest.split()[0]) for name, _, rest in pairs if rest.split() and rest.split()[0].isdigit()}


def _text(file: Path) -> str:
    try:
        return file.read_text("ascii", "replace").strip()
    except OSError:
        return ""


def _number(file: Path) -> int | None:
    try:
        return int(_text(file))
    except ValueError:
        return None
