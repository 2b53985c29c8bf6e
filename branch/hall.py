"""PURE: the whole hall at one moment - what lies in the database, turned into what pages, boards and kiosks read."""

from collections import Counter as Tally
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from branch.choose import Desk, Policy, Waiting, choose
from branch.flow import Flow
from branch.hours import Standing
from branch.life import AT_COUNTER, QUEUED, legal
from branch.moment import rfc3339
from branch.ticket import Counter, Ticket, counter_record, ticket_record
from branch.wait import Model, Pace, Station, estimate

UNCONFIRMED_MS = 60_000
"""A reserved ticket whose paper nobody confirmed for so long is shown as such; it keeps its place."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What a counter has done today."""

    done: int
    mean_s: int


@dataclass(frozen=True, slots=True)
class Hall:
    """Everything that /state tells, read in one transaction at `seq`.

    `tickets` are the live ones of the day and the missed ones that can still be recalled; `calls` are the tickets
    called last, newest first; `alerts` and `kiosks` are records already.
    """

    epoch: int
    seq: int
    business_date: str
    counters: tuple[Counter, ...]
    tickets: tuple[Ticket, ...]
    calls: tuple[Ticket, ...]
    samples: tuple[float, ...]
    alerts: tuple[Mapping[str, Any], ...] = ()
    kiosks: tuple[Mapping[str, Any], ...] = ()
    figures: Mapping[int, Figures] = field(default_factory=dict)
    done_today: int = 0
    flow: Flow = field(default_factory=Flow)
    model: Model | None = None
    visits: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    also: Mapping[str, Sequence[str]] = field(default_factory=dict)
    suspended: tuple[Mapping[str, Any], ...] = ()

    def pace(self) -> Pace:
        """How the branch works right now."""
        busy = {ticket.counter for ticket in self.tickets if ticket.state in AT_COUNTER}
        stations = tuple(Station(c.serves(), c.number in busy, c.number) for c in self.counters if c.state == "open")
        return Pace(stations, self.samples, self.flow, self.model)


@dataclass(frozen=True, slots=True)
class Frame:
    """What the branch is, as far as its state is told: counters, letters of the services, policy, is it a test."""

    branch: Mapping[str, str]
    letters: Mapping[str, str]
    policy: Policy
    test_clock: bool
    standing: Standing = "open"
    opens_next_ms: int | None = None


def state_view(hall: Hall, frame: Frame, now_ms: int, *, staff: bool) -> dict[str, Any]:
    """Say how the hall is: the same for everybody, and with queue, reasons and names for staff."""
    queue = sorted((t for t in hall.tickets if t.state in QUEUED), key=lambda t: (t.place, t.id))
    at = {ticket.counter: ticket for ticket in hall.tickets if ticket.state in AT_COUNTER}
    waiting = Tally(ticket.service for ticket in queue)
    letters = Tally(frame.letters.get(ticket.service, ticket.letter) for ticket in queue)
    wait = estimate(len(queue), None, hall.pace())
    view: dict[str, Any] = {
        "epoch": hall.epoch,
        "seq": hall.seq,
        "now": rfc3339(now_ms),
        "business_date": hall.business_date,
        "branch": dict(frame.branch),
        "open": frame.standing == "open",
        "standing": frame.standing,
        "opens_at": rfc3339(frame.opens_next_ms),
        "suspended": [dict(one) if staff else _without(one, "by") for one in hall.suspended],
        "waiting_total": len(queue),
        "wait": {"low_s": wait.low_s, "high_s": wait.high_s} if wait else None,
        "counters": [counter_record(c, at.get(c.number), staff=staff) for c in hall.counters],
        "waiting": dict(sorted(waiting.items())),
        "waiting_by_category": {letter: letters.get(letter, 0) for letter in sorted(set(frame.letters.values()))},
        "calls": [_call(ticket) for ticket in hall.calls if ticket.counter is not None],
        "help": [dict(alert) if staff else _without(alert, "taken_by") for alert in hall.alerts],
        "kiosks": [dict(kiosk) for kiosk in hall.kiosks],
        "test_clock": frame.test_clock,
    }
    if staff:
        view |= _for_staff(hall, frame, queue, now_ms)
    return view


def _for_staff(hall: Hall, frame: Frame, queue: list[Ticket], now_ms: int) -> dict[str, Any]:
    people = [waiting_of(ticket) for ticket in queue]
    return {
        "queue": [
            {
                **ticket_record(ticket, staff=True),
                "waited_s": max(0, now_ms - ticket.issued_ms) // 1000,
                "unconfirmed": ticket.state == "reserved" and now_ms - ticket.issued_ms > UNCONFIRMED_MS,
            }
            for ticket in queue
        ],
        "held": [ticket_record(t, staff=True) for t in hall.tickets if t.state == "held"],
        "missed": [ticket_record(t, staff=True) for t in hall.tickets if t.state == "no_show"],
        "next": {str(c.number): _next(c, people, frame.policy, now_ms) for c in hall.counters if c.state == "open"},
        "verbs": {t.id: list(legal(t.state)) for t in hall.tickets if t.state in AT_COUNTER},
        "figures": {str(n): {"done": f.done, "mean_s": f.mean_s} for n, f in hall.figures.items()},
        "done_today": hall.done_today,
        "visits": {t.id: hall.visits[t.id] for t in hall.tickets if t.id in hall.visits},
        "also": {t.id: list(hall.also[t.id]) for t in hall.tickets if t.id in hall.also},
    }


def waiting_of(ticket: Ticket) -> Waiting:
    """The ticket as the policy sees it."""
    priority = ticket.priority if ticket.priority_confirmed else None
    return Waiting(
        ticket.id, ticket.label, ticket.service, ticket.place, ticket.issued_ms, priority, ticket.target_counter
    )


def _next(counter: Counter, people: list[Waiting], policy: Policy, now_ms: int) -> dict[str, Any] | None:
    chosen = choose(people, Desk(counter.number, counter.serves(), counter.priority_run), now_ms, policy)
    if chosen is None:
        return None
    person, why = chosen
    promise_min = policy.promise_of(person.service) // 60
    reason = {"code": why.code, "minutes": why.minutes, "priority": why.priority, "promise_min": promise_min}
    return {"id": person.id, "label": person.label, "why": reason}


def _call(ticket: Ticket) -> dict[str, Any]:
    return {
        "id": ticket.id,
        "label": ticket.label,
        "counter": ticket.counter,
        "called_at": rfc3339(ticket.called_ms),
        "recalls": ticket.recalls,
        "seq": ticket.called_seq,
    }


def _without(record: Mapping[str, Any], private: str) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name != private}
