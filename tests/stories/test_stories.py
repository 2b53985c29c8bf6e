"""Every story under this folder holds, and a crash at any step of a journey neither loses nor doubles anything."""

import io
import json
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from kiosk.__main__ import main
from kiosk.wiring import places

HERE = Path(__file__).parent
STORIES = sorted(HERE.glob("*.story"))
CLOCK = "clock 2026-11-23T10:00:00+08:00"
NUMBER = "421202195803072047"
TICKET = ("touch ticket-only", "touch category:B", "touch service:B1", "touch take-ticket", "touch finish")
REQUEST = (
    f"scan {NUMBER}\\r", "touch category:A", "touch service:A4", "touch apply", "type 13800000123", "touch next",
    "touch next", "touch consent:sensitive", "touch next", "touch consent:correct", "touch consent:entrust",
    "touch confirm", "touch finish",
)  # fmt: skip


def play(file: Path) -> tuple[int, list[dict[str, object]], str]:
    """Play a story as `kiosk play` does: exit code, the Views, what was said on standard error."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main(["play", str(file)])
    return code, [json.loads(line) for line in out.getvalue().splitlines()], err.getvalue()


def tell(folder: Path, *lines: str) -> tuple[int, list[dict[str, object]], str]:
    file = folder / "told.story"
    file.write_text("\n".join((CLOCK, *lines)), "utf-8")
    return play(file)


@pytest.mark.parametrize("file", STORIES, ids=lambda file: file.stem)
def test_the_story_holds(file: Path) -> None:
    code, _views, said = play(file)
    assert code == 0, said


def test_an_expectation_that_does_not_hold_names_its_line(tmp_path: Path) -> None:
    code, _views, said = tell(tmp_path, "touch ticket-only", "expect view ticket")
    assert code == 1
    assert said.startswith("line 3: expect view ticket")


def test_a_step_that_is_none_is_refused_with_what_was_meant(tmp_path: Path) -> None:
    code, views, said = tell(tmp_path, "tuch ticket-only", "expect nothing")
    assert code == 2
    assert views == []
    assert "did you mean 'touch'" in said
    assert "line 3" in said


@pytest.mark.parametrize("step", range(1, len(TICKET) + 1))
def test_a_crash_after_each_step_of_the_ticket_journey(tmp_path: Path, step: int) -> None:
    before, printed = TICKET[:step], step >= TICKET.index("touch take-ticket") + 1
    again = ("expect printed B001", "expect ticket waiting") if printed else ("expect not printed",)
    second = "B002" if printed else "B001"
    code, _views, said = tell(
        tmp_path, *before, "crash", *again, "wait 40", "touch finish", "wait 40", "expect view welcome", *TICKET[:4],
        f"expect printed {second}", "expect not printed", "expect ticket waiting",
    )  # fmt: skip
    assert code == 0, said


@pytest.mark.parametrize("step", [1, 5, 8, 11, 12, 13])
def test_a_crash_after_each_part_of_the_request_journey(tmp_path: Path, step: int) -> None:
    confirmed = step >= REQUEST.index("touch confirm") + 1
    after = ("expect printed 提交回执", "expect request submitted") if confirmed else ("expect not printed",)
    code, _views, said = tell(tmp_path, *REQUEST[:step], "crash", *after, "wait 200", "expect view welcome")
    assert code == 0, said


def test_a_scan_of_64_kilobytes_is_said_plainly_and_the_journey_goes_on(tmp_path: Path) -> None:
    code, views, said = tell(tmp_path, f"scan {'9' * 65536}\\r", "expect view identify", *TICKET[1:1], "touch home",
                             *TICKET[:4], "expect printed B001")  # fmt: skip
    assert code == 0, said
    assert "99999999" not in json.dumps(views)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_service_is_four_touches_from_its_ticket(tmp_path: Path, language: str) -> None:
    lines = []
    for number, service in enumerate(s for s in places.catalogue().services.values() if s.enabled):
        lines += [f"touch language:{language}"] if language != "zh" else []
        lines += [f"scan {NUMBER}\\r", "expect view services", f"touch category:{service.category}"]
        lines += [f"touch service:{service.code}", "touch take-ticket", f"expect printed {service.category}0"]
        lines += ["expect ticket waiting", "touch finish", "expect view welcome", "wait 5"]
        assert number < 16
    code, _views, said = tell(tmp_path, *lines)
    assert code == 0, said


@pytest.mark.parametrize(
    "page", [(), TICKET[:1], TICKET[:2], TICKET[:3], TICKET[:4], REQUEST[:4], REQUEST[:7], REQUEST[:9]]
)
def test_the_language_can_be_switched_on_every_page(tmp_path: Path, page: tuple[str, ...]) -> None:
    code, views, said = tell(tmp_path, *page, "touch language:en", "touch language:zh", "touch language:en")
    assert code == 0, said
    assert [view["language"] for view in views[-3:]] == ["en", "zh", "en"]


def test_playing_needs_no_kivy() -> None:
    program = (
        "import sys\n"
        "from kiosk.__main__ import main\n"
        f"code = main(['play', {str(HERE / 'ticket_without_identity.story')!r}])\n"
        "sys.exit(9 if any(name.split('.')[0] == 'kivy' for name in sys.modules) else code)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=100, check=False)
    assert done.returncode == 0
