"""`kiosk eligible` from outside: its JSON, its exit codes, its one line for bad input."""

import io
import json
import sys
from pathlib import Path

import pytest

from kiosk.__main__ import main


def run(facts: object, tmp_path: Path, *words: str) -> int:
    file = tmp_path / "facts.json"
    file.write_text(json.dumps(facts), "utf-8")
    return main(["eligible", *words, "--facts", str(file)])


def test_json_has_the_fields_of_the_contract(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    facts = {"licence_expires_on": "2027-02-21", "licence_status": "A"}
    assert run(facts, tmp_path, "C1", "--on", "2026-11-22", "--json") == 0
    answer = json.loads(capsys.readouterr().out)
    (reason,) = answer["reasons"]
    assert (answer["decision"], answer["opens_on"], answer["done_by"]) == ("block", "2026-11-23", "2026-11-23")
    assert set(reason) == {"code", "level", "text_zh", "text_en", "source"}
    assert (reason["code"], reason["level"]) == ("renewal-too-early", "block")


def test_a_missing_fact_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run({}, tmp_path, "B5", "--on", "2026-11-22", "--json") == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["decision"] == "refer"
    assert [r["fact"] for r in answer["reasons"] if r["code"] == "fact-missing"] == [
        "vehicle_status",
        "insurance_until",
    ]


def test_plain_text_says_all_in_both_languages(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b'{"licence_status": "K"}')))
    assert main(["eligible", "C2", "--on", "2026-11-22", "--facts", "-"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("block\n")
    assert "扣押" in told
    assert "seized" in told


def test_time_limits_are_in_working_days(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run({"vehicle_status": "A"}, tmp_path, "B1", "--on", "2026-09-25", "--json") == 0
    assert json.loads(capsys.readouterr().out)["done_by"] == "2026-10-22"


def test_a_fact_that_nobody_knows_is_set_aside_aloud(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run({"licence_statu": "A", "licence_status": "A"}, tmp_path, "C2", "--on", "2026-11-22", "--json") == 0
    captured = capsys.readouterr()
    assert json.loads(captured.out)["decision"] == "ok"
    assert "did you mean 'licence_status'" in captured.err


def test_own_city_only_is_a_setting_of_the_branch(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = tmp_path / "kiosk.toml"
    settings.write_text("[branch]\nown_city_only = true\n", "utf-8")
    facts = {"licence_status": "A", "issued_city": "4201"}
    assert run(facts, tmp_path, "C2", "--on", "2026-11-22", "--json", "--config", str(settings)) == 0
    assert [r["code"] for r in json.loads(capsys.readouterr().out)["reasons"]] == ["other-city"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["C1", "--on", "2026-02-30"], "is no day"),
        (["C1", "--on", "20260228"], "is no day"),
        (["Z1", "--on", "2026-11-22"], "no service 'Z1'"),
        (["C1"], "--on"),
    ],
)
def test_bad_words_are_refused_in_one_line(
    words: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run({}, tmp_path, *words) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert len(captured.err.splitlines()) == 1
    assert said in captured.err


@pytest.mark.parametrize("content", [b"{", b"[1]", b"\xff\xfe", b"[" * 100_000, b" " * (1 << 20) + b"{}"])
def test_facts_that_are_no_object_are_refused(
    content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "facts.json"
    file.write_bytes(content)
    assert main(["eligible", "C1", "--on", "2026-11-22", "--facts", str(file)]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_file_that_is_not_there_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["eligible", "C1", "--on", "2026-11-22", "--facts", str(tmp_path / "none.json")]) == 2
    assert "cannot be read" in capsys.readouterr().err
