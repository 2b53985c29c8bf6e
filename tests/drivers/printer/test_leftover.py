"""What hangs at the cutter outlives the program: the next one marks it void before it prints anything of its own."""

from pathlib import Path

import pytest

from drivers.printer.leftover import FILE, STRIPS, Strip, keep_strip, stored_strip
from drivers.printer.opening import open_printer
from drivers.sim.printer import SimPrinter
from kiosk.domain.printing import NotPrinted, Printed
from tests.drivers.printer.world import VOID, Ticket, whole

URL = "tcp://192.0.2.7:9100"


def test_the_next_program_marks_the_half_paper_void(
    sim: SimPrinter, assets: Path, ticket: Ticket, tmp_path: Path
) -> None:
    state = tmp_path / "state"
    sim.condition("cover-open", after=600)
    for label, condition in (("B012", NotPrinted), ("B013", Printed)):
        printer = open_printer(sim.url, "generic-80", "native", assets, void=VOID, state=state)
        assert isinstance(printer.print_paper("job", ticket(label)), condition)
        printer.close()
        sim.clear()
    assert [VOID in paper.text for paper in sim.papers] == [True, False]
    assert [whole(sim, "B012"), whole(sim, "B013")] == [0, 1]
    assert stored_strip(state, sim.url) == "clean"


@pytest.mark.parametrize("strip", STRIPS)
def test_what_is_kept_is_what_is_found(tmp_path: Path, strip: Strip) -> None:
    keep_strip(tmp_path, URL, strip)
    assert stored_strip(tmp_path, URL) == strip
    assert stored_strip(tmp_path, "tcp://192.0.2.8:9100") is None, "another printer has nothing hanging there"
    assert [file.name for file in tmp_path.iterdir()] == [FILE]


@pytest.mark.parametrize("damage", [b"", b"whole tcp://192.0.2.7:9100\n", b"\xff\xfe", b"half\n"])
def test_a_damaged_file_is_as_good_as_none(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / FILE).write_bytes(damage)
    assert stored_strip(tmp_path, URL) is None


def test_a_folder_that_cannot_be_written_stops_no_print(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where the folder should be")
    keep_strip(tmp_path / "state", URL, "half")
    assert stored_strip(tmp_path / "state", URL) is None
