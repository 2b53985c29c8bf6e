"""A hundred requests over a line that drops, doubles, delays and lies; `make nightly` sends twice five thousand."""

from pathlib import Path

import pytest

from tests.faults.campaign import run
from tests.faults.line import FAULTS

REQUESTS = 100


@pytest.mark.timeout(400)
def test_each_request_exists_exactly_once_and_no_receipt_said_more_than_was_known(tmp_path: Path) -> None:
    outcome = run(tmp_path, REQUESTS, patience_s=300)
    assert outcome.ok, outcome
    assert outcome.sent == outcome.held == REQUESTS
    assert set(FAULTS) <= set(outcome.faults), "every fault was met"
    assert outcome.attempts > REQUESTS
