"""PURE: how the queue moves right now, and the features of it from which a wait is foretold."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from branch.moment import from_ms

RECENT_MS = 30 * 60_000
"""How far back calls tell of the present pace."""

_PRIOR = 10  # services of the past that weigh as much as today's in the day's speed
_SLOTS_MIN = (615, 690, 810, 900)  # of the day, in Shanghai: from 10:15, 11:30, 13:30, 15:00
_MOST_MIN = 240.0


@dataclass(frozen=True, slots=True)
class Station:
    """An open counter: what it serves (None: all) and whether somebody is there."""

    services: frozenset[str] | None
    busy: bool
    number: int = 0

    def takes(self, service: str | None) -> bool:
        """Whether it may call somebody for a service; None: for anything."""
        return service is None or self.services is None or service in self.services


@dataclass(frozen=True, slots=True)
class Called:
    """One call: when, by which counter, for which service, after how long a wait."""

    at_ms: int
    counter: int
    service: str
    waited_s: float


@dataclass(frozen=True, slots=True)
class Flow:
    """The queue at `now_ms`.

    `waiting` counts people by service, `heads` has the time at which the first of each was issued, `calls` are those of
    the last half hour, newest first; `done` are number and seconds of today's services.
    """

    now_ms: int = 0
    waiting: Mapping[str, int] = field(default_factory=dict)
    heads: Mapping[str, int] = field(default_factory=dict)
    calls: tuple[Called, ...] = ()
    done: Mapping[str, tuple[int, float]] = field(default_factory=dict)


def shared(stations: tuple[Station, ...], service: str | None) -> frozenset[str] | None:
    """The services whose people may be called before a newcomer: those of every counter open for hers; None: all."""
    mine = [station for station in stations if station.takes(service)]
    if not mine or any(station.services is None for station in mine):
        return None
    return frozenset[str]().union(*(station.services or () for station in mine))


def features(
    people_ahead: int, service: str | None, stations: tuple[Station, ...], flow: Flow, means: Mapping[str, float]
) -> tuple[float, ...] | None:
    """The features of a newcomer's wait, in minutes; None while no counter is open for her.

    `means` are seconds a service of the past; the day's own speed corrects them.
    """
    mine = [station for station in stations if station.takes(service)]
    if not mine or not means:
        return None
    rivals = shared(stations, service)
    idle = sum(not station.busy for station in mine)
    queue = max(0, people_ahead + 1 - idle)
    work = min(_MOST_MIN, queue * _mean(flow, rivals, means) / 60 / len(mine))
    head = max((flow.now_ms - at for code, at in flow.heads.items() if _counts(code, rivals)), default=0) / 60_000
    numbers = {station.number for station in mine}
    calls = [call for call in flow.calls if call.counter in numbers]
    last = next((call.waited_s / 60 for call in calls if _counts(call.service, rivals)), 0.0)
    rate = min(2 * work + 10, people_ahead * RECENT_MS / 60_000 / max(1, len(calls)))
    own = min(_MOST_MIN, _own(people_ahead, service, flow) * _usual(service, means) / 60 / len(mine))
    slots = _slots(flow.now_ms)
    # The last ones, by slot of the day, let a branch have its humps and its lunch.
    return (
        1.0, work, min(_MOST_MIN, max(0.0, head)), min(_MOST_MIN, last), rate, work / len(mine),
        work**0.5, own, float(queue == 0), *(work if slot else 0.0 for slot in slots),
    )  # fmt: skip


def _own(people_ahead: int, service: str | None, flow: Flow) -> float:
    """How many wait for the very same service; for no one service, an equal share of all."""
    if service is not None:
        return min(people_ahead, flow.waiting.get(service, 0))
    return people_ahead / max(1, sum(count > 0 for count in flow.waiting.values()))


def _usual(service: str | None, means: Mapping[str, float]) -> float:
    return means.get(service or "", sum(means.values()) / len(means))


def _slots(now_ms: int) -> list[bool]:
    moment = from_ms(now_ms)
    minute = moment.hour * 60 + moment.minute
    ends = (*_SLOTS_MIN[1:], 24 * 60)
    return [start <= minute < end for start, end in zip(_SLOTS_MIN, ends, strict=True)]


def _counts(service: str, rivals: frozenset[str] | None) -> bool:
    return rivals is None or service in rivals


def _mean(flow: Flow, rivals: frozenset[str] | None, means: Mapping[str, float]) -> float:
    """Seconds of the services that wait before her, at today's speed."""
    overall = sum(means.values()) / len(means)
    counts = {code: count for code, count in flow.waiting.items() if count and _counts(code, rivals)}
    usual = [(means.get(code, overall), count) for code, count in counts.items()]
    total = sum(count for _, count in usual)
    mix = sum(mean * count for mean, count in usual) / total if total else overall
    expected = sum(means.get(code, overall) * count for code, (count, _) in flow.done.items())
    actual = sum(seconds for _, seconds in flow.done.values())
    return mix * (_PRIOR * overall + actual) / (_PRIOR * overall + expected)
