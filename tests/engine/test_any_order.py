"""Whatever happens, in whatever order: the pure step keeps its promises, and every page leads home by itself."""

from dataclasses import fields, is_dataclass
from datetime import timedelta
from typing import get_args

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from kiosk.core import effects as order
from kiosk.core import events as fact
from kiosk.core.flows.session import fresh
from kiosk.core.state import Closed, State, TicketPage, Welcome, Working
from kiosk.core.step import step
from kiosk.domain.health import CoverOpen, Health, Offline, PaperLow, PaperOut, Ready, Unknown
from kiosk.domain.request import RequestState
from kiosk.view.present import offered, present
from tests.core.citizen import resident_id
from tests.sampling import EVERY
from tests.view import hall

NUMBER = resident_id()
NAME = "测试员甲"
MOBILE = "13" + "800" + "000" + "123"
HOME_S = 900
"""Past every delay in a row: the longest work, a question, a number on the screen, a warning."""
PRINTING = ("printed", "printed", "not", "unknown")
HEALTH: tuple[Health, ...] = (Ready(), PaperLow(), PaperOut(), CoverOpen(), Offline("gone"), Unknown())
REQUEST_STATES = tuple(state for side in get_args(RequestState) for state in get_args(side))
CODES = (
    NUMBER, f"{NUMBER[:-1]}0", "XN-20261123-000001", "B012", "https://example.org/s/" + "a" * 22, "?", "", "9" * 300,
)  # fmt: skip


