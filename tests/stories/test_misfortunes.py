"""Misfortunes in every variant of a kind, told as stories that differ in one line; and what is logged of them."""

import logging
from pathlib import Path

import pytest

from kiosk.wiring import places
from tests.stories.telling import NUMBER, Told, tell

TO_GUIDE = ("touch ticket-only", "touch category:B", "touch service:B3")
CANNOT_PRINT = ("paper-out", "cover-open", "cutter-fault", "overheated", "offline", "unknown", "silent")


def fits(told: Told) -> None:
    assert told.code == 0, told.said
    assert "Traceback" not in told.said


@pytest.mark.parametrize("condition", CANNOT_PRINT)
def test_a_printer_that_cannot_print_is_known_before_she_begins(tmp_path: Path, condition: str) -> None:
    fits(
        tell(
            tmp_path,
            f"fault printer {condition}", "expect view welcome", "expect spoken 号票暂时不能打印",
            *TO_GUIDE, "expect spoken 屏幕显示", "touch take-ticket",
            "expect view ticket", "expect spoken 请记下或拍下这个号码", "expect ticket reserved", "expect not printed",
            "touch finish", "expect view welcome", "expect ticket waiting",
            # No stale slip comes out once it is mended, and the next citizen gets hers on paper.
            "clear printer", "wait 10", "expect not printed",
            *TO_GUIDE, "touch take-ticket", "expect printed B002", "expect not printed",
        )
    )  # fmt: skip


@pytest.mark.parametrize("condition", ["paper-out", "cover-open", "offline", "silent"])
def test_a_request_without_a_printer_stands_on_the_screen(tmp_path: Path, condition: str) -> None:
    fits(
        tell(
            tmp_path,
            f"fault printer {condition}", f"scan {NUMBER}", "touch category:A", "touch service:A4", "touch apply",
            "type 13800000123", "touch next", "touch next", "touch consent:sensitive", "touch next",
            "touch consent:correct", "touch consent:entrust", "touch confirm", "expect view receipt",
            "expect spoken 请记下或拍下本页", "expect request submitted", "touch finish", "expect view welcome",
            "clear printer", "wait 10", "expect not printed",
        )
    )  # fmt: skip


@pytest.mark.parametrize("step", range(len(TO_GUIDE) + 1))
def test_the_hub_is_lost_after_each_touch_and_knows_the_number_once_it_is_back(tmp_path: Path, step: int) -> None:
    lines = [*TO_GUIDE[:step], "network branch down", *TO_GUIDE[step:], "touch take-ticket"]
    fits(
        tell(
            tmp_path, *lines, "expect view ticket", "expect printed B501", "touch finish", "network branch up",
            "expect ticket waiting", "expect not printed",
        )
    )  # fmt: skip


@pytest.mark.parametrize("step", range(1, len(TO_GUIDE) + 1))
def test_the_hub_is_back_before_the_ticket(tmp_path: Path, step: int) -> None:
    lines = ["network branch down", *TO_GUIDE[:step], "network branch up", *TO_GUIDE[step:], "touch take-ticket"]
    fits(tell(tmp_path, *lines, "expect printed B001", "expect ticket waiting", "expect not printed"))


@pytest.mark.parametrize(
    ("scan", "sentence"),
    [
        ("9" * 65536, "这个码太长"),
        ("\\x01\\x02\\x03" * 40, "这个码没有读清"),
        ("\\xff\\xc3\\x28" * 40, "这个码没有读清"),
        ("SECRETWORD" * 3, "这个码在这里用不上"),
    ],
    ids=["64 KB", "control", "broken UTF-8", "unknown"],
)
def test_a_scan_is_never_logged_but_by_length_and_class(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, scan: str, sentence: str
) -> None:
    with caplog.at_level(logging.DEBUG):
        told = tell(tmp_path, f"scan {scan}", "expect view identify", f"expect spoken {sentence}", f"scan {NUMBER}",
                    "expect view services")  # fmt: skip
    fits(told)
    logged = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith(("kiosk", "drivers")))
    for text in (logged, told.said, *map(str, told.views)):
        assert not any(hers in text for hers in ("9999999", "SECRETWORD", NUMBER, "\\xff", "\xff"))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_service_of_the_catalogue_reaches_its_ticket(tmp_path: Path, language: str) -> None:
    """Scan, category, service, take-ticket, finish: four touches after the scan."""
    lines, labels = [], dict.fromkeys("ABC", 0)
    services = [service for service in places.catalogue().services.values() if service.enabled]
    assert len(services) == 16
    for service in services:
        labels[service.category] += 1
        lines += [f"touch language:{language}", f"scan {NUMBER}", "expect view services"]
        lines += [f"touch category:{service.category}", f"touch service:{service.code}", "touch take-ticket"]
        lines += ["expect view ticket", f"expect printed {service.category}{labels[service.category]:03d}"]
        lines += ["expect ticket waiting", "touch finish", "expect view welcome", "wait 2"]
    fits(tell(tmp_path, *lines))


def test_after_midnight_the_numbers_begin_again(tmp_path: Path) -> None:
    file = tmp_path / "late.story"
    ticket = (*TO_GUIDE, "touch take-ticket", "expect printed B001", "expect ticket waiting", "touch finish")
    file.write_text("\n".join(("clock 2027-02-28T23:59:30+08:00", *ticket, "wait 60", *ticket)), "utf-8")
    fits(Told.of(file))
