"""Files made to harm, a part of the nightly ten thousand: each gives its reads or one line, in time and in memory."""

from datetime import date
from pathlib import Path
from typing import Any

import psutil

from drivers.camera.engines import zbar
from kiosk.wiring.scan import scan
from tests.drivers.camera.hostile import TRUTH, corpus, hostile
from tests.drivers.camera.test_scan_command import scan as command

TODAY = date(2026, 11, 23)
FILES = 220
GROWTH = 200 << 20


def check(answer: dict[str, Any]) -> None:
    """What must hold of the answer to any file."""
    assert {read["text"] for read in answer["reads"]} <= {TRUTH}
    if "error" in answer:
        assert answer["reads"] == []
        assert answer["document"] is None
        assert 20 < len(answer["error"]) < 200
        assert answer["error"].isprintable()


def test_the_corpus_is_readable_where_the_format_is_ours(tmp_path: Path) -> None:
    texts = []
    for number, data in enumerate(corpus()):
        file = tmp_path / str(number)
        file.write_bytes(data)
        texts.append([read["text"] for read in scan(str(file), zbar(), TODAY)["reads"]])
    assert texts == [[TRUTH]] * 12 + [[]] * 4


def test_hostile_files_neither_crash_nor_lie_nor_eat_memory(tmp_path: Path) -> None:
    file, second, me = tmp_path / "hostile", zbar(), psutil.Process()
    before = 0
    refused = 0
    for number in range(FILES):
        file.write_bytes(hostile(number))
        answer = scan(str(file), second, TODAY)
        check(answer)
        refused += "error" in answer
        if number == FILES // 3:
            before = me.memory_info().rss
    assert me.memory_info().rss - before < GROWTH
    assert FILES // 2 < refused < FILES  # both kinds are among them


def test_the_command_goes_through_them_all(tmp_path: Path) -> None:
    for number in range(44):
        (tmp_path / f"{number:03}").write_bytes(hostile(number))
    files = sorted(tmp_path.iterdir())
    code, lines, shown = command("--json", *files)
    assert code == 1
    assert [line["file"] for line in lines] == [str(file) for file in files]
    assert len(shown.splitlines()) == len(files)
    for line in lines:
        check(line)
