"""Puts one kiosk together - engine, journal, lanes, devices, links - for core, demo and stories alike."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from kiosk.config import Settings
from kiosk.core.events import DocumentScanned, Event, HealthChanged
from kiosk.core.flows import wizard
from kiosk.core.state import Branch, Parts, Session, State, Welcome
from kiosk.domain.catalogue import Catalogue
from kiosk.domain.errors import Refusal
from kiosk.domain.papers import Papers
from kiosk.engine.asking import DeviceRounds
from kiosk.engine.clock import Clock, machine_up
from kiosk.engine.engine import Engine
from kiosk.engine.hands import Bench, KioskHands, Place, Tools
from kiosk.engine.journal.file import open_journal
from kiosk.engine.journal.journal import Journal
from kiosk.engine.lanes import Lanes, Post
from kiosk.engine.late import late
from kiosk.engine.mint import uuid7
from kiosk.engine.outbox import OfflinePolicy
from kiosk.engine.photos import Photos, preview_folder
from kiosk.engine.ports import Board, BranchLink, CardReader, DocumentCamera, Printer, Scanner, Sealer, Speaker, Tray
from kiosk.engine.reading import ReadAloud
from kiosk.engine.recovery import recovered
from kiosk.engine.rounds import RoundTable
from kiosk.engine.slips import Slips
from kiosk.engine.tending import BranchRounds, CentralRounds, round_table
from kiosk.engine.tidying import tidy_round
from kiosk.ops import progress
from kiosk.ops.claim import ClaimSlip, read_claim
from kiosk.ops.place import Enrolled
from kiosk.ops.standing import Hindrance
from kiosk.ops.update.release import on_trial
from kiosk.view.models import View
from kiosk.view.present import present
from kiosk.view.texts import Texts
from kiosk.wiring import devices, places
from kiosk.wiring.eyes import Eyes, open_eyes
from kiosk.wiring.inbox import Inbox
from kiosk.wiring.papers import load_papers
from kiosk.wiring.service import ServiceHands, Shop

if TYPE_CHECKING:
    from kiosk.link.central import CentreLink

SUFFIX = ".toml"
LIVE = "live.pgm"
"""Beside the previews of photographs: what the camera sees at this moment."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Centre:
    """The enrolled kiosk's way to the central service."""

    link: "CentreLink"
    sealer: Sealer


@dataclass(frozen=True)
class Parcel:
    """What a kiosk is made from."""

    settings: Settings
    state: Path
    clock: Clock
    branch: BranchLink
    centre: Centre | None
    catalogue: Catalogue
    texts: dict[str, Texts]
    papers: Papers
    mark: str = ""
    mint: Callable[[], str] = uuid7
    camera: DocumentCamera | None = None  # instead of the one of the settings, for stories
    tray: Tray | None = None  # likewise
    speaker: Speaker | None = None  # likewise
    board: Board | None = None  # None: its heat and its supply are not watched
    enrolled: Enrolled | None = None
    hindrance: Hindrance = ""
    on_end: Callable[[], None] = lambda: None  # a technician restarts the program
    on_claim: Callable[[ClaimSlip], None] | None = None  # a technician shows a claim to the scanner
    shared: Path | None = None  # previews for a screen of another account lie in this folder, open to the group


@dataclass
class Kiosk:
    """One kiosk that runs; `close` lets go of everything in the order in which it is safe."""

    engine: Engine
    journal: Journal
    lanes: Lanes
    rounds: RoundTable
    printer: Printer | None
    scanner: Scanner | None
    reader: CardReader | None
    centre: Centre | None
    closing: list[Callable[[], None]] = field(default_factory=list)
    pressed: Callable[[], None] = lambda: None  # lets a press on the glass be heard

    def close(self) -> None:
        """Stop the devices, let the lanes finish, close the journal last."""
        self.engine.stop()
        for device in (self.scanner, self.reader, self.printer):
            if device is not None:
                device.close()
        self.lanes.close()
        for close in self.closing:
            close()
        self.journal.close()


ScannerOf = Callable[[Settings, Post], Scanner | None]
ReaderOf = Callable[[Settings, Post], CardReader | None]


def load_texts(languages: tuple[str, ...]) -> dict[str, Texts]:
    """The citizen's texts of each language."""
    return {language: Texts(language, places.texts(language)) for language in languages}


