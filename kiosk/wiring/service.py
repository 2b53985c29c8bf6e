"""Carries out what the service menu orders: tests, calibration, codes, power, reports, each on a lane."""

import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from kiosk import __version__
from kiosk.config import Settings
from kiosk.core.events import Event
from kiosk.core.flows import wizard
from kiosk.core.technician import (
    AccessJudged,
    CheckAccess,
    Found,
    KeepDpi,
    KeepStep,
    LookAround,
    MakeReport,
    PowerOrder,
    Section,
    ServiceDone,
    ServiceEffect,
    ServiceSeen,
    SetPin,
    TryDevice,
)
from kiosk.domain.errors import Refusal
from kiosk.domain.health import can_print
from kiosk.domain.paper import Paper
from kiosk.engine.clock import Clock
from kiosk.engine.journal.journal import Journal
from kiosk.engine.lanes import Lane, Lanes
from kiosk.engine.ports import DocumentCamera, Printed, Printer, Speaker
from kiosk.ops import access, progress, usb
from kiosk.ops.files import remove
from kiosk.view.texts import Texts
from kiosk.wiring.technician import close_sockets

CHECKS: dict[Section, tuple[str, ...]] = {
    "overview": ("settings", "state-folder", "disk", "journal", "version", "memory", "temperature", "power"),
    "devices": ("printer", "scanner", "camera", "card", "speaker", "keypad"),
    "network": ("hub", "central", "enrolment", "admission", "transport", "clock"),
    "clock": ("clock",),
    "enrol": ("enrolment", "admission"),
    "report": (),
}
"""The self-tests of a section, by the names that `kiosk doctor` gives them; none: all of them."""
_LANES: dict[str, Lane] = {"printer": "printer", "camera": "camera", "speaker": "speaker"}


@dataclass(frozen=True)
class Shop:
    """What the service menu works with. `end` ends the program so that it is started anew, as its unit does."""

    settings: Settings
    config: Path | None
    state: Path
    clock: Clock
    lanes: Lanes
    journal: Journal
    printer: Printer | None
    camera: DocumentCamera | None
    speaker: Speaker | None
    slip: Callable[[], Paper]
    texts: dict[str, Texts]
    end: Callable[[], None]
    language: Callable[[], str]


