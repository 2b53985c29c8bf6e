"""The readiness report: ready or not in one word, every remedy on it, whole on disk, and resumed after a power cut."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk.domain.errors import Refusal
from kiosk.domain.paper import Text
from kiosk.ops import progress
from kiosk.ops.doctor import open_question, unwell, well
from kiosk.ops.readiness import Readiness, stick
from kiosk.wiring import places
from kiosk.wiring.readiness_pdf import write_pdf

NOW = datetime(2026, 11, 22, 10, 42, tzinfo=UTC)
WELL = well("disk", "there is room", required=True)
UNWELL = unwell("printer", "cover open", "close the cover", required=True)


def report(*findings: object) -> Readiness:
    return Readiness("421202-001", "中心花坛邮政支局", "K1", NOW, tuple(findings))  # type: ignore[arg-type]


def test_ready_is_what_has_no_required_part_unwell() -> None:
    assert report(WELL, open_question("camera", "none", "set it")).ready
    assert not report(WELL, UNWELL).ready


def test_every_form_tells_the_remedy() -> None:
    made = report(WELL, UNWELL)
    assert any("close the cover" in line for line in made.lines())
    assert Text("close the cover", "small") in made.paper().lines
    assert made.as_json()["ready"] is False


def test_the_pdf_is_one_and_has_as_many_pages_as_it_needs(tmp_path: Path) -> None:
    file = tmp_path / "report.pdf"
    write_pdf(report(*[WELL] * 90, UNWELL), file, places.font())
    content = file.read_bytes()
    assert content.startswith(b"%PDF-")
    assert content.count(b"/Type /Page\n") == 3
    assert [each.name for each in tmp_path.iterdir()] == ["report.pdf"]


def test_a_folder_that_is_not_there_is_refused_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="cannot be written"):
        write_pdf(report(WELL), tmp_path / "gone" / "report.pdf", places.font())


def test_an_ordinary_folder_is_no_stick(tmp_path: Path) -> None:
    (tmp_path / "stick").mkdir()
    assert stick([tmp_path]) is None


def test_how_far_the_first_boot_is_outlives_a_restart_and_damage_means_the_settings(tmp_path: Path) -> None:
    progress.keep(tmp_path, step="network", language="en")
    progress.keep(tmp_path, dpi=104.5)
    assert progress.read(tmp_path) == progress.Progress("network", "en", 104.5)
    (tmp_path / progress.FILE).write_text("{")
    assert progress.read(tmp_path) == progress.Progress()
