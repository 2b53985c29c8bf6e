"""PURE: whom to call next, and why - so that a clerk can see the reason and nobody starves."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

Reason = Literal["order", "promise", "priority", "transferred"]


@dataclass(frozen=True, slots=True)
class Waiting:
    """One person who waits. `priority` stands only where staff confirmed it; `target` is a counter she was sent to."""

    id: str
    label: str
    service: str
    place: int
    since_ms: int
    priority: str | None = None
    target: int | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """A counter that calls. `services` None: all. `priority_run`: priority calls made there one after another."""

    number: int
    services: frozenset[str] | None = None
    priority_run: int = 0


@dataclass(frozen=True, slots=True)
class Policy:
    """The branch's rules.

    `promise_s` is the wait that the branch promises not to exceed, `promises` has the services with one of their own.
    Whoever has waited so long comes before all who have not, the one who is longest past it first: so a service with
    a short promise is quick, and nobody starves. After `priority_run` priority calls in a row the others get one turn.
    """

    promise_s: int = 1200
    priority_run: int = 1
    promises: Mapping[str, int] = field(default_factory=dict)

    def promise_of(self, service: str) -> int:
        """The wait promised for a service, in seconds."""
        return self.promises.get(service, self.promise_s)


@dataclass(frozen=True, slots=True)
class Why:
    """The reason of a choice, with the minutes that the person has waited."""

    code: Reason
    minutes: int
    priority: str | None = None


def choose(waiting: Iterable[Waiting], desk: Desk, now_ms: int, policy: Policy) -> tuple[Waiting, Why] | None:
    """Give the person whom this counter calls next, and why; None where nobody waits for it."""
    mine = [one for one in waiting if _may_serve(desk, one)]
    if not mine:
        return None
    preferred = [one for one in mine if one.priority]
    others = [one for one in mine if not one.priority]
    turn_of_others = others and desk.priority_run >= policy.priority_run
    group = preferred if preferred and not turn_of_others else others
    chosen = min(group, key=lambda one: _order(one, now_ms, policy))
    minutes = max(0, now_ms - chosen.since_ms) // 60_000
    return chosen, Why(_reason(chosen, minutes, policy), minutes, chosen.priority)


def _may_serve(desk: Desk, one: Waiting) -> bool:
    if one.target is not None:
        return one.target == desk.number
    return desk.services is None or one.service in desk.services


def _order(one: Waiting, now_ms: int, policy: Policy) -> tuple[int, int, str]:
    if not policy.promises:
        return 0, one.place, one.id
    due_ms = one.place // 1000 + policy.promise_of(one.service) * 1000
    return (0, due_ms, one.id) if due_ms <= now_ms else (1, one.place, one.id)


def _reason(one: Waiting, minutes: int, policy: Policy) -> Reason:
    if one.priority:
        return "priority"
    if one.target is not None:
        return "transferred"
    return "promise" if minutes * 60 >= policy.promise_of(one.service) else "order"
