"""Carries effects out: what must be durable first in the engine's thread, what is slow on its lane."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from kiosk.core import effects as order
from kiosk.core import events as fact
from kiosk.core.events import Event
from kiosk.domain.paper import Paper
from kiosk.domain.ticket import Ranges
from kiosk.engine.clock import Clock
from kiosk.engine.journal.journal import Journal
from kiosk.engine.lanes import Lanes
from kiosk.engine.ports import (
    Away,
    BranchLink,
    CentralLink,
    NotPrinted,
    Printed,
    Printer,
    PrintUnknown,
    Rejected,
    Scanner,
    Sealer,
    TicketAnswer,
    TicketOrder,
)
from kiosk.engine.rounds import RoundTable
from kiosk.engine.slips import Slips

REAL_REFUSALS = {"closed", "day-closed", "service-closed", "service-full", "limit-reached", "range-exhausted"}
"""Problem codes by which a hub says that no ticket is to be had; anything else is a hub that cannot be used now."""


@dataclass(frozen=True)
class Tools:
    """The devices and peers of this kiosk; a part it lacks is None."""

    printer: Printer | None
    scanner: Scanner | None
    branch: BranchLink
    central: CentralLink | None
    sealer: Sealer | None


@dataclass(frozen=True)
class Place:
    """Which kiosk this is, and which numbers it may issue by itself."""

    kiosk: str
    number: int
    ranges: Ranges


class KioskHands:
    """Satisfies the engine's Hands."""

    def __init__(
        self,
        tools: Tools,
        place: Place,
        journal: Journal,
        slips: Slips,
        lanes: Lanes,
        rounds: RoundTable,
        clock: Clock,
        mint: Callable[[], str],
        post: Callable[[Event], None],
    ) -> None:
        self._tools = tools
        self._place = place
        self._journal = journal
        self._slips = slips
        self._lanes = lanes
        self._rounds = rounds
        self._clock = clock
        self._mint = mint
        self._post = post

    def carry_out(self, effect: order.Effect) -> None:
        """Do one order."""
        match effect:
            case order.AskTicket():
                self._ask(effect)
            case order.IssueEmergency():
                self._emergency(effect)
            case order.PrintTicket():
                self._print_ticket(effect)
            case order.ConfirmTicket(ticket=ticket, printed=by):
                self._journal.on_screen(ticket) if by == "screen" else self._journal.printed(ticket, by)
                self._rounds.kick("branch-todo")
            case order.DoubtTicket(ticket=ticket):
                self._journal.doubtful(ticket)
                self._rounds.kick("branch-todo")
            case order.VoidTicket(ticket=ticket, reason=reason):
                self._journal.voided(ticket, reason)
                self._rounds.kick("branch-todo")
            case order.SubmitRequest():
                self._submit(effect)
            case order.PrintReceipt():
                self._print_receipt(effect)
            case order.PrintGuide():
                paper = self._slips.guide(effect.service, effect.language, self._clock.now())
                self._print(effect.job, "slip", effect.service, paper)
            case order.CallStaff(view=view):
                self._lanes.submit("branch", lambda: self._call_staff(view))
            case order.FollowCode(token=token):
                self._lanes.submit("central", lambda: self._follow(token))
            case order.SetTrigger(on=on):
                scanner = self._tools.scanner
                if scanner is not None:
                    self._lanes.submit("scanner", lambda: _nothing(scanner.trigger(on)))

    def _ask(self, effect: order.AskTicket) -> None:
        now = self._clock.now()
        row = self._journal.ask(effect.ticket, effect.service, effect.language, now)
        wanted = TicketOrder(effect.ticket, effect.service, effect.language, self._place.kiosk, row.seq, row.asked_at)

        def work() -> Iterable[Event]:
            match self._tools.branch.take(wanted):
                case TicketAnswer() as answer:
                    wait = (answer.wait.low_s, answer.wait.high_s) if answer.wait else None
                    self._journal.issued(
                        answer.id, answer.label, answer.business_date, answer.ahead, wait, answer.status_url
                    )
                    low_s, high_s = wait or (None, None)
                    yield fact.TicketIssued(
                        answer.id, answer.label, answer.ahead, low_s, high_s, answer.business_date, answer.status_url
                    )
                case Rejected(code=code) if code in REAL_REFUSALS:
                    self._journal.voided(effect.ticket, code)
                    yield fact.TicketRefused(effect.ticket, code)
                case Away(ambiguous=True):
                    yield fact.TicketUnanswered(effect.ticket, True, self._mint())
                case Away() | Rejected():
                    yield fact.TicketUnanswered(effect.ticket, False, self._mint())

        self._lanes.submit("branch", work)

    def _emergency(self, effect: order.IssueEmergency) -> None:
        now = self._clock.now()
        self._journal.ask(effect.ticket, effect.service, effect.language, now)
        numbers = self._place.ranges.emergency(self._place.number)
        letter = self._slips.letter(effect.service)
        day = now.date().isoformat()
        label = self._journal.emergency(effect.ticket, letter, day, numbers, effect.orphan, now)
        if label is None:
            self._post(fact.NumbersExhausted(effect.ticket))
        else:
            self._post(fact.TicketIssued(effect.ticket, label, None, None, None, day, None, offline=True))

    def _print_ticket(self, effect: order.PrintTicket) -> None:
        row = self._journal.get(effect.ticket)
        if row is None or row.label is None:
            self._post(fact.PaperNotPrinted(effect.job, self._slips.unknown))
            return
        paper = self._slips.ticket(row, effect.reprint, self._clock.now())
        self._journal.printing(effect.ticket, effect.job, self._slips.digest(paper))
        self._print(effect.job, "ticket", effect.ticket, paper)

    def _print_receipt(self, effect: order.PrintReceipt) -> None:
        row = self._journal.request(effect.request)
        if row is None:
            self._post(fact.PaperNotPrinted(effect.job, self._slips.unknown))
            return
        self._print(effect.job, "receipt", effect.request, self._slips.receipt(row, effect.reprint, self._clock.now()))

    def _print(self, job: str, kind: str, subject: str, paper: Paper) -> None:
        printer = self._tools.printer
        if printer is None:
            self._post(fact.PaperNotPrinted(job, self._slips.unknown))
            return
        self._journal.job_started(job, kind, subject, self._slips.digest(paper), self._clock.now())

        def work() -> Iterable[Event]:
            match printer.print_paper(job, paper):
                case Printed(confirmed=by):
                    self._journal.job_ended(job, "printed")
                    yield fact.PaperPrinted(job, by)
                case NotPrinted(health=health):
                    self._journal.job_ended(job, "failed")
                    yield fact.PaperNotPrinted(job, health)
                case PrintUnknown(health=health):
                    self._journal.job_ended(job, "unknown")
                    yield fact.PaperUnknown(job, health)

        self._lanes.submit("printer", work)

    def _submit(self, effect: order.SubmitRequest) -> None:
        sealer = self._tools.sealer
        if sealer is None:
            self._post(fact.RequestRefused(effect.request, "not-enrolled"))
            return
        personal = {"applicant": dict(effect.applicant), "fields": dict(effect.fields)}
        sealed = sealer.seal(effect.request, effect.service, json.dumps(personal, ensure_ascii=False).encode())
        self._journal.enqueue(
            effect.request, effect.service, sealed, effect.masked, effect.assurance, effect.consents, effect.language,
            self._clock.now(),
        )  # fmt: skip
        self._post(fact.RequestSaved(effect.request, effect.masked))
        self._rounds.kick("outbox")

    def _call_staff(self, view: str) -> Iterable[Event]:
        answer = self._tools.branch.help(self._place.kiosk, view)
        yield fact.StaffCalled(reached=not isinstance(answer, Away | Rejected))

    def _follow(self, token: str) -> Iterable[Event]:
        central = self._tools.central
        answer = central.follow(token) if central is not None else Away(ambiguous=False)
        match answer:
            case Away():
                yield fact.ProgressSeen(token, reachable=False)
            case Rejected():
                yield fact.ProgressSeen(token)
            case known:
                yield fact.ProgressSeen(token, known.state, known.reference)


def _nothing(_done: None) -> Iterable[Event]:
    return ()
