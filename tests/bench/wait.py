"""The honest wait against what branches usually print, on simulated days: fitted on sixty, judged on the days after."""

import statistics
from dataclasses import replace

from branch.fit import fit
from branch.flow import features, shared
from branch.history import Wait, means, waits
from branch.wait import Model, estimate
from tests.bench.days import HEAVY, MEANS_MIN, MEDIUM, PROFILES, Load, days
from tests.bench.figures import Figure, percentile

SEED = 20261122
TRAIN, TEST = 60, 120
GOALS = {"medium": 0.65, "heavy": 0.5}
COVER = (75.0, 88.0)


def measure(train: int = TRAIN, test: int = TEST) -> list[Figure]:
    """Mean error as a share of "configured mean x position", and how many people the late end covers."""
    return [figure for load in (MEDIUM, HEAVY) for figure in _of(load, train, test)]


def _of(load: Load, train: int, test: int) -> list[Figure]:
    past = list(days(load, 0, train, SEED))
    usual = means(past)
    model = fit(list(waits(past)), usual, 0)
    if model is None:
        raise RuntimeError("too few waits to fit")
    seen = list(waits(days(load, train, test, SEED)))
    told = [foretold(model, one) for one in seen]
    waited = [one.waited_s / 60 for one in seen]
    ours = statistics.fmean(abs(middle - real) for (middle, _), real in zip(told, waited, strict=True))
    usual_way = statistics.fmean(abs(configured(one) - real) for one, real in zip(seen, waited, strict=True))
    over_open = statistics.fmean(abs(over_open_counters(one) - real) for one, real in zip(seen, waited, strict=True))
    cover = 100 * statistics.fmean(real <= late for (_, late), real in zip(told, waited, strict=True))
    shown = [estimate(one.people_ahead, one.service, replace(one.pace, model=model)) for one in seen]
    kept = 100 * statistics.fmean(real * 60 <= told.high_s for told, real in zip(shown, waited, strict=True) if told)
    note = (
        f"{len(seen)} waits, mean {statistics.fmean(waited):.1f} min, P90 {percentile(waited, 0.9):.0f} min; "
        f"errors {ours:.1f} and {usual_way:.1f} min"
    )
    other = f"people of all queues over the counters open now: error {over_open:.1f} min"
    name = f"wait, {load.name} load"
    goal, (least, most) = GOALS[load.name], COVER
    return [
        Figure(f"{name}: mean error / configured mean x position", ours / usual_way, "x", goal, note),
        Figure(f"{name}: mean error / the same over shared, open counters", ours / over_open, "x", note=other),
        Figure(f"{name}: waits above P80", 100 - cover, "%", 100 - least, f"P80 covers {cover:.1f} %"),
        Figure(f"{name}: waits within the promise as shown", kept, "%", note="rounded up, at least five"),
        Figure(f"{name}: waits within P80", cover, "%", most, "no promise wider than it has to be"),
    ]


def foretold(model: Model, one: Wait) -> tuple[float, float]:
    """Middle and late end in minutes, as the hub tells them before it rounds."""
    found = features(one.people_ahead, one.service, one.pace.stations, one.pace.flow, model.means)
    return model.range_min(found) if found is not None else (0.0, 0.0)


def configured(one: Wait) -> float:
    """What most systems print: people ahead in the same queue times its configured mean, over the counters it has."""
    counters = sum(services is None or one.service in services for services in PROFILES)
    return one.pace.flow.waiting.get(one.service, 0) * MEANS_MIN[one.service] / counters


def over_open_counters(one: Wait) -> float:
    """The other reading, which knows more: whoever may be called before her, over the counters open at that moment."""
    rivals = shared(one.pace.stations, one.service)
    work = sum(n * MEANS_MIN[code] for code, n in one.pace.flow.waiting.items() if rivals is None or code in rivals)
    return work / max(1, sum(station.takes(one.service) for station in one.pace.stations))
