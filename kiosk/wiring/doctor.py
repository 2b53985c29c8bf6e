"""`kiosk doctor`: every self-test of this machine, with its remedy."""

import argparse
import contextlib
import json
import logging
import os
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path

from kiosk import __version__
from kiosk.config import Settings, load
from kiosk.domain.errors import Refusal
from kiosk.domain.health import Health, Offline, Unknown, can_print, word
from kiosk.engine.clock import Clock, open_clock
from kiosk.engine.control import ask
from kiosk.ops.checks import board, lettering, peers, standing, storage
from kiosk.ops.doctor import Check, Finding, as_json, examine, exit_code, open_question, table, unwell, well
from kiosk.ops.events import kept_events
from kiosk.ops.readiness import Readiness
from kiosk.wiring import places, probing
from kiosk.wiring.enrolled import place_seen
from kiosk.wiring.readiness_pdf import write_pdf

SAG = ("board", "under-voltage")
PROBE_S = 4.0
"""How long the printer may take to open and answer before its condition is called unknown."""
FONT = "NotoSansSC-Regular.ttf"
PEN_PIXELS = 12
"""Large enough that no character looks like the sign for a missing one."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what stands after `kiosk doctor`."""
    parser.add_argument("--json", action="store_true", help="the findings as one JSON array")
    parser.add_argument(
        "--report", type=Path, metavar="FILE.pdf", help="write the readiness report, for the branch's papers"
    )
    parser.add_argument(
        "--probe",
        action="store_true",
        help="at install: ask printer, scanner, card reader and camera what they can, and keep their answers",
    )


def run(args: argparse.Namespace) -> int:
    """Run every test; 1 if a part that the settings name, and that the kiosk needs, is not well."""
    with _hushed():
        return _examined(args)


@contextlib.contextmanager
def _hushed() -> Iterator[None]:
    """Drivers log what the findings say anyhow; whoever called has its log back afterwards."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(before)


def _examined(args: argparse.Namespace) -> int:
    clock = open_clock(args.test_clock, os.environ)
    try:
        settings, mistakes = load(args.config), ""
    except Refusal as refusal:
        settings, mistakes = Settings(), str(refusal)
    if args.probe:
        at = clock.now().isoformat(timespec="seconds")
        probing.probe(settings, args.state, at, held=Core(args.state).runs)
    findings = examine(checks(settings, mistakes, args.config, args.state, clock))
    if args.report:
        write_pdf(report(settings, findings, clock), args.report, places.font())
    print(json.dumps(as_json(findings), ensure_ascii=False, indent=2) if args.json else table(findings))
    return exit_code(findings)


def report(settings: Settings, findings: Iterable[Finding], clock: Clock) -> Readiness:
    """What every test found, as one record to print and to file."""
    branch = settings.branch
    return Readiness(branch.id, branch.name_zh, settings.kiosk.name, clock.now(), tuple(findings))


def checks(settings: Settings, mistakes: str, config: Path | None, state: Path, clock: Clock) -> dict[str, Check]:
    """Every test by its name, in the order in which a technician goes through them."""
    core = Core(state)
    hub, token = settings.hub, settings.hub.token.reveal() or places.read_token(state, "kiosk")
    named = hub.url != Settings().hub.url or bool(token)
    urls = {"hub.url": hub.url, "central.url": settings.central.url, "branch.public_url": settings.branch.public_url}
    return {
        "settings": partial(_settings, mistakes, config, settings),
        "state-folder": partial(storage.state_folder, state),
        "disk": partial(storage.disk, state),
        "journal": partial(storage.journal, state),
        "hub-database": partial(storage.hub_database, state),
        "clock": lambda: board.clock(clock.now(), test=clock.test),
        "core": partial(_core, core),
        "hub": partial(peers.hub, hub.url, token, configured=named),
        "central": partial(peers.central, settings.central.url),
        "enrolment": partial(peers.enrolment, settings.central.url, partial(_identity, state)),
        "admission": lambda: standing.admission(place_seen(state)),
        "version": lambda: standing.version(place_seen(state), __version__),
        "transport": partial(peers.transport, urls, insecure=settings.branch.insecure),
        "printer": partial(_printer, settings, core, state),
        "scanner": lambda: probing.told(_scanner(settings, core), "scanner", settings.scanner.url, state),
        "card": lambda: probing.told(_card(settings, core), "reader", settings.reader.url, state),
        "keypad": partial(_input, "keypad", settings.keypad.url),
        "speaker": partial(_speaker, settings.sound.speaker),
        "headset": partial(_input, "headset", settings.keypad.jack),
        "camera": lambda: probing.told(
            _tray(_camera(settings, core), settings.camera.tray, core), "camera", settings.camera.source, state
        ),
        "display": partial(_fitting, "display", settings),
        "lamps": partial(_fitting, "lamps", settings),
        "presence": partial(_input, "presence", settings.presence.url),
        "fonts": lambda: lettering.fonts(FONT, partial(pen, places.assets() / "fonts" / FONT), _texts(settings)),
        "graphics": board.graphics,
        "memory": board.memory,
        "temperature": board.temperature,
        "power": lambda: board.power(told=core.health("board") or "", sags=_sags(state)),
        "usb": partial(board.usb, state),
    }


def _sags(state: Path) -> list[str]:
    """When the supply sagged, by the kiosk's events."""
    faults = (line for line in kept_events(state) if line["event"] == "device.faulty")
    return [str(line.get("at")) for line in faults if (line.get("device"), line.get("health")) == SAG]


