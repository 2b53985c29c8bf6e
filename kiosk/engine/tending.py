"""What the kiosk looks after again and again: devices, lobby, what the hub must be told, what the centre must get."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from random import Random

from kiosk.core.events import (
    Event,
    HubLost,
    LobbySeen,
    RequestAnswered,
    SubmissionSeen,
)
from kiosk.domain.request import SERVER_STATES, ServerState
from kiosk.engine.asking import HEALTH_S, DeviceRounds
from kiosk.engine.journal.journal import Journal
from kiosk.engine.journal.outbox import FRESH
from kiosk.engine.journal.rows import OutboxRow, Todo
from kiosk.engine.lanes import Lanes
from kiosk.engine.outbox import OfflinePolicy, may_offer, next_try, retry_after_s
from kiosk.engine.ports import (
    Away,
    BranchLink,
    CentralLink,
    Done,
    Rejected,
    RequestAnswer,
    TicketAnswer,
)
from kiosk.engine.rounds import Round, RoundTable

LOBBY_S = 5.0
"""How often the lobby is asked; the wait on the welcome page is no older than this."""
TODO_S = 5.0
"""How often a hub that was away is told what it missed; a confirm is told at once besides."""
OUTBOX_S = 1.0
"""How often the outbox looks whether anything is due; each item has its own back-off."""
OFFER_S = 15.0
"""How often it is settled anew whether direct requests may be offered."""
BACKLOG_S = 5.0
"""While somebody is at the kiosk one item of the backlog goes in this time: a try costs her touches some hundredths."""
_PERMANENT = range(400, 500)
_PASSING = {401, 403, 408, 409, 425, 426, 429}
_log = logging.getLogger(__name__)


class BranchRounds:
    """Asks the hub how the lobby stands and tells it what it must still know."""

    def __init__(self, link: BranchLink, journal: Journal, kiosk: str, devices: DeviceRounds) -> None:
        self._link = link
        self._journal = journal
        self._kiosk = kiosk
        self._devices = devices
        self._told: dict[str, str] = {}
        self._there: bool | None = None

    def lobby(self) -> Iterable[Event]:
        """How many wait; a hub that is lost or back is logged once."""
        answer = self._link.lobby()
        there = not isinstance(answer, Away)
        if there != self._there:
            if self._there is not None or not there:
                _log.log(logging.INFO if there else logging.WARNING, "hub %s", "back" if there else "away")
            self._there = there
        if isinstance(answer, Away):
            # A hub that comes back may be another one: it is told anew how the devices are.
            self._told = {}
            self._devices.changing_paper(on=False)  # nobody could say that she has finished
            yield HubLost()
            return
        self._devices.changing_paper(on=self._kiosk in answer.changing_paper)
        self._tell_health()
        low_s, high_s = (answer.wait.low_s, answer.wait.high_s) if answer.wait else (None, None)
        yield LobbySeen(answer.waiting, low_s, high_s, answer.open, answer.suspended)

    def _tell_health(self) -> None:
        words = self._devices.words
        if words != self._told and isinstance(self._link.health(self._kiosk, words), Done):
            self._told = words

    def tell(self) -> Iterable[Event]:
        """Tell what is due, in order; stop at the first that finds the hub away."""
        for todo in self._journal.tickets.todo():
            answer = self._one(todo)
            if isinstance(answer, Away) or (isinstance(answer, Rejected) and _passes(answer)):
                return ()
            if isinstance(answer, Rejected):
                _log.error("hub refuses %s of ticket %s (%s); see doctor", todo.kind, todo.ticket.seq, answer.code)
                self._journal.tickets.todo_failed(todo.n, answer.code)
            else:
                self._journal.tickets.todo_done(todo.n)
        return ()

    def _one(self, todo: Todo) -> Done | Away | Rejected | TicketAnswer:
        order = todo.ticket.order(self._kiosk)
        match todo.kind:
            case "confirm":
                return self._link.confirm(todo.ticket.id, todo.word)
            case "void":
                return self._link.void(todo.ticket.id, todo.word)
            case "report":
                return self._link.report(order, todo.ticket.label, todo.word)
            case "orphan":
                # The attempt may or may not have arrived: asked again it certainly has, and then it can be voided.
                asked = self._link.take(order)
                return asked if not isinstance(asked, TicketAnswer) else self._link.void(todo.ticket.id, todo.word)


class CentralRounds:
    """Brings requests to the centre, each exactly once, and says whether more may be offered.

    `hindered`: nothing is offered as long as this kiosk runs as it was put together, whatever the centre answers.
    """

    def __init__(
        self,
        link: CentralLink,
        journal: Journal,
        policy: OfflinePolicy,
        now: Callable[[], datetime],
        random: Random,
        occupied: Callable[[], bool] = lambda: False,
        hindered: bool = False,
    ) -> None:
        self._link = link
        self._journal = journal
        self._policy = policy
        self._now = now
        self._random = random
        self._occupied = occupied
        self._hindered = hindered
        self._connected = True
        self._backlog_at = now() - timedelta(seconds=BACKLOG_S)
        self._told: tuple[bool, bool] | None = None

    def drain(self) -> Iterable[Event]:
        """Try what is due; an item that fails takes its own back-off and blocks nobody.

        While somebody is at the kiosk the machine is hers: of the backlog one item goes now and then.
        """
        for row in self._journal.outbox.expire(self._now(), self._policy.max_age):
            _log.warning("a request waited too long and was wiped; the centre must be told (service %s)", row.service)
        now = self._now()
        tried, silent = False, 0
        # What was never tried has a citizen waiting for it: it goes before what was.
        due = self._journal.outbox.due(now)
        for row in sorted(due, key=lambda row: (now - row.captured_at > FRESH, row.attempts > 0)):
            if now - row.captured_at > FRESH and self._occupied():
                if tried or abs((now - self._backlog_at).total_seconds()) < BACKLOG_S:
                    break
                self._backlog_at = now
            tried = True
            yield self._try(row)
            silent = 0 if self._connected else silent + 1
            # One that fails may be a bad one: the next is tried before the line is held to be down.
            if silent > 1 or (silent and row.attempts == 0):
                break
        if tried:
            yield from self.offer()

    def offer(self) -> Iterable[Event]:
        """Whether direct requests may be offered, by outbox, policy, last contact and this device's standing."""
        now = self._now()
        outbox = self._journal.outbox
        offered = (
            not self._hindered
            and self._link.admits()
            and may_offer(outbox.summary(now), self._policy, outbox.silence_s(now))
        )
        if self._told != (offered, self._connected):
            self._told = (offered, self._connected)
            yield SubmissionSeen(offered, self._connected)

    def probe(self, reachable: Callable[[], bool]) -> Iterable[Event]:
        """Ask whether the centre answers at all, and settle the offer by it."""
        self._connected = reachable()
        if self._connected:
            self._journal.outbox.contact(self._now())
        yield from self.offer()

    def _try(self, row: OutboxRow) -> Event:
        answer = self._once(row)
        if row.attempts == 0 and answer == Away(ambiguous=False):
            # She is waiting and no byte went out: once more is safe and, with 3 s to connect, within her 10 s.
            answer = self._once(row)
        match answer:
            case RequestAnswer():
                return self._answered(row, answer)
            case Away(ambiguous=ambiguous):
                return self._later(row, ambiguous=ambiguous)
            case Rejected(retry_after=asked) if _passes(answer):
                return self._later(row, ambiguous=False, asked=asked)
            case Rejected(code=code):
                _log.error("centre refuses a request of service %s (%s); it is kept for a person", row.service, code)
                self._journal.outbox.quarantined(row.id, code)
                return RequestAnswered(row.id, "quarantined")

    def _once(self, row: OutboxRow) -> RequestAnswer | Away | Rejected:
        # An answer that never came is asked for first: a second POST would be as safe, but larger and slower.
        if row.ambiguous:
            known = self._link.settle(row.id)
            if not isinstance(known, Rejected):
                return known
        self._journal.outbox.sending(row.id)
        return self._link.submit(row.order())

    def _answered(self, row: OutboxRow, answer: RequestAnswer) -> Event:
        self._connected = True
        state: ServerState = next((known for known in SERVER_STATES if known == answer.state), "submitted")
        self._journal.outbox.answered(
            row.id, answer.reference, state, answer.status_url, self._now(), answer.received_at
        )
        return RequestAnswered(row.id, state, answer.reference, answer.status_url, answer.received_at)

    def _later(self, row: OutboxRow, *, ambiguous: bool, asked: str | None = None) -> Event:
        self._connected = False
        if ambiguous:
            self._journal.outbox.unknown(row.id)
        now = self._now()
        at = next_try(now, row.attempts + 1, retry_after_s(asked, now), self._random.random)
        kept = self._journal.outbox.retry_at(row.id, at)
        return RequestAnswered(row.id, kept.state)


def _passes(answer: Rejected) -> bool:
    return answer.status in _PASSING or answer.status not in _PERMANENT


def round_table(
    lanes: Lanes,
    devices: DeviceRounds,
    branch: BranchRounds,
    central: CentralRounds | None,
    reachable: Callable[[], bool],
) -> RoundTable:
    """All rounds of a kiosk; without a centre there is nothing to bring there."""
    table = RoundTable(lanes)
    table.add(Round("printer", "printer", HEALTH_S, devices.printer))
    table.add(Round("scanner", "scanner", HEALTH_S, devices.scanner))
    if devices.photographs:
        table.add(Round("camera", "camera", HEALTH_S, devices.camera))
    if devices.reads_cards:
        table.add(Round("card", "scanner", HEALTH_S, devices.card))
    if devices.watches:
        table.add(Round("board", "board", HEALTH_S, devices.board))
    table.add(Round("lobby", "branch", LOBBY_S, branch.lobby))
    table.add(Round("branch-todo", "branch", TODO_S, branch.tell))
    if central is not None:
        brought = central
        table.add(Round("offer", "central", OFFER_S, lambda: brought.probe(reachable)))
        table.add(Round("outbox", "central", OUTBOX_S, central.drain))
    return table
