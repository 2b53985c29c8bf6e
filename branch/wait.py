"""PURE: how long people wait - a range foretold from the branch's own days, and nothing where it is not known."""

import heapq
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil

from branch.flow import Flow, Station, features, shared

__all__ = ["Model", "Pace", "Range", "Station", "ahead", "estimate"]

SHOW_FROM = 10
"""Fewer services known than this, and no wait is shown: people ahead are counted instead."""

FIT_FROM = 30
"""Fewer waits in the log than this, and nothing is fitted: the live state is played forward instead."""

_STEP_S = 60
_LEAST_S = 300  # nobody is promised less than five minutes
_RUNS = 48
_LADDER = 40  # people ahead that the simulation plays; beyond, it goes on in proportion
BANDS_MIN = (0.0, 8.0, 25.0)
"""Where the bands begin in which a late end is corrected by what was seen in it."""


@dataclass(frozen=True, slots=True)
class Range:
    """Half of the people wait up to `low_s`, four in five up to `high_s`."""

    low_s: int
    high_s: int


@dataclass(frozen=True, slots=True)
class Model:
    """What a night's fit found: weights of the features for the middle and the late end, in minutes.

    `bands` is added to the late end by band of the middle. `means` are seconds a service, `samples` counts the waits.
    """

    fitted_ms: int
    samples: int
    middle: tuple[float, ...]
    late: tuple[float, ...]
    bands: tuple[float, ...]
    means: Mapping[str, float]

    def range_min(self, found: Sequence[float]) -> tuple[float, float]:
        """The middle and the late end in minutes, never below nought, the late end never below the middle."""
        middle = max(0.0, sum(w * x for w, x in zip(self.middle, found, strict=True)))
        late = sum(w * x for w, x in zip(self.late, found, strict=True)) + self.bands[band(middle)]
        return middle, max(middle, late)


@dataclass(frozen=True, slots=True)
class Pace:
    """How the branch works right now: its open counters, seconds per finished service, newest first, and the flow.

    `ladders` keeps what the simulation has found for this pace; it is a cache and nothing else.
    """

    stations: tuple[Station, ...] = ()
    samples: tuple[float, ...] = ()
    flow: Flow = field(default_factory=Flow)
    model: Model | None = None
    ladders: dict[tuple[int, int], list[tuple[float, float]]] = field(default_factory=dict, compare=False)


def band(middle_min: float) -> int:
    """The band that a foretold middle lies in."""
    return max(index for index, start in enumerate(BANDS_MIN) if middle_min >= start)


def ahead(waiting: Mapping[str, int], service: str | None, pace: Pace) -> int:
    """Count the people who may be called before a newcomer for `service` (None: for any).

    They are the ones waiting for anything that a counter open for this service also serves. While no counter is
    open for it, everybody counts.
    """
    rivals = shared(pace.stations, service)
    return sum(count for code, count in waiting.items() if rivals is None or code in rivals)


def estimate(people_ahead: int, service: str | None, pace: Pace) -> Range | None:
    """Foretell the wait of somebody with `people_ahead` before her; None where the branch cannot know."""
    mine = [station for station in pace.stations if station.takes(service)]
    if not mine:
        return None
    if pace.model is not None:
        found = features(people_ahead, service, pace.stations, pace.flow, pace.model.means)
        if found is not None:
            middle, late = pace.model.range_min(found)
            return _rounded(60 * middle, 60 * late)
    if len(pace.samples) < SHOW_FROM:
        return None
    return _rounded(*_played(people_ahead, len(mine), sum(not station.busy for station in mine), pace))


def _rounded(middle_s: float, late_s: float) -> Range:
    high_s = max(_LEAST_S, ceil(late_s / _STEP_S) * _STEP_S)  # promises are rounded up, never down
    return Range(min(int(middle_s // _STEP_S) * _STEP_S, high_s), high_s)


def _played(people_ahead: int, counters: int, idle: int, pace: Pace) -> tuple[float, float]:
    """The middle and the late end in seconds, from the live state played forward with today's own services."""
    key = counters, idle
    ladder = pace.ladders.get(key)
    if ladder is None:
        ladder = pace.ladders[key] = _ladder(counters, idle, pace.samples)
    if people_ahead < len(ladder):
        return ladder[people_ahead]
    middle, late = ladder[-1]
    further = (people_ahead - len(ladder) + 1) * sum(pace.samples) / len(pace.samples) / counters
    return middle + further, late + further


def _ladder(counters: int, idle: int, samples: Sequence[float]) -> list[tuple[float, float]]:
    dice = random.Random(len(samples))  # noqa: S311 - a draw of services; the same state gives the same answer
    runs: list[list[float]] = [[] for _ in range(_LADDER)]
    for _ in range(_RUNS):
        free = [0.0] * idle + [dice.random() * dice.choice(samples) for _ in range(counters - idle)]
        heapq.heapify(free)
        for position in range(_LADDER):
            runs[position].append(free[0])
            heapq.heapreplace(free, free[0] + dice.choice(samples))
    return [_quantiles(sorted(waits)) for waits in runs]


def _quantiles(ordered: list[float]) -> tuple[float, float]:
    return ordered[ceil(0.5 * len(ordered)) - 1], ordered[ceil(0.8 * len(ordered)) - 1]
