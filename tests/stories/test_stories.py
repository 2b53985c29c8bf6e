"""Every story under this folder holds, and a crash at any step of a journey neither loses nor doubles anything."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sampling import some
from tests.stories.telling import NUMBER, Told, tell

HERE = Path(__file__).parent
STORIES = sorted(HERE.glob("*.story"))
TICKET = ("touch ticket-only", "touch category:B", "touch service:B1", "touch take-ticket", "touch finish")
REQUEST = (
    f"scan {NUMBER}\\r", "touch category:A", "touch service:A4", "touch apply", "type 13800000123", "touch next",
    "touch next", "touch consent:sensitive", "touch next", "touch consent:correct", "touch consent:entrust",
    "touch confirm", "touch finish",
)  # fmt: skip
PAGES = ((), TICKET[:1], TICKET[:2], TICKET[:3], TICKET[:4], REQUEST[:4], REQUEST[:7], REQUEST[:9])


@pytest.mark.parametrize("file", STORIES, ids=lambda file: file.stem)
def test_the_story_holds(file: Path) -> None:
    told = Told.of(file)
    assert told.code == 0, told.said
    assert "Traceback" not in told.said


def test_an_expectation_that_does_not_hold_names_its_line(tmp_path: Path) -> None:
    told = tell(tmp_path, "touch ticket-only", "expect view ticket")
    assert told.code == 1
    assert told.said.startswith("line 3: expect view ticket")


def test_a_step_that_is_none_is_refused_with_what_was_meant(tmp_path: Path) -> None:
    told = tell(tmp_path, "tuch ticket-only", "expect nothing")
    assert told.code == 2
    assert told.views == []
    assert "did you mean 'touch'" in told.said
    assert "line 3" in told.said


@pytest.mark.parametrize("step", range(1, len(TICKET) + 1))
def test_a_crash_after_each_step_of_the_ticket_journey(tmp_path: Path, step: int) -> None:
    before, printed = TICKET[:step], step >= TICKET.index("touch take-ticket") + 1
    again = ("expect printed B001", "expect ticket waiting") if printed else ("expect not printed",)
    second = "B002" if printed else "B001"
    told = tell(
        tmp_path, *before, "crash", *again, "wait 40", "touch finish", "wait 40", "expect view welcome", *TICKET[:4],
        f"expect printed {second}", "expect not printed", "expect ticket waiting",
    )  # fmt: skip
    assert told.code == 0, told.said


@pytest.mark.parametrize("step", some(range(1, len(REQUEST) + 1), 3))
def test_a_crash_after_each_step_of_the_request_journey(tmp_path: Path, step: int) -> None:
    confirmed = step >= REQUEST.index("touch confirm") + 1
    after = ("expect printed 提交回执", "expect request submitted") if confirmed else ("expect not printed",)
    told = tell(
        tmp_path, *REQUEST[:step], "crash", *after, "wait 200", "expect view welcome", "expect not printed"
    )  # fmt: skip
    assert told.code == 0, told.said
    assert NUMBER not in json.dumps(told.views)


@pytest.mark.parametrize("page", some(PAGES, 2))
def test_the_language_can_be_switched_on_every_page(tmp_path: Path, page: tuple[str, ...]) -> None:
    told = tell(tmp_path, *page, "touch language:en", "touch language:zh", "touch language:en")
    assert told.code == 0, told.said
    assert [view["language"] for view in told.views[-3:]] == ["en", "zh", "en"]


def test_playing_needs_no_kivy() -> None:
    program = (
        "import sys\n"
        "from kiosk.__main__ import main\n"
        f"code = main(['play', {str(HERE / 'ticket_without_identity.story')!r}])\n"
        "sys.exit(9 if any(name.split('.')[0] == 'kivy' for name in sys.modules) else code)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr
