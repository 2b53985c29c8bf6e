"""What printer, scanner, card reader and camera really answer: asked once at install, kept, and told by the doctor."""

import logging
from collections.abc import Callable, Container
from dataclasses import replace
from pathlib import Path

from kiosk.config import Settings
from kiosk.core.flows import wizard
from kiosk.domain.errors import Refusal
from kiosk.ops import progress
from kiosk.ops.doctor import Finding
from kiosk.ops.files import write_whole
from kiosk.ops.machine import boot_id
from kiosk.wiring import places

NOT_YET = "not probed yet: `kiosk doctor --probe`, or a new start of a kiosk card"
ASKED = "asked-at"
"""In the state folder: the start of the machine at which devices were asked last."""

_log = logging.getLogger(__name__)


def probe_at_start(settings: Settings, state: Path, at: str) -> None:
    """On a card, before core opens the devices: ask those that have not told yet what they can, for it has no shell.

    A set-up that begins anew asks all: it is what a technician does after a device was changed. Later those that gave
    no answer are asked once a start of the machine: a core that fell has to be back at once.
    """
    if not (state / progress.FILE).exists():
        return
    anew = progress.read(state).step == wizard.STEPS[0]
    asked = {name for name, (place, _) in _askers(settings, at).items() if anew or not _known(state, name, place)}
    mark, boot = state / ASKED, boot_id()
    try:
        if asked and (anew or not mark.exists() or mark.read_text("ascii", "replace") != boot):
            write_whole(mark, boot.encode())
            probe(settings, state, at, held=False, asked=asked)
    except (Refusal, OSError) as error:
        _log.warning("%s; it is asked again when the machine starts anew", error)


def probe(settings: Settings, state: Path, at: str, *, held: bool, asked: Container[str] | None = None) -> None:
    """Ask every device that the settings name and keep its answers; Refusal names those that gave none.

    `at` is the time as text; `held`: a kiosk runs on this state folder and holds them; `asked`: these alone.
    """
    from drivers.device import BadAddress, LineLost
    from drivers.printer.profile import ProfileError

    wanted = {name: ask for name, (place, ask) in _askers(settings, at).items() if place}
    if asked is not None:
        wanted = {name: ask for name, ask in wanted.items() if name in asked}
    elif not wanted:
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


def _known(state: Path, name: str, place: str) -> bool:
    """Whether what stands at this place has told what it can."""
    from drivers.printer import measured
    from drivers.probed import stored

    if not place:
        return True
    if name == "printer":
        found = measured.stored(state)
        return found is not None and found.url == place
    return stored(state, name, place) is not None


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
