"""Opens a printer by its address: the one place that chooses between a device and a file."""

from pathlib import Path

from drivers.device import BadAddress
from drivers.printer.fonts import Fonts
from drivers.printer.leftover import Strip, keep_strip, stored_strip
from drivers.printer.measured import Measured, fitted, stored
from drivers.printer.printer import EscposPrinter
from drivers.printer.probe import probe
from drivers.printer.profile import Mode, Profile, ProfileError, parse_profile
from drivers.printer.station import Options, Station
from drivers.transport.opening import open_line
from drivers.transport.urls import Scheme, parse


def load_profile(assets: Path, name: str) -> Profile:
    """Read assets/printers/NAME.toml; ProfileError names its mistakes, or the profiles that exist."""
    folder = assets / "printers"
    file = folder / f"{name}.toml"
    if not name.replace("-", "").isalnum() or not file.is_file():
        known = ", ".join(sorted(path.stem for path in folder.glob("*.toml")))
        raise ProfileError(f"there is no printer profile {name!r:.60}; known are {known}")
    return parse_profile(name, file.read_text("utf-8"))


def open_printer(
    url: str,
    profile: str,
    mode: str,
    assets: Path,
    *,
    void: str = "",
    state: Path | None = None,
    suspect: bool = False,
    beep: bool = False,
) -> EscposPrinter:
    """Make the printer at an address and start it; it is opened, and opened again after faults, by its own thread.

    `url`: tcp://, serial:// or lp://; BadAddress for anything else. `profile`: a name under assets/printers;
    ProfileError if there is none. `mode`: `native`, `raster`, or `auto`: see `mode_of`. `void`: words for half a paper
    that has to be cut off, e.g. `以上作废`. `state`: the folder with what this printer answered at install, and what
    its last print left hanging at the cutter. `suspect`: the last print is not known to have ended.
    `beep`: two beeps when a paper is out.
    """
    address = parse(url)
    if address.scheme == "file":
        raise BadAddress("a file is no printer that a kiosk could use; give tcp://, serial:// or lp://")
    model = fitted(load_profile(assets, profile), stored(state) if state else None, url)
    left: Strip = "maybe" if suspect else (state and stored_strip(state, url)) or "clean"

    def keep(strip: Strip) -> None:
        if state is not None:
            keep_strip(state, url, strip)

    options = Options(mode_of(mode, model, address.scheme), void, left, keep, beep=beep)
    station = Station(lambda: open_line(address), model, Fonts.under(assets / "fonts"), options)
    printer = EscposPrinter(station)
    printer.start()
    return printer


def probe_printer(url: str, profile: str, assets: Path, at: str) -> Measured:
    """Open the printer at an address for a moment and ask it everything; LineLost says why that was not possible.

    `at`: the time as text, for whoever reads the answers later. BadAddress and ProfileError as above.
    """
    line = open_line(parse(url))
    try:
        return probe(line, load_profile(assets, profile), url, at)
    finally:
        line.close()


def mode_of(mode: str, profile: Profile, scheme: Scheme) -> Mode:
    """The mode that a setting means for a model on a line.

    `auto` asks the profile; where that says `auto` too, a picture goes out on every line but a serial one: at 9600 baud
    it would take half a minute, the printer's own text half a second.
    """
    for word in (mode, profile.mode):
        match word:
            case "native" | "raster":
                return word
    return "native" if scheme == "serial" else "raster"
