"""What every benchmark gives: figures with their goal, in plain records that become JSON and a table."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Figure:
    """One measured ratio or number. `goal` is the most it should be, None where it is only reported."""

    name: str
    value: float
    unit: str
    goal: float | None = None
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the goal holds; None without one."""
        return None if self.goal is None else self.value <= self.goal

    def as_json(self) -> dict[str, object]:
        return {**asdict(self), "met": self.met}

    def row(self) -> str:
        goal = "reported" if self.goal is None else f"<= {self.goal:g}"
        met = {None: "", True: "yes", False: "**NO**"}[self.met]
        return f"| {self.name} | {self.value:.3g} {self.unit} | {goal} | {met} | {self.note} |"


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of all lie, by the nearest rank."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def median(values: Sequence[float]) -> float:
    return statistics.median(values)
