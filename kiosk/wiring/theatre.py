"""Where stories are played: a fresh centre, a fresh hub, simulated devices and one kiosk, all under one clock."""

import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import UnionType
from typing import TYPE_CHECKING

import requests

from branch.server import BranchServer
from central.server import CentralServer
from drivers.reader.reader import CardReader
from drivers.scanner.scanner import SerialScanner
from drivers.sim.printer import SimPrinter
from drivers.sim.reader import SimReader
from drivers.sim.reader_card import from_json
from drivers.sim.scanner import SimScanner
from drivers.sim.tray import SimTray
from drivers.sim.voice import SimVoice
from kiosk.config import Settings
from kiosk.core import offers
from kiosk.core.events import (
    CardLifted,
    CardRead,
    CardUnread,
    Event,
    HeadsetPlugged,
    HeadsetUnplugged,
    KeypadKey,
    KeypadPressed,
    Touched,
)
from kiosk.domain.catalogue import Catalogue
from kiosk.domain.errors import Refusal
from kiosk.domain.health import Ready, Unknown, word
from kiosk.engine.clock import ZONE, SimulatedClock
from kiosk.engine.lanes import InlineLanes, Post
from kiosk.engine.mint import uuid7
from kiosk.link.branch import HubLink
from kiosk.link.http import Times
from kiosk.ops.enrolment import Identity, enrol
from kiosk.view.models import View
from kiosk.wiring import branch as branch_wiring
from kiosk.wiring import central as central_wiring
from kiosk.wiring import places
from kiosk.wiring.assembly import Centre, Kiosk, Parcel, assemble, parcel
from kiosk.wiring.backstage import ANSWERED_S, BRISK, HEARD_S, HELD, NOTICED_S, READ_S, SHOWN, STEPS, UNREAD_S
from kiosk.wiring.devices import card_listeners
from kiosk.wiring.eyes import heard
from kiosk.wiring.people import SERVES, Phone, StoryClerk
from kiosk.wiring.relay import Relay

if TYPE_CHECKING:
    from drivers.sim.document_camera import SimDocumentCamera


