"""Simulated branch days: seeded, written as the hub's own log, with lunch, absences, priority, no-shows, slow days."""

import heapq
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from branch.moment import ZONE, to_ms
from branch.store.log import Entry
from branch.ticket import Counter, Ticket, row_of

MEANS_MIN = {"A1": 8.0, "B3": 12.0, "C1": 16.0}
"""What the branch has configured for its services; the days below scatter around it."""

SHARES = {"A1": 0.5, "B3": 0.3, "C1": 0.2}
PROFILES: tuple[str | None, ...] = (None, '["A1","B3"]', '["A1"]', '["B3","C1"]', '["A1","C1"]')
_SPREAD = 0.6  # of the logarithm of a service
_DAY_SPREAD = 0.15  # of a day's speed
_PRIORITY, _NO_SHOW = 0.08, 0.06
_NO_SHOW_MIN = 2.0
FIRST = date(2026, 1, 5)


@dataclass(frozen=True)
class Load:
    """How many people come a day, and what they find."""

    name: str
    people: int


MEDIUM = Load("medium", 140)
HEAVY = Load("heavy", 168)


class Day:
    """One day of one branch; `entries` plays it once."""

    def __init__(self, load: Load, number: int, seed: int) -> None:
        self._dice = random.Random(f"{seed}-{load.name}-{number}")
        self._date = FIRST + timedelta(days=number)
        self._start_ms = to_ms(datetime(self._date.year, self._date.month, self._date.day, 9, tzinfo=ZONE))
        self._load = load
        self._speed = self._dice.lognormvariate(0, _DAY_SPREAD)
        self._events: list[tuple[int, int, str, Any]] = []
        self._order = 0
        self._waiting: list[Ticket] = []
        self._preferred: set[str] = set()
        self._counters = {n: Counter(n, "closed", services=services) for n, services in enumerate(PROFILES, 1)}
        self._busy: dict[int, Ticket] = {}
        self._leaving: set[int] = set()
        self._log: list[Entry] = []

    def entries(self) -> list[Entry]:
        """The whole day as log entries."""
        self._plan()
        while self._events:
            at, _, what, who = heapq.heappop(self._events)
            getattr(self, f"_{what}")(at, who)
        return self._log

    def _at(self, minute: float, what: str, who: Any) -> None:
        self._order += 1
        heapq.heappush(self._events, (round(self._start_ms + minute * 60_000), self._order, what, who))

    def _plan(self) -> None:
        dice = self._dice
        for number in self._counters:
            self._at(0, "open", number)
            lunch = 150 + 35 * ((number - 1) % 3) + dice.uniform(-5, 5)
            self._at(lunch, "leave", number)
            self._at(lunch + 40, "open", number)
            if dice.random() < 0.5:
                away = dice.choice([dice.uniform(30, 120), dice.uniform(280, 420)])
                self._at(away, "leave", number)
                self._at(away + dice.uniform(10, 30), "open", number)
        count = round(dice.gauss(self._load.people, self._load.people**0.5))
        for _ in range(count):
            hump = dice.random()
            minute = dice.gauss(75, 45) if hump < 0.5 else dice.gauss(315, 60) if hump < 0.85 else dice.uniform(0, 450)
            self._at(min(450.0, max(0.0, minute)), "arrive", None)

    def _arrive(self, at: int, _who: None) -> None:
        service = self._dice.choices(list(SHARES), list(SHARES.values()))[0]
        number = len(self._log)
        ticket = Ticket(
            f"{self._date}-{number}", self._date.isoformat(), f"{service[0]}{number:03}", service[0], service, "zh",
            "waiting", at * 1000 + self._order, at, "K1", number, "",
        )  # fmt: skip
        if self._dice.random() < _PRIORITY:
            self._preferred.add(ticket.id)
        self._waiting.append(ticket)
        self._write("ticket", ticket.id, "issue", at, ticket)
        self._call_all(at)

    def _open(self, at: int, number: int) -> None:
        self._leaving.discard(number)
        self._counter(at, number, "open")
        self._call_all(at)

    def _leave(self, at: int, number: int) -> None:
        self._leaving.add(number)
        if number not in self._busy:
            self._counter(at, number, "paused")

    def _free(self, at: int, number: int) -> None:
        ticket = self._busy.pop(number)
        gone = ticket.void_reason == "gone"
        done = replace(ticket, state="no_show" if gone else "done", ended_ms=at, void_reason=None)
        self._write("ticket", ticket.id, "no-show" if gone else "finish", at, done)
        if number in self._leaving:
            self._counter(at, number, "paused")
        self._call_all(at)

    def _call_all(self, at: int) -> None:
        idle = [n for n, one in self._counters.items() if one.state == "open" and n not in self._busy]
        self._dice.shuffle(idle)
        for number in idle:
            serves = self._counters[number].serves()
            mine = [t for t in self._waiting if serves is None or t.service in serves]
            if not mine:
                continue
            ticket = min(mine, key=lambda t: (t.id not in self._preferred, t.place))
            self._waiting.remove(ticket)
            gone = self._dice.random() < _NO_SHOW
            called = replace(ticket, state="called", counter=number, called_ms=at, void_reason="gone" if gone else None)
            self._busy[number] = called
            self._write("ticket", ticket.id, "call", at, replace(called, void_reason=None))
            minutes = _NO_SHOW_MIN if gone else self._service_min(ticket.service)
            self._at((at - self._start_ms) / 60_000 + minutes, "free", number)

    def _service_min(self, service: str) -> float:
        return MEANS_MIN[service] * self._speed * self._dice.lognormvariate(-(_SPREAD**2) / 2, _SPREAD)

    def _counter(self, at: int, number: int, state: Any) -> None:
        self._counters[number] = replace(self._counters[number], state=state)
        self._write("counter", str(number), state, at, self._counters[number])

    def _write(self, kind: Any, subject: str, verb: str, at: int, thing: Ticket | Counter) -> None:
        self._log.append(Entry(1, 0, kind, subject, verb, "sim", at, row_of(thing)))


def days(load: Load, first: int, count: int, seed: int) -> Iterator[Entry]:
    """The log of some days, one after the other."""
    for number in range(first, first + count):
        yield from Day(load, number, seed).entries()
