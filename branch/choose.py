"""PURE: whom to call next, and why - so that a clerk can see the reason and nobody starves."""

from collections.abc import Iterable
from dataclasses import dataclass
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

    `promise_s` is the wait that the branch promises not to exceed; the clerk is told when it is exceeded. After
    `priority_run` priority calls in a row the others get one turn.
    """

    promise_s: int = 1200
    priority_run: int = 1


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
    chosen = min(preferred if preferred and not turn_of_others else others, key=_order)
    minutes = max(0, now_ms - chosen.since_ms) // 60_000
    return chosen, Why(_reason(chosen, minutes, policy), minutes, chosen.priority)


def _may_serve(desk: Desk, one: Waiting) -> bool:
    if one.target is not None:
        return one.target == desk.number
    return desk.services is None or one.service in desk.services


def _order(one: Waiting) -> tuple[int, str]:
    return one.place, one.id


def _reason(one: Waiting, minutes: int, policy: Policy) -> Reason:
    if one.priority:
        return "priority"
    if one.target is not None:
        return "transferred"
    return "promise" if minutes * 60 >= policy.promise_s else "order"