class ServiceHands:
    """Does one order; what came of it goes back to core as an event."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    def carry_out(self, effect: ServiceEffect) -> None:
        """Begin it, on the lane of the device that it concerns."""
        lane: Lane = _LANES.get(effect.device, "service") if isinstance(effect, TryDevice) else "service"
        if effect == MakeReport("print"):
            lane = "printer"

        def work() -> Iterable[Event]:
            try:
                found = self._do(effect)
            except (Refusal, OSError):
                found = ServiceDone(False)
            return () if found is None else (found,)

        if isinstance(effect, KeepStep | KeepDpi):  # before the next page is shown: a power cut goes on where it was
            self._keep(effect)
        else:
            self._shop.lanes.submit(lane, work)

    def _do(self, effect: ServiceEffect) -> Event | None:
        shop = self._shop
        match effect:
            case CheckAccess(typed=typed):
                verdict = access.admit(shop.state, typed, shop.clock.now())
                return AccessJudged(verdict.admitted, verdict.wait_s, verdict.known)
            case SetPin(pin=pin):
                access.write(shop.state, access.with_pin(access.read(shop.state), pin))
                return ServiceDone(True)
            case LookAround(section=section, device=device):
                return self._look(section, device)
            case TryDevice(device=device):
                return ServiceDone(self._try(device))
            case PowerOrder(kind=kind):
                return ServiceDone(self._power(kind))
            case MakeReport(way=way):
                return ServiceDone(self._report(way))
            case _:
                pass
        return None

    def _keep(self, effect: KeepStep | KeepDpi) -> None:
        """One writer, the engine's own thread: two lanes would write each other's older half back."""
        if isinstance(effect, KeepDpi):
            progress.keep(self._shop.state, dpi=effect.dpi)
            return
        found = {"language": effect.language} if effect.language else {}
        progress.keep(self._shop.state, step=effect.step, **found)
        if not effect.step:
            # The set-up is over: what is plugged in now is the kiosk's, and nothing else is let in.
            close_sockets(self._shop.settings, self._shop.state)

    def _look(self, section: Section, device: str) -> ServiceSeen:
        wanted = (device,) if section == "device" else CHECKS.get(section)
        found = () if wanted is None else tuple(self._findings(wanted))
        return ServiceSeen(section, tuple(self._facts(section)), found)

    def _findings(self, wanted: tuple[str, ...]) -> Iterable[Found]:
        from kiosk.ops.doctor import examine
        from kiosk.wiring.doctor import checks

        shop = self._shop
        every = checks(shop.settings, "", shop.config, shop.state, shop.clock)
        chosen = {name: check for name, check in every.items() if not wanted or name in wanted}
        return [Found(each.name, each.ok) for each in examine(chosen)]

    def _facts(self, section: Section) -> Iterable[tuple[str, str]]:
        shop = self._shop
        now = shop.clock.now()
        if section == "overview":
            yield "kiosk", shop.settings.kiosk.name
            yield "branch", shop.settings.branch.id
            yield "version", __version__
        elif section == "network":
            yield "host", socket.gethostname()
            yield "address", _address()
        if section in ("network", "clock"):
            yield "time", f"{now:%Y-%m-%d %H:%M}"
            yield "zone", str(now.tzinfo)
        elif section == "outbox":
            waits = shop.journal.outbox.summary(now)
            yield "waiting", str(waits.count)
            yield "oldest", str(round((waits.oldest_age_s or 0) / 60))
        elif section == "enrol":
            from kiosk.ops.place import read_enrolled

            enrolled = read_enrolled(shop.state)
            yield "enrolled", f"{enrolled.branch} {enrolled.kiosk}" if enrolled else "-"
        if section in ("network", "enrol"):
            yield from self._key_mark()

    def _key_mark(self) -> Iterable[tuple[str, str]]:
        """What the office compares before it lets a kiosk in that waits."""
        from kiosk.ops.place import read_enrolled

        enrolled = read_enrolled(self._shop.state)
        if enrolled is not None and enrolled.standing == "pending":
            from kiosk.ops.enrolment import load_identity

            identity = load_identity(self._shop.state)
            yield "key-mark", identity.key_mark if identity else "-"

    def _try(self, device: str) -> bool:
        shop = self._shop
        if device == "printer" and shop.printer is not None:
            if not can_print(shop.printer.health()):
                return False
            return isinstance(shop.printer.print_paper("service-test", shop.slip()), Printed)
        if device == "camera" and shop.camera is not None:
            from kiosk.domain.health import Ready

            return isinstance(shop.camera.health(), Ready)
        if device == "speaker" and shop.speaker is not None:
            language = shop.language()
            words = shop.texts[language if language in shop.texts else "zh"]("technician.said")
            shop.speaker.say(words, language, private=False, pace=0, gain=0)
            return True
        return False

    def _power(self, kind: str) -> bool:
        from kiosk.ops import machine

        if kind == "setup":
            remove(self._shop.state / usb.FILE)
            progress.keep(self._shop.state, step=wizard.STEPS[0])
        if kind in ("restart", "setup"):
            self._shop.end()
            return True
        outcome = machine.switch(self._shop.state, "reboot" if kind == "reboot" else "poweroff")
        return outcome.state != "failed"

    def _report(self, way: str) -> bool:
        from kiosk.ops.doctor import examine
        from kiosk.ops.readiness import NAME, keep, stick
        from kiosk.wiring import places
        from kiosk.wiring.doctor import checks, report
        from kiosk.wiring.readiness_pdf import write_pdf

        shop = self._shop
        findings = examine(checks(shop.settings, "", shop.config, shop.state, shop.clock))
        made = report(shop.settings, findings, shop.clock)
        keep(shop.state, made)
        if way == "usb":
            folder = stick()
            if folder is not None:
                write_pdf(made, folder / NAME, places.font())
            return folder is not None
        if shop.printer is None or not can_print(shop.printer.health()):
            return False
        return isinstance(shop.printer.print_paper("readiness", made.paper()), Printed)


def _address() -> str:
    """The address by which this machine would reach the network; nothing is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # TEST-NET-1 (RFC 5737): only the route is looked up
        except OSError:
            return "-"
        return str(probe.getsockname()[0])