class Core:
    """The core that runs on a state folder, if one does: it holds the devices, so it is asked about them."""

    def __init__(self, state: Path) -> None:
        self._state = state

    @cached_property
    def told(self) -> dict[str, object] | None:
        """What it says of its devices; empty when it cannot say, None when none runs."""
        try:
            return ask(self._state, {"do": "health"}, PROBE_S)
        except Refusal:
            return {}

    @property
    def runs(self) -> bool:
        """Whether a core runs on the state folder."""
        return self.told is not None

    def health(self, device: str) -> str | None:
        """Its word for a device's condition, or None where it says nothing."""
        told = (self.told or {}).get(device)
        return told if isinstance(told, str) else None


def _core(core: Core) -> Finding:
    if core.runs:
        return well("core", "a kiosk runs on this state folder")
    return open_question("core", "no kiosk runs on this state folder", "start it with `kiosk run` or by its unit")


def _settings(mistakes: str, config: Path | None, settings: Settings) -> Finding:
    if mistakes:
        first, *others = mistakes.splitlines()
        more = f" (and {len(others)} more)" if others else ""
        return unwell("settings", first + more, f"see all with `kiosk config check {config}`", required=True)
    source = "no settings file: defaults" if settings == Settings() else "those that this kiosk runs with are right"
    return well("settings", f"{config} is right" if config else source, required=True)


def _identity(state: Path) -> tuple[str, str] | None:
    from kiosk.ops.enrolment import load_identity

    identity = load_identity(state)
    return (identity.device_id, identity.central_url) if identity else None


def _printer(settings: Settings, core: Core, state: Path) -> Finding:
    finding = _printer_now(settings, core, state)
    if not settings.printer.url:
        return finding
    from drivers.printer.measured import stored

    measured = stored(state)
    if measured is None or (measured.url, measured.profile) != (settings.printer.url, settings.printer.profile):
        said = probing.NOT_YET
    else:
        said = f"probed {measured.at[:10]}: {measured.words()}"
    return replace(finding, what=f"{finding.what}; {said}")


def _printer_now(settings: Settings, core: Core, state: Path) -> Finding:
    name, url = "printer", settings.printer.url
    if not url:
        return open_question(name, "not configured", "set printer.url; `kiosk print test --to URL` tries one")
    told = core.health(name)
    if told is None and core.runs:
        remedy = "see its technician page, or stop it and ask again"
        return open_question(name, f"{url}: held by the running kiosk", remedy, required=True)
    if told is None:
        from drivers.device import BadAddress
        from drivers.printer.opening import open_printer
        from drivers.printer.profile import ProfileError

        chosen = settings.printer
        try:
            printer = open_printer(url, chosen.profile, chosen.mode, places.assets(), state=state)
        except (BadAddress, ProfileError) as error:
            return unwell(name, str(error), "mend [printer] in the settings", required=True)
        try:
            health = _settled(printer.health)
        finally:
            printer.close()
        return _printing(url, health)
    from kiosk.domain.health import from_word

    return _printing(url, from_word(told))


def _printing(url: str, health: Health) -> Finding:
    from drivers.printer.printer import REMEDIES

    reason = f" ({health.reason})" if isinstance(health, Offline) and health.reason else ""
    what, remedy = f"{url}: {word(health)}{reason}", REMEDIES[word(health)]
    if can_print(health):
        return well("printer", what, required=True, remedy="" if word(health) == "ready" else remedy)
    return unwell("printer", what, remedy, required=True)