class Kiosk(RuleBasedStateMachine):
    """The core with a world around it that answers late, twice, never, or about something else."""

    def __init__(self) -> None:
        super().__init__()
        self.state = hall.state()
        self.presses = 0
        self.asks: list[str] = []
        self.may_ask: set[str] = set()
        self.issued: set[str] = set()
        self.settled: dict[str, str] = {}
        self.printed: set[str] = set()
        self.job_of: dict[str, str] = {}
        self.submitted: list[str] = []

    def happen(self, event: fact.Event) -> tuple[order.Effect, ...]:
        before = self.state
        self.state, effects = step(before, event)
        for effect in effects:
            self.check(effect, before, event)
        return effects

    def check(self, effect: order.Effect, before: State, event: fact.Event) -> None:
        match effect:
            case order.AskTicket(ticket=ticket):
                assert ticket in self.may_ask, "asked without a press"
                assert ticket not in self.asks, "asked twice for one press"
                self.asks.append(ticket)
            case order.PrintTicket(job=job, ticket=ticket):
                assert ticket in self.issued, "paper before the number was durable"
                assert self.settled.get(ticket) != "void", "paper for a number that was given up"
                self.job_of[job] = ticket
            case order.ConfirmTicket(ticket=ticket, printed=by):
                assert self.settled.get(ticket) != "void", "confirmed after it was given up"
                self.settled[ticket] = "confirmed"
                touched = event.action if isinstance(event, fact.Touched) else ""
                proof = {"screen": touched == "finish", "none": touched == "choice:yes"}
                assert proof.get(by, ticket in self.printed), f"confirmed by {by} without it"
            case order.DoubtTicket(ticket=ticket):
                assert self.settled.get(ticket, "doubtful") == "doubtful"
                self.settled[ticket] = "doubtful"
            case order.VoidTicket(ticket=ticket):
                assert self.settled.get(ticket) != "confirmed", "given up after she had it"
                assert not (isinstance(before.page, TicketPage) and before.page.paper == "printed")
                self.settled[ticket] = "void"
            case order.SubmitRequest(request=request):
                assert request not in self.submitted, "submitted twice for one press"
                self.submitted.append(request)

    # What the citizen does.

    @rule(data=st.data())
    def touch(self, data: st.DataObject) -> None:
        action = data.draw(st.sampled_from(sorted(offered(self.state))), label="action")
        self.press(action)

    @rule(data=st.data())
    def touch_what_leads_on(self, data: st.DataObject) -> None:
        """Most touches of a person lead on; without a push the machine would spend its life on pills and keys."""
        ahead = [name for name in sorted(offered(self.state)) if name.split(":")[0] in AHEAD]
        if ahead:
            self.press(data.draw(st.sampled_from(ahead), label="ahead"))

    def press(self, action: str) -> None:
        self.presses += 1
        press = f"press-{self.presses}"
        if action == "take-ticket":
            self.may_ask.add(press)
        self.happen(fact.Touched(action, press))

    @rule()
    def type_her_mobile_number(self) -> None:
        if "key:1" in offered(self.state):
            for char in MOBILE:
                self.press(f"key:{char}")

    @rule(action=st.text(max_size=20) | st.sampled_from(["take-ticket", "confirm", "finish", "home", "key:", "help:"]))
    def touch_what_is_not_there(self, action: str) -> None:
        step(self.state, fact.Touched(action, "press-of-nothing"))

    @rule(text=st.sampled_from(CODES) | st.text(max_size=40))
    def scan(self, text: str) -> None:
        self.happen(fact.DocumentScanned(text))

    @rule(fault=st.sampled_from(["too-long", "control", "undecodable"]), length=st.integers(0, 70000))
    def scan_nonsense(self, fault: fact.ScanFault, length: int) -> None:
        self.happen(fact.ScanRefused(fault, length))

    @rule()
    def lay_down_her_card(self) -> None:
        self.happen(fact.CardRead(NUMBER, NAME))

    # What the world does.

    @rule(seconds=st.sampled_from([0.0, 1.0, 1.0, 5.0, 16.0, 61.0, 200.0]))
    def time_passes(self, seconds: float) -> None:
        while seconds >= 0:
            self.tick(min(seconds, 5.0) or 0.0)
            seconds -= 5.0

    def tick(self, seconds: float) -> None:
        self.happen(fact.TimePassed(self.state.now + timedelta(seconds=seconds), self.state.monotonic + seconds))

    @rule(health=st.sampled_from(HEALTH), device=st.sampled_from(["printer", "scanner", "card"]))
    def a_device_changes(self, health: Health, device: fact.DeviceName) -> None:
        self.happen(fact.HealthChanged(device, health))

    @rule(waiting=st.integers(0, 40), is_open=st.sampled_from([True, True, True, False]))
    def the_hub_answers(self, waiting: int, is_open: bool) -> None:
        self.happen(fact.LobbySeen(waiting, 300, 600, is_open))

    @rule()
    def the_hub_is_lost(self) -> None:
        self.happen(fact.HubLost())

    @rule(can_submit=st.booleans(), connected=st.booleans())
    def the_centre_changes(self, can_submit: bool, connected: bool) -> None:
        self.happen(fact.SubmissionSeen(can_submit, connected))

    @rule(late=st.booleans(), offline=st.booleans())
    def a_number_comes(self, late: bool, offline: bool) -> None:
        ticket = self.asks[0] if late and self.asks else self.state.asking
        if ticket is None or ticket in self.issued:
            return
        self.issued.add(ticket)
        self.happen(fact.TicketIssued(ticket, "B012", 3, 300, 600, "2026-11-22", None, offline))

    @rule(ambiguous=st.booleans(), late=st.booleans())
    def no_number_comes(self, ambiguous: bool, late: bool) -> None:
        ticket = self.asks[0] if late and self.asks else self.state.asking
        if ticket is None or ticket in self.issued:
            return
        for effect in self.happen(fact.TicketUnanswered(ticket, ambiguous, f"fresh-{self.presses}")):
            if isinstance(effect, order.IssueEmergency):
                assert (effect.orphan is not None) is ambiguous

    @rule(code=st.sampled_from(["closed", "service-full", "limit-reached", ""]))
    def a_number_is_refused(self, code: str) -> None:
        ticket = self.state.asking
        if ticket is not None and ticket not in self.issued:
            self.settled[ticket] = "refused"
            self.happen(fact.TicketRefused(ticket, code) if code else fact.NumbersExhausted(ticket))

    @rule(
        how=st.sampled_from(["printed", "printed", "not", "unknown"]),
        health=st.sampled_from(HEALTH),
        late=st.booleans(),
    )
    def the_printer_is_done(self, how: str, health: Health, late: bool) -> None:
        job = next(iter(self.job_of), None) if late else self.state.job
        if job is None:
            return
        if how == "printed":
            if job in self.job_of:
                self.printed.add(self.job_of[job])
            self.happen(fact.PaperPrinted(job, "process-id"))
        else:
            self.happen(fact.PaperNotPrinted(job, health) if how == "not" else fact.PaperUnknown(job, health))

    @rule(saved=st.sampled_from([True, True, True, False]), late=st.booleans())
    def a_request_is_saved(self, saved: bool, late: bool) -> None:
        if self.submitted:
            name = self.submitted[0 if late else -1]
            self.happen(fact.RequestSaved(name, ()) if saved else fact.RequestRefused(name, "not-enrolled"))

    @rule(state=st.sampled_from(REQUEST_STATES), late=st.booleans())
    def the_centre_answers(self, state: RequestState, late: bool) -> None:
        if self.submitted:
            self.happen(fact.RequestAnswered(self.submitted[0 if late else -1], state, "XN-1", None, None))

    @rule(reached=st.booleans())
    def staff_are_called(self, reached: bool) -> None:
        self.happen(fact.StaffCalled(reached))

    @rule(state=st.sampled_from([None, "waiting", "accepted", "not-found", "?"]), reachable=st.booleans())
    def progress_is_told(self, state: str | None, reachable: bool) -> None:
        self.happen(fact.ProgressSeen("token", state, "XN-1", None, reachable))

    @initialize(
        stages=st.lists(st.sampled_from(["asked", "issued", "printing", "doubtful"]), max_size=3),
        age=st.sampled_from([3.0, 900.0]),
    )
    def a_start_finds_tickets(self, stages: list[fact.TicketStage], age: float) -> None:
        for number, stage in enumerate(stages):
            ticket = f"old-{number}"
            self.may_ask.add(ticket)
            label = None if stage == "asked" else f"B{number:03d}"
            if label:
                self.issued.add(ticket)
            self.happen(fact.TicketRecovered(ticket, "B1", "en", stage, label, 2, None, None, None, False, age))
            if stage == "doubtful":
                self.settled.setdefault(ticket, "doubtful")

    # What must hold.

    @invariant()
    def every_page_has_words_and_a_way_on(self) -> None:
        view = present(self.state, hall.texts())
        assert view.title
        ways = [a.id for a in view.actions if a.enabled and a.id.split(":")[0] not in ("language", "mode")]
        assert ways or isinstance(self.state.page, Working)

    @invariant()
    def nothing_of_her_stays(self) -> None:
        if self.state.session == fresh(self.state) and isinstance(self.state.page, Welcome):
            kept = " ".join(texts_in(self.state))
            assert not any(hers in kept for hers in (NUMBER, NAME, MOBILE))

    @invariant()
    def no_number_is_left_that_nobody_holds(self) -> None:
        if isinstance(self.state.page, Welcome | Closed):
            open_ = {ticket for ticket in self.issued if ticket not in self.settled}
            assert open_ <= {self.state.asking}, f"at home, and nobody settled {open_}"

    @precondition(lambda self: not isinstance(self.state.page, Welcome))
    @rule()
    def everybody_goes(self) -> None:
        """Nothing answers and nobody touches anything any more."""
        for _ in range(HOME_S):
            if isinstance(self.state.page, Welcome | Closed):
                return
            self.tick(1.0)
        raise AssertionError(f"{type(self.state.page).__name__} stands for ever")


AHEAD = {
    "identify", "ticket-only", "category", "service", "take-ticket", "apply", "next", "consent", "confirm", "finish",
    "retry", "choice", "help", "home", "more-time", "print-guide",
}  # fmt: skip


def texts_in(thing: object) -> list[str]:
    """Every text in a state, however deep; the catalogue is nobody's."""
    if isinstance(thing, str):
        return [thing]
    if is_dataclass(thing):
        return [t for field in fields(thing) if field.name != "catalogue" for t in texts_in(getattr(thing, field.name))]
    if isinstance(thing, dict) or hasattr(thing, "items"):
        return [t for pair in thing.items() for each in pair for t in texts_in(each)]
    if isinstance(thing, tuple | list | frozenset | set):
        return [t for each in thing for t in texts_in(each)]
    return []


TestAnyOrder = pytest.mark.timeout(900)(Kiosk.TestCase)
TestAnyOrder.settings = settings(
    max_examples=400 if EVERY else 25,
    stateful_step_count=60,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
)
