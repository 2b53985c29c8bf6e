"""What printer, scanner, card reader and camera really answer: asked once at install, kept, and told by the doctor."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from kiosk.config import Settings
from kiosk.domain.errors import Refusal
from kiosk.ops.doctor import Finding
from kiosk.wiring import places

NOT_YET = "not probed yet: `kiosk doctor --probe`"


def probe(settings: Settings, state: Path, at: str, *, held: bool) -> None:
    """Ask every device that the settings name and keep its answers; Refusal names those that gave none.

    `at` is the time as text; `held`: a kiosk runs on this state folder and holds them.
    """
    from drivers.device import BadAddress, LineLost
    from drivers.printer.profile import ProfileError

    wanted = {name: ask for name, (place, ask) in _askers(settings, at).items() if place}
    if not wanted:
        raise Refusal("no printer is configured, and no scanner, card reader or camera; set printer.url")
    if held:
        raise Refusal(f"the running kiosk holds the {' and the '.join(wanted)}; stop it and probe again")
    folder = places.open_state(state)
    problems: list[str] = []
    for name, ask in wanted.items():
        try:
            ask(folder)
        except (BadAddress, ProfileError) as error:
            problems.append(f"{error}; mend [{name}] in the settings")
        except Refusal as error:
            problems.append(str(error))
        except LineLost as error:
            problems.append(f"{name}: {error}" if name != "printer" else str(error))
    if problems:
        raise Refusal("; ".join(problems))


def told(finding: Finding, name: str, place: str, state: Path) -> Finding:
    """A finding with what the device answered at install."""
    if not place:
        return finding
    from drivers.probed import stored

    kept = stored(state, name, place)
    said = f"probed {kept.at[:10]}: {kept.words}" if kept else NOT_YET
    return replace(finding, what=f"{finding.what}; {said}")


def _askers(settings: Settings, at: str) -> dict[str, tuple[str, Callable[[Path], None]]]:
    """By the section of the settings: the place, and what asks there and keeps the answers in a folder."""
    from drivers.probed import store

    def printer(folder: Path) -> None:
        from drivers.printer.measured import store as keep
        from drivers.printer.opening import probe_printer

        url = settings.printer.url
        found = probe_printer(url, settings.printer.profile, places.assets(), at)
        if found.silent:
            raise Refusal(f"{url} answered nothing; switch it on, close its cover, load paper, and probe again")
        keep(folder, found)

    def scanner(folder: Path) -> None:
        from drivers.scanner.commands import load
        from drivers.scanner.probe import probe as ask

        commands = load(places.assets() / "scanners", settings.scanner.vendor)
        store(folder, "scanner", ask(settings.scanner.url, commands, at))

    def reader(folder: Path) -> None:
        from drivers.reader.probe import probe as ask

        store(folder, "reader", ask(settings.reader.url, at))

    def camera(folder: Path) -> None:
        from drivers.camera.probe import probe as ask

        store(folder, "camera", ask(settings.camera.source, at))

    return {
        "printer": (settings.printer.url, printer),
        "scanner": (settings.scanner.url, scanner),
        "reader": (settings.reader.url, reader),
        "camera": (settings.camera.source, camera),
    }