def parcel(
    settings: Settings,
    state: Path,
    clock: Clock,
    branch: BranchLink,
    centre: Centre | None,
    mark: str = "",
    catalogue: Catalogue | None = None,
) -> Parcel:
    """What a kiosk is made from: texts, papers and, unless another is given, the catalogue of this installation."""
    languages = tuple(dict.fromkeys((settings.kiosk.language, *settings.kiosk.languages)))
    return Parcel(
        settings, state, clock, branch, centre, catalogue or places.catalogue(), load_texts(languages),
        late(lambda: load_papers(places.assets())), mark,
    )  # fmt: skip


def assemble(
    made_of: Parcel,
    show: Callable[[View], None],
    lanes_of: Callable[[Post], Lanes],
    scanner_of: ScannerOf | None = None,
    reader_of: ReaderOf | None = None,
) -> Kiosk:
    """Put a kiosk together; nothing runs yet but the devices' own threads. Refusal says what to mend.

    `scanner_of` and `reader_of` make scanner and card reader instead of the settings, for stories.
    """
    clock = made_of.clock
    journal = open_journal(made_of.state, clock.now, machine_up(clock), settled=not on_trial())
    try:
        return _assemble(made_of, show, lanes_of, scanner_of, reader_of or devices.reader_of, journal)
    except BaseException:
        journal.close()
        raise


def _assemble(
    made_of: Parcel,
    show: Callable[[View], None],
    lanes_of: Callable[[Post], Lanes],
    scanner_of: ScannerOf | None,
    reader_of: ReaderOf,
    journal: Journal,
) -> Kiosk:
    settings, clock, centre = made_of.settings, made_of.clock, made_of.centre
    inbox = Inbox()
    printer = _printer(settings, made_of.papers, made_of.state, suspect=_suspect(journal))
    sifted = _sifted(inbox.post, made_of.on_claim)
    eyes = _eyes(made_of, sifted, scanner_of)
    scanner, camera = eyes.scanner, made_of.camera or eyes.camera
    tray = made_of.tray or eyes.tray
    reader = reader_of(settings, inbox.post)
    speaker = made_of.speaker or devices.voice_of(settings, inbox.post)
    if speaker is not None:
        show = ReadAloud(speaker, show).show
    photos = Photos(_shown(made_of) if camera else None, shared=made_of.shared is not None)
    lanes = lanes_of(inbox.post)
    fittings = devices.fittings_of(settings, lanes)
    offline = settings.offline
    policy = OfflinePolicy(offline.max_age_h, offline.max_items, offline.max_last_contact_h)
    if made_of.enrolled is not None:
        policy = policy.stricter(made_of.enrolled.offline)

    def occupied() -> bool:
        return engine.occupied

    jitter, hindered = Random(), bool(made_of.hindrance)  # noqa: S311 - no secret
    central = CentralRounds(centre.link, journal, policy, clock.now, jitter, occupied, hindered) if centre else None
    branch = _branch(made_of)
    slips = Slips(made_of.papers, made_of.catalogue, branch, made_of.texts)
    asked = DeviceRounds(printer, scanner, camera, reader, lambda: slips.test(clock.now()), made_of.board)
    rounds = round_table(
        lanes,
        asked,
        BranchRounds(made_of.branch, journal, settings.kiosk.name, asked),
        central,
        (lambda: centre.link.reachable()) if centre else lambda: False,  # noqa: PLW0108 - makes the link when asked
    )
    rounds.add(tidy_round(journal, clock.now))
    tools = Tools(
        printer,
        scanner,
        made_of.branch,
        centre.link if centre else None,
        centre.sealer if centre else None,
        camera,
        reader,
        eyes.preview,
        tray,
    )
    place = Place(settings.kiosk.name, _emergency(made_of))
    first = progress.read(made_of.state)
    shop = Shop(
        settings, None, made_of.state, clock, lanes, journal, printer, camera, speaker,
        lambda: slips.test(clock.now()), made_of.texts, made_of.on_end, lambda: branch.language,
    )  # fmt: skip
    service = ServiceHands(shop).carry_out
    bench = Bench(
        journal, slips, lanes, rounds, clock, made_of.mint, inbox.post, photos, service, fittings.carry_out, asked.heard
    )
    now = clock.now()
    state = State(
        now, clock.monotonic(), made_of.catalogue, branch, Session(first.language or branch.language),
        page=wizard.page_of(first.step, first.dpi or settings.screen.dpi) or Welcome(),
        parts=Parts(
            lamps=bool(settings.lamps.lit), preview=str(eyes.live or "") if photos.shows else "", tray=tray is not None
        ),
        delays=devices.delays_of(settings),
        touched=clock.monotonic(), pinyin=late(places.pinyin), dpi=first.dpi, nominal_dpi=settings.screen.dpi,
    )  # fmt: skip
    engine: Engine = Engine(
        state, KioskHands(tools, place, bench), rounds, clock, lambda known: present(known, made_of.texts), show
    )
    inbox.connect(engine.post)
    cut_short = tuple(recovered(journal, now, branch.language))
    if cut_short and printer is not None:
        # What was cut short may have to be printed, so the printer is asked first.
        engine.post(HealthChanged("printer", printer.health()))
    for event in cut_short:
        engine.post(event)
    if scanner is not None:
        lanes.submit("scanner", lambda: devices.start(scanner))
    if speaker is not None:
        lanes.submit("speaker", lambda: devices.speak(speaker))
    if reader is not None:
        lanes.submit("scanner", lambda: devices.start(reader))
    fittings.start()
    keys = devices.keys_of(settings, inbox.post, made_of.mint, speaker)
    for each in keys:
        each.start()
    closing = [
        *(each.close for each in keys),
        *([speaker.close] if speaker is not None else []),
        *([eyes.preview.close] if eyes.preview is not None else []),
        *([tray.close] if tray is not None else []),
        photos.close,
        fittings.close,
        *([camera.close] if camera is not None else []),
    ]
    return Kiosk(
        engine, journal, lanes, rounds, printer, scanner, reader, centre, closing, devices.press_of(settings, speaker)
    )


