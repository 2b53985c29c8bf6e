"""PURE: the log read as waits - for each ticket how the queue stood when it was issued, and how long it then took."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from branch.flow import RECENT_MS, Called, Flow, Station
from branch.life import AT_COUNTER, QUEUED
from branch.moment import date_of
from branch.store.log import Entry
from branch.ticket import Counter, Ticket
from branch.wait import Pace, ahead

SAMPLES = 60
_LONGEST_S = 2 * 3600.0  # a longer service was forgotten open


@dataclass(frozen=True, slots=True)
class Wait:
    """One ticket that was called: the queue at its issue, and the seconds until its first call."""

    day: str
    label: str
    service: str
    issued_ms: int
    people_ahead: int
    pace: Pace
    waited_s: float


@dataclass
class _Scene:
    """The hall as the log has told it so far today."""

    day: str = ""
    waiting: dict[str, Ticket] = field(default_factory=dict)
    counters: dict[int, Counter] = field(default_factory=dict)
    at_counter: dict[str, int] = field(default_factory=dict)
    calls: deque[Called] = field(default_factory=deque)
    done: dict[str, tuple[int, float]] = field(default_factory=dict)
    samples: deque[float] = field(default_factory=lambda: deque(maxlen=SAMPLES))

    def flow(self, now_ms: int) -> Flow:
        while self.calls and self.calls[-1].at_ms < now_ms - RECENT_MS:
            self.calls.pop()
        counts: dict[str, int] = {}
        heads: dict[str, int] = {}
        for ticket in self.waiting.values():
            counts[ticket.service] = counts.get(ticket.service, 0) + 1
            heads[ticket.service] = min(heads.get(ticket.service, ticket.issued_ms), ticket.issued_ms)
        return Flow(now_ms, counts, heads, tuple(self.calls), dict(self.done))

    def stations(self) -> tuple[Station, ...]:
        busy = set(self.at_counter.values())
        return tuple(
            Station(one.serves(), one.number in busy, one.number)
            for one in sorted(self.counters.values(), key=lambda one: one.number)
            if one.state == "open"
        )


def waits(entries: Iterable[Entry]) -> Iterator[Wait]:
    """Fold the log; give each ticket's wait once it is called. A ticket from a cut-off kiosk had no promise."""
    scene = _Scene()
    promised: dict[str, tuple[int, Pace]] = {}
    for entry in entries:
        if entry.type == "counter":
            counter = Counter(**entry.data)
            scene.counters[counter.number] = counter
        if entry.type != "ticket":
            continue
        ticket = Ticket(**entry.data)
        if date_of(entry.at_ms) != scene.day:
            scene = _Scene(date_of(entry.at_ms), counters=scene.counters)
            promised.clear()
        if entry.verb == "issue" and not ticket.cut_off:
            pace = Pace(scene.stations(), tuple(scene.samples), scene.flow(entry.at_ms))
            promised[ticket.id] = ahead(pace.flow.waiting, ticket.service, pace), pace
        if entry.verb == "call" and ticket.id in promised:
            people, pace = promised.pop(ticket.id)
            waited_s = (entry.at_ms - ticket.issued_ms) / 1000
            yield Wait(scene.day, ticket.label, ticket.service, ticket.issued_ms, people, pace, waited_s)
        _take(scene, entry, ticket)


def means(entries: Iterable[Entry]) -> Mapping[str, float]:
    """Seconds a service took on average, from call to end."""
    sums: dict[str, tuple[int, float]] = {}
    for entry in entries:
        if entry.type == "ticket" and entry.verb == "finish":
            _count(sums, Ticket(**entry.data))
    return {service: seconds / count for service, (count, seconds) in sums.items()}


def _take(scene: _Scene, entry: Entry, ticket: Ticket) -> None:
    if ticket.state in QUEUED:
        scene.waiting[ticket.id] = ticket
    else:
        scene.waiting.pop(ticket.id, None)
    if ticket.state in AT_COUNTER and ticket.counter is not None:
        scene.at_counter[ticket.id] = ticket.counter
    else:
        scene.at_counter.pop(ticket.id, None)
    if entry.verb == "call" and ticket.counter is not None:
        waited_s = (entry.at_ms - ticket.issued_ms) / 1000
        scene.calls.appendleft(Called(entry.at_ms, ticket.counter, ticket.service, waited_s))
    if entry.verb == "finish" and ticket.called_ms is not None and ticket.ended_ms is not None:
        _count(scene.done, ticket)
        scene.samples.appendleft((ticket.ended_ms - ticket.called_ms) / 1000)


def _count(sums: dict[str, tuple[int, float]], ticket: Ticket) -> None:
    if ticket.called_ms is None or ticket.ended_ms is None:
        return
    seconds = (ticket.ended_ms - ticket.called_ms) / 1000
    if 0 < seconds <= _LONGEST_S:
        count, sum_s = sums.get(ticket.service, (0, 0.0))
        sums[ticket.service] = count + 1, sum_s + seconds
