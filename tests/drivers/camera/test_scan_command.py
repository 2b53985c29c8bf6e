"""`kiosk scan` as it is called: a line a file, hostile files among good ones, and no number in clear on a terminal."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from tests.drivers.camera.frames import ALL, any_text, picture
from tests.drivers.camera.test_image import png

TREE = Path(__file__).parents[3]
DIGITS = "3126726812553"


def scan(*words: object) -> tuple[int, list[dict[str, Any]], str]:
    command = [sys.executable, "-m", "kiosk", "scan", *map(str, words)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=110, cwd=TREE)
    assert "Traceback" not in done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()] if "--json" in words else []
    return done.returncode, lines, done.stdout + done.stderr


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for symbology, suffix in zip(ALL, ("png", "jpg", "pgm", "bmp") * 2, strict=True):
        text = DIGITS if symbology == "Code128" else any_text(symbology, np.random.default_rng(4))
        cv2.imwrite(str(tmp_path / f"{symbology}.{suffix}"), picture(symbology, text).gray)
    return tmp_path


def test_every_symbology_in_every_format(folder: Path) -> None:
    files = sorted(folder.iterdir())
    code, lines, _ = scan("--json", *files)
    assert code == 0
    assert [line["file"] for line in lines] == [str(file) for file in files]
    for file, line in zip(files, lines, strict=True):
        (read,) = line["reads"]
        assert read["symbology"] == file.stem
        assert len(read["points"]) == 4
        assert all(isinstance(number, int) for point in read["points"] for number in point)
        assert line["ms"] >= 0
        assert "error" not in line
        assert set(line["document"]) == {"kind", "valid", "problems", "also", "masked"}
    document = lines[[file.stem for file in files].index("Code128")]["document"]
    assert document["kind"] == "licence_core_number"


def test_bad_files_have_their_error_and_the_others_go_on(folder: Path) -> None:
    (folder / "empty.png").touch()
    (folder / "text.jpg").write_text("no picture")
    (folder / "bomb.png").write_bytes(png(60000, 60000))
    blank = folder / "blank.png"
    cv2.imwrite(str(blank), picture("Code128", DIGITS).gray[:40, :40])
    files = [folder / "empty.png", folder / "Code128.png", folder, folder / "none.png", folder / "text.jpg",
             folder / "bomb.png", blank]  # fmt: skip
    code, lines, _ = scan(*files, "--json")
    assert code == 1
    assert ["error" in line for line in lines] == [True, False, True, True, True, True, False]
    assert all(line["reads"] == [] and line["document"] is None for line in lines if "error" in line)
    assert lines[1]["reads"][0]["text"] == DIGITS
    assert (lines[6]["reads"], lines[6]["document"]) == ([], None)
    assert scan(blank)[0] == 0


def test_on_a_terminal_the_number_is_masked(folder: Path) -> None:
    code, _, shown = scan(folder / "Code128.png", folder / "none.png")
    assert code == 1
    assert "licence_core_number 31*******2553, valid" in shown
    assert "does not exist" in shown
    assert DIGITS not in shown


def test_without_a_file_it_is_refused() -> None:
    code, _, shown = scan()
    assert code == 2
    assert shown.count("\n") == 1
