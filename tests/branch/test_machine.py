"""Kiosks, clerks, cuts, crashes, clocks, promotions in any order: the promises of the queue hold after every step."""

import os
import tempfile
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import ClassVar, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from branch.choose import Waiting
from branch.declined import Declined
from branch.life import ClerkVerb
from branch.moment import date_of
from branch.options import BranchOptions
from branch.orders import Order
from branch.store import calling, clerk, verbs
from branch.store.founding import found, understood
from branch.store.issuing import confirm, issue
from branch.store.log import Entry, pages
from branch.store.reading import read_days
from branch.store.rows import ticket_at
from branch.store.store import Store
from branch.store.transaction import Work
from branch.ticket import Ticket
from kiosk.domain.ticket import Label, Ranges
from kiosk.engine.clock import SimulatedClock, parse_time

EXAMPLES, STEPS = 40, 50
"""2,000 steps in `make test`; the nightly run has 100,000 (tests/nightly/machine.py)."""
MEMORY = Path("/dev/shm")
"""The files lie in memory where there is such a folder: what a disk loses is asked by tests/faults/test_power.py."""

T = TypeVar("T")
SERVICES = ("A1", "B3")
KIOSKS = (1, 2)
COUNTERS = verbs.Counters(range(1, 4), 3_600_000)
RANGES = Ranges()
FOR_EVER = 100 * 365  # days: what is erased after its time is not lost, and has tests of its own


@dataclass
class Kiosk:
    """What one kiosk has on paper and has not told, and how far it has followed the log."""

    number: int
    connected: bool = True
    epoch: int = 1
    paper: dict[str, Order] = field(default_factory=dict)
    days: dict[str, str] = field(default_factory=dict)
    untold: list[Order] = field(default_factory=list)
    emergency: dict[tuple[str, str], int] = field(default_factory=dict)
    log: list[Entry] = field(default_factory=list)

    @property
    def newest(self) -> str:
        """The day of its newest slip: the day that it tells a hub that takes over, whatever the clocks say."""
        return max(self.days.values(), default="")