def _settled(ask_health: Callable[[], Health]) -> Health:
    """Ask until the device has said something, or the time is over."""
    end = time.monotonic() + PROBE_S
    while isinstance(health := ask_health(), Unknown) and time.monotonic() < end:
        time.sleep(0.05)
    return health


def _scanner(settings: Settings, core: Core) -> Finding:
    from drivers.scanner.opening import why_not

    name, url = "scanner", settings.scanner.url
    if not url:
        return open_question(name, "not configured: numbers are typed", "set scanner.url to a path under /dev/serial")
    return _held(name, url, core, partial(why_not, url))


def _card(settings: Settings, core: Core) -> Finding:
    from drivers.reader.reader import why_not

    name, url = "card", settings.reader.url
    if not url:
        remedy = "set reader.url to a path under /dev/serial/by-id where there is a reader"
        return open_question(name, "no identity card reader: documents are scanned or typed", remedy)
    return _held(name, url, core, partial(why_not, url))


def _speaker(device: str) -> Finding:
    from drivers.sound.commands import missing

    if not device:
        return open_question("speaker", "not configured: nothing is spoken here", "set sound.speaker, see `aplay -L`")
    what, _, remedy = missing(device).partition("; ")
    if what:
        return unwell("speaker", what, remedy, required=True)
    return well("speaker", f"{device}: espeak-ng and its player are installed", required=True)


def _fitting(name: str, settings: Settings) -> Finding:
    from kiosk.wiring.fittings import finding

    return finding(name, settings)


def _input(name: str, url: str) -> Finding:
    if not url:
        return open_question(name, "not configured", "set [keypad] in the settings where there is one")
    from drivers.device import BadAddress
    from drivers.keypad.keypad import why_not

    try:
        problem = why_not(url)
    except BadAddress as error:
        problem = str(error)
    what, _, remedy = problem.partition("; ")
    if not problem or "grabbed" in what:
        return well(name, f"{url} " + ("is in use by the running kiosk" if problem else "can be opened"))
    return unwell(name, what, remedy or "mend [keypad] in the settings", required=True)


def _camera(settings: Settings, core: Core) -> Finding:
    from drivers.camera.scanner import why_not

    name, source = "camera", settings.camera.source
    if not source:
        return open_question(name, "not configured", "set camera.source, e.g. to a path under /dev/v4l/by-id")
    return _held(name, source, core, partial(why_not, source))


def _tray(finding: Finding, tray: str, core: Core) -> Finding:
    """The camera's finding with what is to be said of the one over the tray; that one is needed by nobody."""
    if not tray or tray == "same":
        return replace(finding, what=f"{finding.what}; it sees the tray, too") if tray else finding
    from drivers.camera.scanner import why_not

    problem = "in use by the running kiosk" if core.runs else why_not(tray) or "can be opened"
    return replace(finding, what=f"{finding.what}; the tray's, {tray}: {problem.partition('; ')[0]}")


def _held(name: str, place: str, core: Core, why_not: Callable[[], str]) -> Finding:
    """A device that has one owner: the running kiosk is asked about it, else it is opened for a moment."""
    told = core.health(name)
    if told == "ready":
        return well(name, f"{place}: ready, in use by the running kiosk", required=True)
    if told is not None:
        remedy = "check its cable and what lies in front of it; the kiosk's log says more"
        return unwell(name, f"{place}: {told}", remedy, required=True)
    problem = why_not()
    if not problem:
        return well(name, f"{place} can be opened", required=True)
    what, _, remedy = problem.partition("; ")
    if core.runs and "unavailable" in what:
        return well(name, f"{place} is in use by the running kiosk", required=True)
    return unwell(name, what, remedy or "mend its address in the settings", required=True)


def pen(font: Path) -> lettering.Pen:
    """Draw single characters of a font, small; OSError where it is missing or damaged."""
    from PIL import ImageFont

    face = ImageFont.truetype(font, PEN_PIXELS)

    def draw(letter: str) -> tuple[tuple[int, int], bytes]:
        mask = face.getmask(letter)
        return mask.size, bytes(mask)

    return draw


def _texts(settings: Settings) -> Iterator[str]:
    """Everything that this kiosk may show: its texts and the names in its settings."""
    for language in settings.kiosk.languages:
        yield from places.texts(language).values()
    yield from (settings.branch.name_zh, settings.branch.name_en, settings.branch.hours, settings.kiosk.name)
