"""Carries effects out: what must be durable first in the engine's thread, what is slow on its lane."""

import json
from base64 import b64encode
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from kiosk.core import effects as order
from kiosk.core import events as fact
from kiosk.core.events import Event
from kiosk.core.technician import ServiceDone, ServiceEffect
from kiosk.domain.health import Health, Unknown
from kiosk.domain.paper import Paper
from kiosk.domain.photo import MOST_SEALED
from kiosk.domain.ticket import PrintedBy
from kiosk.engine.clock import Clock
from kiosk.engine.journal.journal import Journal
from kiosk.engine.lanes import Lanes
from kiosk.engine.photos import Photos
from kiosk.engine.ports import (
    Away,
    BranchLink,
    CardReader,
    CentralLink,
    DocumentCamera,
    NotPrinted,
    Photograph,
    Preview,
    Printed,
    Printer,
    PrintUnknown,
    Rejected,
    RequestOrder,
    Scanner,
    Sealer,
    TicketAnswer,
    Tray,
)
from kiosk.engine.proving import ProofHands
from kiosk.engine.rounds import RoundTable
from kiosk.engine.slips import Slips
from kiosk.engine.visiting import VisitHands

REAL_REFUSALS = {"closed", "day-closed", "service-closed", "service-full", "limit-reached", "range-exhausted",
                 "appointment-used", "appointment-early", "appointment-another-day"}  # fmt: skip
"""Problem codes by which a hub says that no ticket is to be had; anything else is a hub that cannot be used now."""

ON_RECEIPT = ("id", "name")
"""The masked rows that a receipt shows, and all that the journal keeps of them."""


@dataclass(frozen=True)
class Tools:
    """The devices and peers of this kiosk; a part it lacks is None."""

    printer: Printer | None
    scanner: Scanner | None
    branch: BranchLink
    central: CentralLink | None
    sealer: Sealer | None
    camera: DocumentCamera | None = None
    reader: CardReader | None = None
    preview: Preview | None = None
    tray: Tray | None = None


@dataclass(frozen=True)
class Place:
    """Which kiosk this is, and which numbers it may issue by itself."""

    kiosk: str
    emergency: range


@dataclass(frozen=True)
class Bench:
    """Where the hands work: journal, papers, lanes and rounds, the clock, the inbox to post to, pictures in memory."""

    journal: Journal
    slips: Slips
    lanes: Lanes
    rounds: RoundTable
    clock: Clock
    mint: Callable[[], str]
    post: Callable[[Event], None]
    photos: Photos = field(default_factory=Photos)
    service: Callable[[ServiceEffect], None] = lambda _order: None
    fit: Callable[[order.SetDisplay | order.SetLamps], None] = lambda _order: None
    heard: Callable[[fact.DeviceName, Health], None] = lambda _device, _health: None