class Theatre:
    """One story's world. `show` gets every new View."""

    def __init__(
        self, settings: Settings, start: datetime, show: Callable[[View], None], catalogue: Catalogue | None = None
    ) -> None:
        self.clock = SimulatedClock(start)
        self._show = show
        self._folder = tempfile.TemporaryDirectory(prefix="kiosk-play-")
        self.root = Path(self._folder.name)
        self._catalogue = catalogue = catalogue or places.catalogue()
        self.camera = _camera(catalogue)
        self.state = places.open_state(self.root / "kiosk")
        self._phone = Phone()
        self.central = CentralServer(
            f"sqlite:///{self.root / 'central.db'}", catalogue,
            replace(
                central_wiring.options(
                    settings, places.open_state(self.root / "centre"), "127.0.0.1:0", public_url="self"
                ),
                sms=self._phone,
            ),
            self.clock.now,
        )  # fmt: skip
        self.branch = BranchServer(
            f"sqlite:///{self.root / 'branch.db'}",
            catalogue,
            branch_wiring.options(settings, self.clock),
            self.clock.now,
        )
        self.relays = {"central": Relay(self.central.start()), "branch": Relay(self.branch.start())}
        self.printer = SimPrinter(self.root / "paper", places.font()).start()
        self.scanner = SimScanner()
        self.voice = SimVoice()
        self.tray = SimTray()
        # Its cable is put in by the first line of a story that needs it: a branch without a reader is a story too.
        self.reader = SimReader()
        self.reader.condition("offline")
        self._identity = self._enrolled(settings)
        self._settings = replace(
            settings,
            hub=replace(settings.hub, url=self.relays["branch"].url, budget_s=ANSWERED_S),
            printer=replace(settings.printer, url=self.printer.url, mode="native"),  # stories read what is printed
            scanner=replace(settings.scanner, url=""),
        )
        self._token = self.branch.grant("kiosk", settings.kiosk.name)
        self._clerk = StoryClerk(lambda: self.branch.url, self.branch.grant("clerk", "story"))
        self._made_of: Parcel | None = None
        self.lanes: InlineLanes | None = None
        self.kiosk = self._boot()
        self.settle()

    def post(self, event: Event) -> None:
        """Let something happen, and everything that follows from it."""
        self.kiosk.engine.post(event)
        self.settle()

    def touch(self, action: str) -> None:
        """Press an action."""
        self.post(Touched(action, uuid7()))

    def scan(self, data: bytes) -> None:
        """Hold a code to the scanner: its bytes go over the pseudo-terminal."""
        before = self._heard
        if isinstance(self.kiosk.scanner, SerialScanner):
            self.kiosk.scanner.anew()  # no simulated time need have passed since the same code was held there
        if self.scanner.scan(data):
            until = time.monotonic() + HEARD_S
            while self._heard == before and time.monotonic() < until:
                time.sleep(0.01)
        self.settle()

    def card(self, card: Mapping[str, object]) -> None:
        """Lay a card on the reader and take it away again; ValueError where it is no card."""
        laid = from_json(card)
        if self.reader.present == "offline":
            self.fault("card", "ready")
        state = self.kiosk.engine.state
        listens = isinstance(state.parts.card, Ready) and offers.scanning(state)
        self._await(lambda: self.reader.lay(laid), CardRead | CardUnread, READ_S if listens else UNREAD_S)
        self._await(self.reader.lift, CardLifted, READ_S if isinstance(self._told, CardRead) else UNREAD_S)

    def press(self, key: KeypadKey) -> None:
        """Press a key of the tactile keypad."""
        self.post(KeypadPressed(key, uuid7()))

    def headset(self, *, plugged: bool) -> None:
        """Plug a headset in, or pull it out."""
        self.voice.plugged = plugged
        self.post(HeadsetPlugged() if plugged else HeadsetUnplugged())

    def clerk(self, verb: str) -> None:
        """Have a clerk serve at her counter, or take, confirm or refuse what the kiosk has asked of her.

        To confirm she types her code there.
        """
        if verb in SERVES:
            self._clerk.serve(verb)
            self.wait(4)
            return
        for digit in self._clerk.answer(verb):
            self.touch(f"key:{digit}")
        if verb == "confirms":
            self.touch("next")
        self.wait(4)

    def book(self, number: str, service: str, starts_at: str) -> None:
        """The branch has an appointment with this number."""
        booked = {"number": number, "service": service, "starts_at": starts_at}
        headers = {"Authorization": f"Bearer {self.branch.grant('admin', 'story-desk')}"}
        answer = requests.post(f"{self.branch.url}/api/v1/appointments", json=booked, headers=headers, timeout=5)
        if not answer.ok:
            raise Refusal(f"book {number}: {answer.json().get('detail', answer.status_code)}")

    def phone(self) -> None:
        """The citizen types the code that came to her phone."""
        for digit in self._phone.code:
            self.touch(f"key:{digit}")
        self.touch("next")

    def wait(self, seconds: float) -> None:
        """Let simulated time pass."""
        passed = 0.0
        while passed < seconds:
            stride = next(step for limit, step in STEPS if passed < limit)
            stride = min(stride, seconds - passed)
            self.clock.advance(stride)
            passed += stride
            self.kiosk.engine.tick()
            self.settle()

    def fault(self, device: str, condition: str) -> None:
        """Put a device into a condition; the kiosk notices by itself, as it would."""
        devices: dict[str, Callable[[str], object]] = {
            "printer": self.printer.condition, "scanner": self.scanner.condition, "card": self.reader.condition,
            "tray": self.tray.condition,
        }  # fmt: skip
        if self.camera is not None:
            devices["camera"] = self.camera.condition
        device = "card" if device == "reader" else device
        if device not in devices:
            raise Refusal(f"no device {device!r} to steer; known are {', '.join(devices)}")
        try:
            devices[device](condition)
        except ValueError as error:
            raise Refusal(f"{device}: {error}") from error
        self._noticed(device, condition)
        self.wait(2)

    def network(self, peer: str, *, up: bool) -> None:
        """Cut or mend the line to a peer."""
        relay = self.relays[peer]
        relay.up() if up else relay.down()
        self.wait(6)

    def crash(self) -> None:
        """Drop everything volatile, start again from disk."""
        self._stop()
        self.kiosk = self._boot()
        self.settle()

    def papers(self) -> list[str]:
        """The text of every paper that came out, oldest first."""
        return [paper.text for paper in self.printer.papers]

    def ticket_state(self) -> str:
        """The state of the newest ticket at the hub, or as this kiosk holds it while the hub does not know it."""
        row = self.kiosk.journal.tickets.newest()
        if row is None:
            return ""
        answer = requests.get(
            f"{self.branch.url}/api/v1/tickets/{row.id}",
            headers={"Authorization": f"Bearer {self._token}"},
            timeout=5,
        )
        return str(answer.json()["state"]) if answer.ok else HELD[row.state]

    def request_state(self) -> str:
        """The state of the newest request: the server's once it is known."""
        rows = self.kiosk.journal.outbox.recent(datetime.min.replace(tzinfo=ZONE))
        return (rows[-1].server_state or rows[-1].state) if rows else ""

    def settle(self) -> None:
        """Carry on until nothing is left to do at this moment of simulated time."""
        assert self.lanes is not None  # noqa: S101 - set by _boot
        self.kiosk.engine.tick()
        while self.kiosk.engine.pump() | self.lanes.drain():
            pass

    def close(self) -> None:
        """Take the world down."""
        self._stop()
        for relay in self.relays.values():
            relay.close()
        self.scanner.close()
        self.reader.close()
        self.printer.stop()
        self.branch.stop()
        self.central.stop()
        self._folder.cleanup()

    def _boot(self) -> Kiosk:
        self._heard = 0
        self._told: Event | None = None
        hub = HubLink(self.relays["branch"].url, self._token, self._settings.hub.budget_s, self.clock.now)
        link, sealer = self._identity.link(self.clock.now, Times(*(ANSWERED_S,) * 3)), self._identity.sealer()
        # What never changes is read once: a story of twenty crashes need not read the catalogue twenty times.
        self._made_of = replace(
            self._made_of or parcel(self._settings, self.state, self.clock, hub, None, catalogue=self._catalogue),
            settings=self._settings, catalogue=self._catalogue, branch=hub, centre=Centre(link, sealer),
            camera=self.camera, speaker=self.voice, tray=self.tray,
        )  # fmt: skip
        kiosk = assemble(self._made_of, self._show, self._inline, self._listen, self._look)
        kiosk.closing += [hub.close, link.close]
        self._settled(kiosk)
        return kiosk

    def _settled(self, kiosk: Kiosk) -> None:
        """Give the devices' own threads the real moment that they need to open their lines."""
        assert self.lanes is not None  # noqa: S101 - set by assemble
        self.lanes.drain()
        until = time.monotonic() + HEARD_S
        while time.monotonic() < until:
            states = (
                kiosk.scanner.health() if kiosk.scanner else Ready(),
                kiosk.printer.health() if kiosk.printer else Ready(),
                kiosk.reader.health() if kiosk.reader else Ready(),
            )
            if not any(isinstance(state, Unknown) for state in states):
                return
            time.sleep(0.01)

    def _noticed(self, device: str, condition: str) -> None:
        """Give a device's own thread, which lives in real time, the moment in which to notice its condition."""
        part = {"printer": self.kiosk.printer, "scanner": self.kiosk.scanner, "card": self.kiosk.reader}.get(device)
        wanted = SHOWN.get(device, {}).get(condition)
        until = time.monotonic() + NOTICED_S
        while part and wanted and word(part.health()) != wanted and time.monotonic() < until:
            time.sleep(0.01)

    def _listen(self, _settings: Settings, post: Post) -> SerialScanner:
        return SerialScanner(
            self.scanner.url, lambda scan: self._hear(post, heard(scan)), monotonic=self.clock.monotonic
        )

    def _look(self, _settings: Settings, post: Post) -> CardReader:
        return CardReader(
            self.reader.url, *card_listeners(lambda event: self._hear(post, event)), delays=BRISK, jitter=lambda: 0.0
        )

    def _await(self, act: Callable[[], None], wanted: UnionType | type, patience: float) -> None:
        """Do something at the card reader, and give its driver the real moment that it needs to tell of it."""
        self._told = None
        act()
        until = time.monotonic() + patience
        while not isinstance(self._told, wanted) and time.monotonic() < until:
            time.sleep(0.005)
        self.settle()

    def _hear(self, post: Post, event: Event) -> None:
        post(event)
        self._heard += 1
        self._told = event

    def _inline(self, post: Post) -> InlineLanes:
        self.lanes = InlineLanes(post)
        return self.lanes

    def _stop(self) -> None:
        if self.lanes is not None:
            self.lanes.close()
        self.kiosk.close()

    def _enrolled(self, settings: Settings) -> Identity:
        claim = self.central.claim(settings.branch.id)
        answer = enrol(self.relays["central"].url, claim, self.state, {"model": "story"})
        if not isinstance(answer, Identity):
            raise Refusal(f"the story's kiosk could not enrol: {answer.sentence}")
        return answer


def _camera(catalogue: Catalogue) -> "SimDocumentCamera | None":
    """A simulated document camera, where the catalogue asks for a photograph at all."""
    if not any(field.kind == "photo" for service in catalogue.services.values() for field in service.fields):
        return None
    from drivers.sim.document_camera import SimDocumentCamera

    return SimDocumentCamera(places.font())
