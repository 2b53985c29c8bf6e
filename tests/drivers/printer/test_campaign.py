"""A citizen for every fault on every make of printer, at random bytes: nobody is lied to, nobody gets two numbers."""

from pathlib import Path

import pytest

from drivers.printer import talk
from kiosk.domain.papers import Papers
from tests.drivers.printer.campaign import FAULTS, MAKES, each, tickets

SEED = 20261122
UNSEEN_S = talk.UNSEEN_S


def test_no_job_is_falsely_printed_lost_or_doubled(
    assets: Path, papers: Papers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thousand citizens with faults as the dice fall are the nightly part `printer`."""
    monkeypatch.setattr(talk, "BARRIER_S", 1.0)
    monkeypatch.setattr(talk, "UNSEEN_S", UNSEEN_S)
    tally = each(SEED, assets, tickets(papers))
    assert tally.jobs == 2 * len(set(FAULTS)) * len(MAKES)
    assert tally.lies == [], tally
    assert tally.said["printed"] > tally.jobs / 2