class KioskHands:
    """Satisfies the engine's Hands."""

    def __init__(self, tools: Tools, place: Place, bench: Bench) -> None:
        self._tools = tools
        self._place = place
        self._journal = bench.journal
        self._slips = bench.slips
        self._lanes = bench.lanes
        self._rounds = bench.rounds
        self._clock = bench.clock
        self._mint = bench.mint
        self._post = bench.post
        self._photos = bench.photos
        self._heard = bench.heard
        self._service = bench.service
        self._fit = bench.fit
        self._proving = ProofHands(place.kiosk, tools.branch, tools.central, tools.sealer, bench.lanes)
        self._visiting = VisitHands(tools.branch, bench.lanes)

    def carry_out(self, effect: order.Effect) -> None:  # noqa: C901, PLR0912, PLR0915 - one case an effect
        """Do one order."""
        match effect:
            case order.AskTicket():
                self._ask(effect)
            case order.IssueEmergency():
                self._emergency(effect)
            case order.PrintTicket():
                self._print_ticket(effect)
            case order.ConfirmTicket(ticket=ticket, printed=by):
                self._confirm(ticket, by)
                self._rounds.kick("branch-todo")
            case order.DoubtTicket(ticket=ticket):
                self._journal.tickets.doubtful(ticket)
                self._rounds.kick("branch-todo")
            case order.VoidTicket(ticket=ticket, reason=reason):
                self._journal.tickets.voided(ticket, reason)
                self._rounds.kick("branch-todo")
            case order.TakePhoto(photo=ref):
                self._lanes.submit("camera", lambda: self._photograph(ref))
            case order.WipePhotos(photos=refs):
                self._photos.wipe(*refs)
            case order.SubmitRequest():
                self._submit(effect)
            case order.SendCode() | order.AskClerk() | order.WatchClerk() | order.DropClerk() | order.CheckProof():
                self._proving.carry_out(effect)
            case (
                order.LookUpSlip()
                | order.LookUpAppointment()
                | order.GiveNumberBack()
                | order.RejoinQueue()
                | order.RateVisit()
            ):
                self._visiting.carry_out(effect)
            case order.PrintReceipt():
                self._print_receipt(effect)
            case order.SettleReceipt(request=request):
                self._journal.jobs.held(request)
            case order.PrintGuide():
                self._print_guide(effect)
            case order.CallStaff(view=view):
                self._lanes.submit("branch", lambda: self._call_staff(view))
            case order.FollowCode(token=token):
                self._lanes.submit("central", lambda: self._follow(token))
            case order.WithdrawRequest(token=token):
                self._lanes.submit("central", lambda: self._follow(token, withdrawn=True))
            case order.SetTrigger(on=on):
                if self._tools.scanner is not None:
                    self._tools.scanner.trigger(on)
                if self._tools.reader is not None:
                    self._tools.reader.arm(on)
            case order.SetPreview(on=on):
                if self._tools.preview is not None:
                    self._tools.preview.show(on)
            case order.MindTray() | order.LookAtTray():
                self._lanes.submit("camera", lambda: self._tray(effect))
            case order.SetDisplay() | order.SetLamps():
                self._fit(effect)
            case _:
                self._service(effect)

    def failed(self, effect: order.Effect) -> Event | None:
        """An order that broke, e.g. on a full disk: nothing was promised yet, and the page is told so."""
        match effect:
            case order.AskTicket(ticket=ticket) | order.IssueEmergency(ticket=ticket):
                return fact.TicketRefused(ticket, "not-saved")
            case order.PrintTicket(job=job) | order.PrintReceipt(job=job) | order.PrintGuide(job=job):
                return fact.PaperNotPrinted(job, Unknown())
            case order.SubmitRequest(request=request):
                return fact.RequestRefused(request, "not-saved")
            case _ if isinstance(effect, ServiceEffect):
                return ServiceDone(False)
        return None

    def _confirm(self, ticket: str, by: PrintedBy) -> None:
        if by == "screen":
            self._journal.tickets.on_screen(ticket)
        else:
            self._journal.tickets.printed(ticket, by)

    def _ask(self, effect: order.AskTicket) -> None:
        # After a restart the first attempt may have reached the hub, whatever becomes of this one.
        again = self._journal.tickets.get(effect.ticket) is not None
        row = self._journal.tickets.ask(
            effect.ticket, effect.service, effect.language, self._clock.now(), effect.also, effect.needs, effect.booking
        )
        wanted = row.order(self._place.kiosk)

        def work() -> Iterable[Event]:
            match self._tools.branch.take(wanted):
                case TicketAnswer() as answer:
                    self._journal.tickets.issued(
                        answer.id, answer.label, answer.business_date, answer.ahead, answer.wait, answer.status_url
                    )
                    low_s, high_s = (answer.wait.low_s, answer.wait.high_s) if answer.wait else (None, None)
                    yield fact.TicketIssued(
                        answer.id, answer.label, answer.ahead, low_s, high_s, answer.business_date, answer.status_url
                    )
                case Rejected(code=code) if code in REAL_REFUSALS:
                    self._journal.tickets.lost(effect.ticket, code)
                    yield fact.TicketRefused(effect.ticket, code)
                case Away(ambiguous=True):
                    yield fact.TicketUnanswered(effect.ticket, True, self._mint())
                case Away() | Rejected():
                    yield fact.TicketUnanswered(effect.ticket, again, self._mint())

        self._lanes.submit("branch", work)

    def _emergency(self, effect: order.IssueEmergency) -> None:
        now = self._clock.now()
        self._journal.tickets.ask(effect.ticket, effect.service, effect.language, now, effect.also, effect.needs)
        letter = self._slips.letter(effect.service)
        day = now.date().isoformat()
        label = self._journal.tickets.emergency(effect.ticket, letter, day, self._place.emergency, effect.orphan, now)
        if label is None:
            self._post(fact.NumbersExhausted(effect.ticket))
        else:
            self._post(fact.TicketIssued(effect.ticket, label, None, None, None, day, None, offline=True))

    def _print_ticket(self, effect: order.PrintTicket) -> None:
        row = self._journal.tickets.get(effect.ticket)
        if row is None or not row.label:
            self._post(fact.PaperNotPrinted(effect.job, Unknown()))
            return
        paper = self._slips.ticket(row, effect.reprint)
        if self._tools.printer is not None:
            self._journal.tickets.printing(effect.ticket, effect.job, self._slips.digest(paper))
        self._print(effect.job, effect.ticket, paper)

    def _print_receipt(self, effect: order.PrintReceipt) -> None:
        row = self._journal.outbox.get(effect.request)
        if row is None:
            self._post(fact.PaperNotPrinted(effect.job, Unknown()))
            return
        now = self._clock.now()
        plain = self._slips.receipt(row, effect.reprint, now)
        promise = self._journal.jobs.start(effect.job, "receipt", effect.request, self._slips.digest(plain))
        paper = self._slips.receipt(row, effect.reprint, now, promise.code)
        self._print(effect.job, effect.request, paper)

    def _print_guide(self, effect: order.PrintGuide) -> None:
        paper = self._slips.guide(effect.service, effect.language, self._clock.now(), effect.reasons, effect.bring)
        self._journal.jobs.start(effect.job, "slip", effect.service, self._slips.digest(paper))
        self._print(effect.job, effect.service, paper)

    def _print(self, job: str, subject: str, paper: Paper) -> None:
        printer = self._tools.printer
        if printer is None:
            self._post(fact.PaperNotPrinted(job, Unknown()))
            return

        def work() -> Iterable[Event]:
            match printer.print_paper(job, paper):
                case Printed(confirmed=by):
                    self._journal.jobs.settle(job, "printed")
                    # Before anybody hears of it: after a crash she is not asked what the printer has said already.
                    if self._journal.tickets.get(subject) is not None:
                        self._journal.tickets.printed(subject, by)
                    yield fact.PaperPrinted(job, by)
                case NotPrinted(health=health):
                    self._heard("printer", health)
                    self._journal.jobs.settle(job, "failed")
                    if self._journal.tickets.get(subject) is not None:
                        self._journal.tickets.unprinted(subject)
                    yield fact.PaperNotPrinted(job, health)
                case PrintUnknown(health=health):
                    self._heard("printer", health)
                    self._journal.jobs.settle(job, "unknown")
                    yield fact.PaperUnknown(job, health)

        self._lanes.submit("printer", work)

    def _submit(self, effect: order.SubmitRequest) -> None:
        sealer = self._tools.sealer
        if sealer is None:
            self._post(fact.RequestRefused(effect.request, "not-enrolled"))
            return
        personal: dict[str, object] = {"applicant": dict(effect.applicant), "fields": dict(effect.fields)}
        if effect.proof is not None:
            personal["proof"] = {"kind": effect.proof.kind, "id": effect.proof.id}
        if effect.photos:
            pictures = {name: self._photos.get(ref) for name, ref in effect.photos}
            personal["photos"] = {name: b64encode(jpeg).decode() for name, jpeg in pictures.items() if jpeg}
            self._photos.wipe(*(ref for _, ref in effect.photos))
            if not all(pictures.values()):
                self._post(fact.RequestRefused(effect.request, "photo-lost"))
                return
        clear = json.dumps(personal, ensure_ascii=False).encode()
        if len(clear) > MOST_SEALED:
            self._post(fact.RequestRefused(effect.request, "too-large"))
            return
        sealed = sealer.seal(effect.request, effect.service, clear)
        request = RequestOrder(
            effect.request, effect.service, effect.assurance, effect.consents, sealed, self._clock.now()
        )
        # Her answers stay sealed, even masked: a postcode has nothing to hide behind, and no receipt needs it.
        printed = [(label, value) for label, value in effect.masked if label in ON_RECEIPT]
        self._journal.outbox.enqueue(request, {"rows": printed, "language": effect.language})
        self._post(fact.RequestSaved(effect.request, effect.masked))
        self._rounds.kick("outbox")

    def _photograph(self, ref: str) -> Iterable[Event]:
        camera = self._tools.camera
        taken = camera.take() if camera is not None else Photograph("camera")
        preview = "" if taken.verdict else self._photos.keep(ref, taken)
        yield fact.PhotoTaken(ref, taken.verdict, preview)

    def _tray(self, effect: order.MindTray | order.LookAtTray) -> Iterable[Event]:
        tray = self._tools.tray
        match effect:
            case order.MindTray(resting=resting) if tray is not None:
                tray.mind(resting)
            case order.LookAtTray():
                yield fact.TraySeen(tray.look() if tray is not None else "unknown")

    def _call_staff(self, view: str) -> Iterable[Event]:
        answer = self._tools.branch.help(self._place.kiosk, view)
        yield fact.StaffCalled(reached=not isinstance(answer, Away | Rejected))

    def _follow(self, token: str, *, withdrawn: bool = False) -> Iterable[Event]:
        """What is known of a receipt's request, after she took it back if she did; a refusal leaves it where it is."""
        central = self._tools.central
        answer = central.withdraw(token) if central is not None and withdrawn else None
        if answer is None or isinstance(answer, Rejected):
            answer = central.follow(token) if central is not None else Away(ambiguous=False)
        match answer:
            case Away():
                yield fact.ProgressSeen(token, reachable=False)
            case Rejected():
                yield fact.ProgressSeen(token, state="not-found")
            case known:
                yield fact.ProgressSeen(
                    token, known.state, known.reference, reasons=known.reasons, may_withdraw=known.may_withdraw
                )
