"""PURE: a chart of a day's hours as numbers to draw: the middle of each hour as a bar, P80 and P95 as marks above."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

HEIGHT, WIDTH, FOOT = 160, 56, 26
_STEPS_MIN = (5, 10, 15, 30, 60, 120, 240)
_LINES = 4


@dataclass(frozen=True, slots=True)
class Bar:
    """One hour, in the chart's own units from its top; None: nobody was called."""

    hour: int
    x: int
    top: float | None
    p80: float | None
    p95: float | None
    p50_min: int | None


@dataclass(frozen=True, slots=True)
class Chart:
    """The bars and the lines behind them, each with the minutes it stands for."""

    title: str
    width: int
    bars: tuple[Bar, ...]
    lines: tuple[tuple[float, int], ...]


def bars(hours: Sequence[Mapping[str, Any]], key: str, title: str) -> Chart:
    """The chart of `wait_s` or `service_s`."""
    most = max((hour[key]["p95"] or 0 for hour in hours), default=0) / 60
    step = next((one for one in _STEPS_MIN if one * _LINES >= most), _STEPS_MIN[-1])
    top = max(step * ceil(most / step), step)

    def y(seconds: float | None) -> float | None:
        return None if seconds is None else round(HEIGHT * (1 - seconds / 60 / top), 1)

    drawn = tuple(
        Bar(
            hour["hour"], index * WIDTH + 40, y(hour[key]["p50"]), y(hour[key]["p80"]), y(hour[key]["p95"]),
            None if hour[key]["p50"] is None else ceil(hour[key]["p50"] / 60),
        )
        for index, hour in enumerate(hours)
    )  # fmt: skip
    lines = tuple((round(HEIGHT * (1 - value / top), 1), value) for value in range(0, top + 1, step))
    return Chart(title, len(drawn) * WIDTH + 48, drawn, lines)
