"""Fitting the wait: quantile regression as a linear programme, solved by HiGHS. For the nightly process alone."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

import highspy
import numpy as np
from numpy.typing import NDArray

from branch.flow import features
from branch.history import Wait
from branch.wait import BANDS_MIN, FIT_FROM, Model, band

_MOST = 6000
"""The newest waits only: a branch changes, and the fit takes seconds."""

_BLOCKS = 4
_BAND_FROM = 40
_LATE = 0.8


def fit(waits: Sequence[Wait], means: Mapping[str, float], now_ms: int) -> Model | None:
    """Fit middle and late end; None from fewer than thirty waits, or where nothing can be told from them."""
    table = [
        (found, wait.waited_s / 60)
        for wait in waits[-_MOST:]
        if (found := features(wait.people_ahead, wait.service, wait.pace.stations, wait.pace.flow, means)) is not None
    ]
    if len(table) < FIT_FROM:
        return None
    x = np.array([found for found, _ in table])
    y = np.array([waited for _, waited in table])
    bands = _corrections(x, y, means)
    return Model(now_ms, len(y), quantile(x, y, 0.5), quantile(x, y, _LATE), bands, means)


def quantile(x: NDArray[np.float64], y: NDArray[np.float64], share: float) -> tuple[float, ...]:
    """Weights w for which `share` of the y lie below x @ w (Koenker and Bassett 1978).

    The dual is solved: maximise y'd where x'd = (1 - share) x'1 and 0 <= d <= 1; the weights are its multipliers.
    """
    rows, columns = x.shape
    scale = np.maximum(np.abs(x).max(axis=0), 1e-9)
    scaled = x / scale
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = rows, columns
    model.col_cost_ = -y
    model.col_lower_, model.col_upper_ = np.zeros(rows), np.ones(rows)
    right = (1 - share) * scaled.sum(axis=0)
    model.row_lower_ = model.row_upper_ = right
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = np.arange(0, rows * columns + 1, columns)
    model.a_matrix_.index_ = np.tile(np.arange(columns), rows)
    model.a_matrix_.value_ = scaled.ravel()
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    solver.passModel(model)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        raise RuntimeError("the linear programme of the wait has no answer")
    weights = -np.array(solver.getSolution().row_dual) / scale
    return tuple(float(weight) for weight in weights)


def _corrections(x: NDArray[np.float64], y: NDArray[np.float64], means: Mapping[str, float]) -> tuple[float, ...]:
    """By how much the late end has to move in each band so that four in five waits lie below it.

    Each block of days is foretold from the others (cross-conformal), so that a fit cannot flatter itself.
    """
    missed: list[list[float]] = [[] for _ in BANDS_MIN]
    edges = np.linspace(0, len(y), _BLOCKS + 1).astype(int)
    for begin, end in pairwise(edges):
        rest = np.r_[0:begin, end : len(y)]
        middle_w, late_w = quantile(x[rest], y[rest], 0.5), quantile(x[rest], y[rest], _LATE)
        draft = Model(0, len(rest), middle_w, late_w, (0.0,) * len(BANDS_MIN), means)
        for found, waited in zip(x[begin:end], y[begin:end], strict=True):
            middle, late = draft.range_min(tuple(found))
            missed[band(middle)].append(float(waited) - late)
    return tuple(float(np.quantile(one, _LATE)) if len(one) >= _BAND_FROM else 0.0 for one in missed)
