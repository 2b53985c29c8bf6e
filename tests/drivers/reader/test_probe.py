"""A card reader is asked once who it is, and at which speed; a wrong speed is found and told."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from drivers.device import LineLost
from drivers.reader import probe as asking
from drivers.reader.delays import Delays
from drivers.reader.probe import probe, sam_id
from drivers.sim.reader import SimReader
from drivers.transport.line import FdLine
from drivers.transport.opening import open_line
from drivers.transport.urls import Address

AT = "2026-11-22T10:00:00+08:00"


@pytest.fixture
def sim() -> Iterator[SimReader]:
    one = SimReader()
    yield one
    one.close()


def test_it_tells_its_number_and_how_fast_it_answers(sim: SimReader) -> None:
    found = probe(sim.url, AT)
    assert found.facts["sam"] == "05.01-20200101-0000000000-0000000000"
    assert (found.facts["well"], found.facts["baud"]) == (True, 115200)
    assert "at 115200 baud" in found.words
    assert "set baud" not in found.words
    assert not sim.occupied


def test_a_number_is_written_as_on_its_papers() -> None:
    data = bytes.fromhex("05000100") + b"".join(n.to_bytes(4, "little") for n in (20190807, 12345, 4294967295))
    assert sam_id(data) == "05.01-20190807-0000012345-4294967295"


def test_a_module_that_refuses_is_told(sim: SimReader) -> None:
    sim.condition("out-of-service")
    found = probe(sim.url, AT)
    assert (found.facts["well"], found.facts["sam"]) == (False, None)
    assert "its security module refuses" in found.words


def test_the_speed_at_which_it_answers_is_found(sim: SimReader, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pseudo-terminal has no speed, so a line at a wrong one is silent by our own doing."""

    def opened(address: Address) -> FdLine:
        if address.baud != 9600:
            raise LineLost("it does not answer", "check baud")
        return open_line(replace(address, baud=115200))

    monkeypatch.setattr(asking, "open_line", opened)
    found = probe(sim.url, AT)
    assert found.facts["baud"] == 9600
    assert "set baud=9600" in found.words


def test_one_that_is_away_or_silent_is_lost(sim: SimReader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "PATIENCE", Delays(short_s=0.05))
    sim.condition("silent")
    with pytest.raises(LineLost, match="does not answer"):
        probe(sim.url, AT)
    sim.condition("offline")
    with pytest.raises(LineLost, match="no such file"):
        probe(sim.url, AT)