class Branch(RuleBasedStateMachine):
    """One branch with two kiosks and three counters; the hub is the real store on a real file."""

    steps: ClassVar[int] = 0
    """Steps of all machines so far, each of them followed by every invariant."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = SimulatedClock(parse_time("2026-11-23T08:00:00+08:00"))
        self.folder = tempfile.TemporaryDirectory(
            prefix="kiosk-machine-", dir=MEMORY if os.access(MEMORY, os.W_OK) else None
        )
        self.files = 0
        self.begun = False
        self.kiosks = {number: Kiosk(number) for number in KIOSKS}
        self.clerks = {n: clerk.Clerk(n, f"clerk-{n}") for n in COUNTERS.numbers}
        self.seq = 0
        self.handed: dict[tuple[str, str], str] = {}
        self.called: dict[str, set[tuple[int, int]]] = {}
        self.clashing: set[str] = set()
        self.store = self._open()

    @initialize()
    def open_counters(self) -> None:
        for n, who in self.clerks.items():
            self._do(lambda tx, n=n, who=who: clerk.open_counter(tx, n, who, None if n < 3 else ["B3"]))  # type: ignore[misc]

    @rule(number=st.sampled_from(KIOSKS), service=st.sampled_from(SERVICES))
    def issue(self, number: int, service: str) -> None:
        kiosk = self.kiosks[number]
        self.seq += 1
        order = Order(
            str(uuid.UUID(int=self.seq)),
            service,
            service[0],
            "zh",
            None,
            f"K{number}",
            self.seq,
            self._now(),
            str(self.seq),
        )
        if kiosk.connected:
            ticket = self._do(lambda tx: issue(tx, order, self.store.numbering, self.store.pace_of)).ticket
            self._hand_out(kiosk, order, ticket.label, ticket.business_date)
            return
        day = date_of(self._now())
        numbers = RANGES.emergency(number)
        taken = kiosk.emergency.get((day, order.letter), numbers.start - 1) + 1
        if taken in numbers:
            kiosk.emergency[day, order.letter] = taken
            label = Label(order.letter, taken)
            self._hand_out(kiosk, replace(order, label=label, printed="status"), str(label), day)
            kiosk.untold.append(kiosk.paper[order.id])

    @rule(number=st.sampled_from(KIOSKS))
    def confirm(self, number: int) -> None:
        kiosk = self.kiosks[number]
        if kiosk.connected and kiosk.paper:
            self._try(lambda tx: confirm(tx, list(kiosk.paper)[-1], "status", "kiosk"))

    @rule(n=st.sampled_from(list(COUNTERS.numbers)))
    def call(self, n: int) -> None:
        waiting = self._do(calling.people_waiting)
        ticket = self._try(lambda tx: calling.call_next(tx, n, self.clerks[n], self.store.options.policy))
        if isinstance(ticket, Ticket):
            self._not_overtaken(waiting, ticket, n)
            self.called.setdefault(ticket.id, set()).add((self.store.standing.epoch, n))
            self._try(lambda tx: verbs.apply(tx, ticket.id, "start", self.clerks[n], COUNTERS, None))

    @rule(
        n=st.sampled_from(list(COUNTERS.numbers)), verb=st.sampled_from(["finish", "no-show", "hold", "return", "undo"])
    )
    def serve(self, n: int, verb: ClerkVerb) -> None:
        at = self._at(n)
        if at is not None:
            changed = self._try(lambda tx: verbs.apply(tx, at.id, verb, self.clerks[n], COUNTERS, None))
            if isinstance(changed, Ticket) and changed.state == "waiting":
                self.called.pop(at.id, None)

    @rule(n=st.sampled_from(list(COUNTERS.numbers)), service=st.sampled_from(SERVICES))
    def transfer(self, n: int, service: str) -> None:
        at = self._at(n)
        if at is not None:
            sent = verbs.Transfer(service=service)
            self._do(lambda tx: verbs.apply(tx, at.id, "transfer", self.clerks[n], COUNTERS, sent))
            self.called.pop(at.id, None)

    @rule(number=st.sampled_from(KIOSKS))
    def follow(self, number: int) -> None:
        if self.kiosks[number].connected:
            self._follow(self.kiosks[number])

    @rule(number=st.sampled_from(KIOSKS))
    def partition(self, number: int) -> None:
        self.kiosks[number].connected = False

    @rule(number=st.sampled_from(KIOSKS))
    def heal(self, number: int) -> None:
        kiosk = self.kiosks[number]
        kiosk.connected = True
        self._follow(kiosk)

    @rule()
    def crash(self) -> None:
        """The hub dies with work in its hands; what it had acknowledged is there when it comes back."""
        order = Order(str(uuid.uuid4()), "B3", "B", "zh", None, "K1", 0, self._now(), "lost")
        self.store.submit(lambda tx: issue(tx, order, self.store.numbering, self.store.pace_of)).cancel()
        self.store.stop()
        self.store = self._open(self.files)

    @rule(minutes=st.sampled_from([-120, -1, 5, 60, 60 * 24, 60 * 24 * 365 * 5, -60 * 24 * 365 * 5]))
    def jump(self, minutes: int) -> None:
        """The hub's clock jumps; the next work turns the day where that is due."""
        day = self._do(lambda tx: tx.business_date)
        self.clock.advance(60.0 * minutes) if minutes > 0 else self._back(minutes)
        if self._do(lambda tx: tx.business_date) != day:
            self.called.clear()
            self.open_counters()

    @precondition(lambda self: self.files < 4)
    @rule(number=st.sampled_from(KIOSKS))
    def promote(self, number: int) -> None:
        """The hub is gone; a technician promotes one kiosk, whose copy may lack anything that came last.

        Not one that slept through an earlier promotion which another has followed: the two hubs would be of one epoch,
        and all that can be promised then is that they notice each other (test_rivals.py).
        """
        kiosk = self.kiosks[number]
        if not kiosk.log or kiosk.epoch < max(one.epoch for one in self.kiosks.values()):
            return
        self.store.stop()
        self.files += 1
        found(self._url(self.files), BranchOptions().id, kiosk.log, understood(kiosk.log), RANGES, self.clock.now())
        self.store = self._open(self.files)
        for one in self.kiosks.values():
            if one.connected:
                self._follow(one)
        self.called = {
            ticket.id: {(self.store.standing.epoch, ticket.counter or 0)}
            for ticket in self._tickets()
            if ticket.state in {"called", "serving"}
        }
        self.open_counters()

    @invariant()
    def one_more(self) -> None:
        Branch.steps += self.begun
        self.begun = True

    @invariant()
    def labels_are_unique_and_log_and_tables_agree(self) -> None:
        tickets = self._tickets()
        labels = [(ticket.business_date, ticket.label) for ticket in tickets]
        assert len(labels) == len(set(labels))
        at = [ticket.counter for ticket in tickets if ticket.state in {"called", "serving"}]
        assert len(at) == len(set(at)), "a counter with two tickets"

    @invariant()
    def nobody_is_called_to_two_counters(self) -> None:
        assert all(len(where) == 1 for where in self.called.values()), self.called

    def teardown(self) -> None:
        for kiosk in self.kiosks.values():
            kiosk.connected = True
            self._follow(kiosk)
        today = self._do(lambda tx: tx.business_date)
        known = {ticket.id: ticket for ticket in self._tickets()}
        for kiosk in self.kiosks.values():
            for name, order in kiosk.paper.items():
                # A hub that took over on a later day has nothing to do with the slips of the days before.
                if name in self.clashing or (self.files and not today == kiosk.days[name] == kiosk.newest):
                    continue
                assert name in known, f"the ticket of {order} is lost"
                assert known[name].label == str(order.label)
        self.store.stop()
        self.folder.cleanup()

    def _hand_out(self, kiosk: Kiosk, order: Order, label: str, day: str) -> None:
        assert self.handed.setdefault((day, label), order.id) == order.id, f"{label} is on two slips"
        kiosk.days[order.id] = day
        kiosk.paper[order.id] = replace(order, label=Label.parse(label), printed="status")

    def _follow(self, kiosk: Kiosk) -> None:
        """Tell what was issued while cut off, and to a hub that took over everything of the day; then copy the log."""
        told = list(kiosk.untold)
        if kiosk.epoch < self.store.standing.epoch:
            kiosk.epoch = self.store.standing.epoch
            told = [order for name, order in kiosk.paper.items() if kiosk.days[name] == kiosk.newest]
            kiosk.log = []
        for order in told:
            self._tell(kiosk, order)
        kiosk.untold.clear()
        last = (kiosk.log[-1].epoch, kiosk.log[-1].seq) if kiosk.log else (0, 0)
        kiosk.log += self.store.read(lambda connection: pages(connection, *last, 1_000_000))

    def _tell(self, kiosk: Kiosk, order: Order) -> None:
        answer = self._try(lambda tx: issue(tx, order, self.store.numbering, self.store.pace_of))
        if isinstance(answer, Declined):
            # A clock that jumps while a kiosk is cut off makes two slips of one label; the hub tells a clerk of it.
            twins = {name for name, paper in kiosk.paper.items() if paper.label == order.label}
            assert answer.code == "label-taken", answer
            assert len({kiosk.days[name] for name in twins}) > 1, f"{order} clashes with another of its day"
            self.clashing.add(order.id)

    def _not_overtaken(self, waiting: Sequence[Waiting], ticket: Ticket, n: int) -> None:
        mine = next(one for one in waiting if one.id == ticket.id)
        served = {"B3"} if n == 3 else set(SERVICES)
        before = [one.label for one in waiting if one.service in served and one.place < mine.place and not one.target]
        assert not before, f"{ticket.label} was called before {before}"

    def _open(self, number: int = 0) -> Store:
        store = Store(self._url(number), BranchOptions(keep_days=FOR_EVER), self.clock.now)
        store.start()
        return store

    def _url(self, number: int) -> str:
        return f"sqlite:///{Path(self.folder.name) / f'hub-{number}.db'}"

    def _do(self, work: Work[T]) -> T:
        return self.store.submit(work).result()

    def _try(self, work: Work[T]) -> T | Declined:
        try:
            return self._do(work)
        except Declined as no:
            return no

    def _at(self, n: int) -> Ticket | None:
        return self.store.read(lambda connection: ticket_at(connection, BranchOptions().id, n))

    def _tickets(self) -> list[Ticket]:
        days = ("0000-00-00", "9999-99-99")
        return self.store.read(lambda connection: read_days(connection, BranchOptions().id, *days))

    def _now(self) -> int:
        return self.store.now_ms()

    def _back(self, minutes: int) -> None:
        self.clock._now += timedelta(minutes=minutes)


def run(examples: int, steps: int, phases: Sequence[Phase], *, derandomize: bool) -> None:
    """Let so many machines live through so many steps each."""
    run_state_machine_as_test(
        Branch,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, derandomize=derandomize, database=None,
            phases=phases, suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip


@pytest.mark.timeout(300)
def test_the_promises_hold_in_any_order_of_events() -> None:
    run(EXAMPLES, STEPS, [Phase.explicit, Phase.generate], derandomize=True)
