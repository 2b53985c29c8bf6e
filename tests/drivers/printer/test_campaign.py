"""A hundred citizens before printers that fail at random bytes: nobody is lied to, nobody gets two numbers."""

from pathlib import Path

import pytest

from drivers.printer import talk
from kiosk.domain.papers import Papers
from tests.drivers.printer.campaign import run, tickets

JOBS, LANES, SEED = 96, 48, 20261122
UNSEEN_S = talk.UNSEEN_S


def test_no_job_is_falsely_printed_lost_or_doubled(
    assets: Path, papers: Papers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(talk, "BARRIER_S", 1.0)
    monkeypatch.setattr(talk, "UNSEEN_S", UNSEEN_S)
    tally = run(JOBS, LANES, SEED, assets, tickets(papers))
    assert tally.jobs == JOBS
    assert tally.lies == [], tally
    assert tally.said["printed"] > JOBS / 2
