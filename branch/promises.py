"""PURE: what was promised on a day against what then happened - the branch judging its own estimate."""

import statistics
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from branch.history import Wait
from branch.moment import from_ms, rfc3339
from branch.wait import Model, Range, estimate

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Kept:
    """One promise and the wait that followed."""

    wait: Wait
    told: Range

    @property
    def over_s(self) -> float:
        """By how much the wait went beyond the promise; negative where it was kept."""
        return self.wait.waited_s - self.told.high_s


def judge(waits: Iterable[Wait], model: Model | None, day: str) -> dict[str, Any]:
    """How well a day's promises held; a share of nothing is None."""
    seen = [wait for wait in waits if wait.day == day]
    told = [(wait, estimate(wait.people_ahead, wait.service, replace(wait.pace, model=model))) for wait in seen]
    kept = [Kept(wait, range_) for wait, range_ in told if range_ is not None]
    hours: dict[int, list[Kept]] = {}
    for one in kept:
        hours.setdefault(from_ms(one.wait.issued_ms).hour, []).append(one)
    worst = sorted((one for one in kept if one.over_s > 0), key=lambda one: -one.over_s)
    return {
        "date": day,
        "fitted_at": rfc3339(model.fitted_ms) if model else None,
        "fitted_on": model.samples if model else 0,
        "called": len(seen),
        **_shares(kept),
        "hours": [{"hour": hour, **_shares(hours[hour])} for hour in sorted(hours)],
        "worst": [
            {
                "label": one.wait.label,
                "issued_at": rfc3339(one.wait.issued_ms),
                "low_s": one.told.low_s,
                "high_s": one.told.high_s,
                "waited_s": round(one.wait.waited_s),
            }
            for one in worst[:_SHOWN]
        ],
    }


def _shares(kept: list[Kept]) -> dict[str, Any]:
    if not kept:
        return {"promised": 0, "within_low": None, "within_high": None, "mean_error_s": None}
    return {
        "promised": len(kept),
        "within_low": round(statistics.fmean(one.wait.waited_s <= one.told.low_s for one in kept), 3),
        "within_high": round(statistics.fmean(one.over_s <= 0 for one in kept), 3),
        "mean_error_s": round(statistics.fmean(abs(one.wait.waited_s - one.told.low_s) for one in kept)),
    }
