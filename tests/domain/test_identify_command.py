"""`kiosk identify` from outside: its JSON, its lines, its exit codes."""

import io
import json
import sys

import pytest

from kiosk.__main__ import main
from tests.domain.right_numbers import with_check

GOOD = with_check("42120219900101123")


def lines(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], sent: bytes, *words: str) -> list[dict]:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(sent)))
    assert main(["identify", "-", *words]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_json_has_the_five_fields(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["identify", GOOD, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "kind": "resident_id",
        "valid": True,
        "problems": [],
        "also": [],
        "masked": f"421202********{GOOD[-4:]}",
    }


def test_an_invalid_number_is_answered_with_sentences_and_zero(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["identify", "1M8GDM9AXKP04278", "--expect", "vin"]) == 0
    told = capsys.readouterr().out
    assert "17 位" in told
    assert "16 位" in told
    assert "1M8GDM9AXKP04278" not in told


def test_each_line_of_standard_input_is_answered_in_order(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = lines(monkeypatch, capsys, b"B012\r\n\n\xff\xfe\n" + "鄂L8K6P9".encode() + b"\n13812345678")
    assert [answer["kind"] for answer in answers] == ["ticket", "unknown", "unknown", "plate", "mobile"]


def test_a_very_long_line_is_one_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    answers = lines(monkeypatch, capsys, b"x" * 300_000 + b"\nB012\n")
    assert [answer["kind"] for answer in answers] == ["unknown", "ticket"]


def test_expectation_holds_for_every_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    answers = lines(monkeypatch, capsys, GOOD[:17].encode() + b"\n" + GOOD.encode(), "--expect", "resident_id")
    assert [(a["kind"], a["valid"], a["problems"]) for a in answers] == [
        ("resident_id", False, ["length"]),
        ("resident_id", True, []),
    ]


@pytest.mark.parametrize("text", ["x", "-"])
def test_a_kind_that_does_not_exist_is_refused_in_one_line(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["identify", text, "--expect", "resident"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert len(captured.err.splitlines()) == 1
    assert "resident_id" in captured.err


def test_the_test_clock_moves_the_future(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    unborn = with_check("42120221000101123")
    monkeypatch.setenv("KIOSK_CLOCK", "offset:+3155760000s")
    found = []
    for words in ([], ["--test-clock"]):
        main(["identify", unborn, "--json", *words])
        found.append(json.loads(capsys.readouterr().out)["problems"])
    assert found == [["date-future"], []]
