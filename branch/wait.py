"""PURE: how long people wait - a range from today's own service times, and nothing at all where it is not known."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

SHOW_FROM = 10
"""Fewer services finished today than this, and no wait is shown: people ahead are counted instead."""

_P80 = 0.8416  # standard deviations from the middle of a normal distribution to its 80th percentile
_LOW_STEP_S = 60
_HIGH_STEP_S = 300  # promises are rounded up, never down


@dataclass(frozen=True, slots=True)
class Range:
    """Half of the people wait up to `low_s`, four in five up to `high_s`."""

    low_s: int
    high_s: int


@dataclass(frozen=True, slots=True)
class Station:
    """An open counter: what it serves (None: all) and whether somebody is there."""

    services: frozenset[str] | None
    busy: bool


@dataclass(frozen=True, slots=True)
class Pace:
    """How the branch works right now: its open counters, and seconds per finished service, newest first."""

    stations: tuple[Station, ...] = ()
    samples: tuple[float, ...] = ()


def ahead(waiting: Mapping[str, int], service: str | None, pace: Pace) -> int:
    """Count the people who may be called before a newcomer for `service` (None: for any).

    They are the ones waiting for anything that a counter open for this service also serves. While no counter is
    open for it, everybody counts.
    """
    stations = _eligible(pace, service)
    if not stations or any(station.services is None for station in stations):
        return sum(waiting.values())
    shared = frozenset[str]().union(*(station.services or () for station in stations))
    return sum(count for code, count in waiting.items() if code in shared)


def estimate(people_ahead: int, service: str | None, pace: Pace) -> Range | None:
    """Estimate the wait of somebody with `people_ahead` before her; None where the branch cannot know.

    The work ahead is shared by the counters that are open for it: the n-th of them gets free after about n mean
    services divided by the number of counters, spread by the deviation of n services.
    """
    stations = _eligible(pace, service)
    if not stations or len(pace.samples) < SHOW_FROM:
        return None
    idle = sum(not station.busy for station in stations)
    services_first = max(0, people_ahead + 1 - idle)
    mean, deviation = _moments(pace.samples)
    middle = mean * services_first / len(stations)
    late = middle + _P80 * deviation * sqrt(services_first) / len(stations)
    high_s = max(_HIGH_STEP_S, -int(-late // _HIGH_STEP_S) * _HIGH_STEP_S)
    return Range(int(middle // _LOW_STEP_S) * _LOW_STEP_S, high_s)


def _eligible(pace: Pace, service: str | None) -> list[Station]:
    return [s for s in pace.stations if service is None or s.services is None or service in s.services]


def _moments(samples: Sequence[float]) -> tuple[float, float]:
    return statistics.fmean(samples), statistics.pstdev(samples)
