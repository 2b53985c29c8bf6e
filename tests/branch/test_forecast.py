"""The fitted wait: the live state and the log tell the same, the fit is a quantile, and yesterday is judged by it."""

import json
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from branch.fit import fit, quantile
from branch.flow import features
from branch.history import means, waits
from branch.promises import judge
from branch.store.reading import read_pace
from branch.store.waits import keep_model, read_log, read_model
from branch.wait import SHOW_FROM, Model, Pace, Range, Station, estimate
from kiosk.engine.clock import SimulatedClock, parse_time
from kiosk.wiring.nightly_fit import NightlyFit
from kiosk.wiring.refit import refit
from tests.bench import wait as bench
from tests.bench.days import MEDIUM, days
from tests.branch.conftest import Hub

FAR = 2**60


def busy_hour(hub: Hub, clock: SimulatedClock, rounds: int, seed: int = 1) -> None:
    """Two counters at work: people come, are called, served, missed."""
    dice = random.Random(seed)
    people = {1: hub.clerk, 2: hub.other}
    people[1].post("/counters/1/open")
    people[2].post("/counters/2/open", {"services": ["B"]})
    for _ in range(rounds):
        hub.take(dice.choice(["A1", "B3"]))
        clock.advance(dice.randint(20, 90))
        number = dice.choice([1, 2])
        answer = people[number].post(f"/counters/{number}/call-next")
        if answer.status == 200:
            clock.advance(dice.randint(30, 240))
            people[number].post(f"/tickets/{answer.body['id']}/{dice.choice(['finish', 'finish', 'no-show'])}")


def test_the_log_tells_the_same_as_the_live_state(hub: Hub, clock: SimulatedClock) -> None:
    idle = Model(0, 30, (0.0,) * 13, (0.0,) * 13, (0.0,) * 3, {"A1": 60.0, "B3": 90.0})
    hub.store.submit(lambda tx: keep_model(tx, "2026-11-01", idle)).result()  # any model makes the hub look
    busy_hour(hub, clock, 14)
    live = hub.store.read(lambda c: read_pace(c, hub.store.options.id, "2026-11-23", hub.store.now_ms()))
    last = hub.take("B3")
    clock.advance(60)
    for person in (hub.clerk, hub.other):
        for number in (1, 2):
            person.post(f"/counters/{number}/call", {"label": last["label"]})
    told = {one.label: one for one in hub.store.read(lambda c: list(waits(read_log(c, 0, FAR))))}
    assert told[last["label"]].pace.flow == live.flow
    assert told[last["label"]].pace.stations == live.stations
    assert told[last["label"]].people_ahead == last["ahead"]
    assert told[last["label"]].waited_s == 60


@pytest.mark.parametrize("share", [0.5, 0.8])
def test_the_fit_is_a_quantile(share: float) -> None:
    dice = np.random.default_rng(3)
    x = np.column_stack([np.ones(400), dice.uniform(0, 10, 400)])
    y = 2 + 3 * x[:, 1] + dice.exponential(2, 400)
    weights = np.array(quantile(x, y, share))
    assert np.mean(y <= x @ weights + 1e-9) == pytest.approx(share, abs=0.01)
    assert weights[1] == pytest.approx(3, abs=0.2)

    def loss(w: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> float:
        over = y - x @ w
        return float(np.where(over > 0, share * over, (share - 1) * over).sum())

    for step in ([0.1, 0], [-0.1, 0], [0, 0.02], [0, -0.02]):
        assert loss(weights) < loss(weights + np.array(step)), "nothing near it is better"


def test_thirty_waits_are_needed() -> None:
    log = list(days(MEDIUM, 0, 1, 7))
    seen = list(waits(log))
    assert fit(seen[:29], means(log), 0) is None
    assert fit(seen[:30], means(log), 0) is not None


def test_ten_days_of_log_beat_the_configured_mean_and_cover_what_they_promise() -> None:
    past = list(days(MEDIUM, 0, 12, 5))
    model = fit(list(waits(past)), means(past), 0)
    assert model is not None
    seen = list(waits(days(MEDIUM, 12, 12, 5)))
    told = [bench.foretold(model, one) for one in seen]
    ours = sum(abs(middle - one.waited_s / 60) for (middle, _), one in zip(told, seen, strict=True))
    usual = sum(abs(bench.configured(one) - one.waited_s / 60) for one in seen)
    covered = sum(one.waited_s / 60 <= late for (_, late), one in zip(told, seen, strict=True)) / len(seen)
    assert ours < 0.8 * usual
    assert 0.7 < covered < 0.92


def test_a_cold_start_plays_the_live_state_forward() -> None:
    samples = tuple(random.Random(1).uniform(120, 480) for _ in range(SHOW_FROM))
    pace = Pace((Station(None, busy=True), Station(None, busy=True)), samples)
    told = [estimate(people, "B3", pace) for people in (0, 4, 12, 60)]
    highs = [one.high_s for one in told if one]
    assert len(highs) == 4
    assert highs == sorted(highs)
    assert told[0] is not None
    assert told[0].high_s <= 300
    assert estimate(0, "B3", Pace((Station(None, busy=False),), samples)) == Range(0, 300)
    assert estimate(4, "B3", Pace(pace.stations, samples[1:])) is None, "fewer than ten services: people ahead instead"


def test_features_need_a_counter_that_is_open_for_her() -> None:
    stations = (Station(frozenset({"A1"}), busy=True, number=1),)
    assert features(3, "B3", stations, Pace().flow, {"A1": 60.0}) is None
    assert features(3, "A1", stations, Pace().flow, {"A1": 60.0}) is not None


def test_a_night_later_the_hub_promises_by_its_own_log(make_hub: Callable[..., Hub], clock: SimulatedClock) -> None:
    hub = make_hub()
    busy_hour(hub, clock, 60)
    assert refit(hub.db, hub.store.options.id, clock.now()) == 0, "today is not over"
    clock._now = parse_time("2026-11-24T09:30:00+08:00")
    assert refit(hub.db, hub.store.options.id, clock.now()) > 30
    hub.clerk.post("/counters/1/open")
    for _ in range(4):
        hub.take("A1")
    wait = hub.take("A1")["wait"]
    assert wait is not None, "known from the log, though nothing has been finished today"
    assert 0 < wait["low_s"] <= wait["high_s"]
    model = hub.store.read(lambda c: read_model(c, hub.store.options.id, "2026-11-24"))
    past = hub.store.read(lambda c: list(waits(read_log(c, 0, FAR))))
    judged = judge(past, model, "2026-11-23")
    assert judged["promised"] == judged["called"] > 30
    assert 0.6 < judged["within_high"] <= 1
    assert sum(hour["promised"] for hour in judged["hours"]) == judged["promised"]


def test_the_command_fits_in_a_process_of_its_own(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "kiosk", "--state", str(tmp_path), "branch", "refit"],
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    assert json.loads(done.stdout) == {"fitted": False, "waits": 0}


def test_the_night_comes_once(clock: SimulatedClock) -> None:
    night = NightlyFit(["--version"], clock.now)
    assert not night.look(), "half past nine"
    clock._now = parse_time("2026-11-24T02:10:00+08:00")
    assert night.look()
    assert not night.look()
    clock._now = parse_time("2026-11-25T03:00:00+08:00")
    assert night.look()