def _shown(made_of: Parcel) -> Path | None:
    """Where pictures lie for the screen: in memory, never on a card."""
    return made_of.shared or preview_folder(made_of.state)


def _eyes(made_of: Parcel, sifted: Post, scanner_of: ScannerOf | None) -> Eyes:
    if scanner_of is not None:
        return Eyes(scanner_of(made_of.settings, sifted), None)
    shown = _shown(made_of)
    return open_eyes(made_of.settings, sifted, shown / LIVE if shown else None, shared=made_of.shared is not None)


def _emergency(made_of: Parcel) -> range:
    """The centre's own word on this kiosk's emergency numbers; one beyond the fourth has none."""
    if made_of.enrolled is not None:
        return made_of.enrolled.emergency or range(0)
    return made_of.settings.ranges.ranges().emergency(made_of.settings.kiosk.number)


def _sifted(post: Post, on_claim: Callable[[ClaimSlip], None] | None) -> Post:
    """A claim is no citizen's document: it never reaches the core, whose pages would show that something was read."""

    def sift(event: Event) -> None:
        slip = read_claim(event.text) if on_claim is not None and isinstance(event, DocumentScanned) else None
        if slip is not None and on_claim is not None:
            on_claim(slip)
        else:
            post(event)

    return sift


def _branch(made_of: Parcel) -> Branch:
    settings = made_of.settings
    return Branch(
        {"zh": settings.branch.name_zh, "en": settings.branch.name_en},
        settings.branch.hours,
        settings.kiosk.name,
        tuple(made_of.texts),
        settings.kiosk.language,
        settings.branch.missed_minutes,
        made_of.mark,
        {"scanner": settings.scanner.place, "card": settings.reader.place, "printer": settings.printer.place},
    )


def _suspect(journal: Journal) -> bool:
    """A paper may hang at the cutter, or a part of a command in the printer: nobody knows what became of a print."""
    return bool(journal.jobs.unsettled())


def _printer(settings: Settings, papers: Papers, state: Path, *, suspect: bool) -> Printer | None:
    """The printer of the settings, made by its own lane: what it needs takes as long to import as all of core."""
    chosen, assets = settings.printer, places.assets()
    if not chosen.url:
        return None
    folder = assets / "printers"
    if not (folder / f"{chosen.profile}{SUFFIX}").is_file():
        known = ", ".join(sorted(file.stem for file in folder.glob(f"*{SUFFIX}")))
        raise Refusal(f"printer.profile: there is no {chosen.profile!r}; known are {known}")

    def make() -> Printer:
        from drivers.printer.opening import open_printer

        void = papers.texts["zh"]["paper.void"]
        return open_printer(
            chosen.url,
            chosen.profile,
            chosen.mode,
            assets,
            void=void,
            state=state,
            suspect=suspect,
            beep=chosen.buzzer,
        )

    return late(make)
