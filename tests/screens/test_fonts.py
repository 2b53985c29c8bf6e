"""The fonts: every character that the kiosk can say is in them, in its Simplified Chinese shape."""

import hashlib
import re
from pathlib import Path
from typing import Any

import pytest
from fontTools.ttLib import TTFont

TEXT_FILES = {".toml", ".po", ".json", ".txt", ".html", ".md"}
RARE = "䶮𬭎𫍽𬍛㛃喆堃昇珺"
"""Of names of people; GB 2312 has none of them."""
SHAPES = {"骨": "ef001d5b30a696d5", "直": "a4161b622a564c8f", "刃": "caff9ae84d34b49e"}
"""Outlines of Noto Sans SC Regular; the Japanese face of the same family draws all three differently."""


@pytest.fixture(scope="module")
def fonts(tree: Path) -> dict[str, Any]:
    return {name: TTFont(tree / "assets" / "fonts" / f"NotoSansSC-{name}.ttf") for name in ("Regular", "Bold", "Black")}


def missing(file: Path, font: Any) -> str:
    """Every character of a text file that the font lacks."""
    known = font.getBestCmap()
    text = file.read_text("utf-8")
    return "".join(sorted({c for c in text if ord(c) not in known and not c.isspace() and c.isprintable()}))


@pytest.mark.parametrize("name", ["Regular", "Bold"])
def test_every_character_of_every_text_is_in_the_font(tree: Path, fonts: dict[str, Any], name: str) -> None:
    files = [file for file in (tree / "assets").rglob("*") if file.suffix in TEXT_FILES and "LICENSE" not in file.name]
    assert len(files) >= 4
    assert {str(file): lost for file in files if (lost := missing(file, fonts[name]))} == {}


def test_a_missing_character_would_be_found(tmp_path: Path, fonts: dict[str, Any]) -> None:
    (tmp_path / "a.po").write_text('msgstr "你好𠅤"', "utf-8")
    assert missing(tmp_path / "a.po", fonts["Regular"]) == "𠅤"


@pytest.mark.parametrize("name", ["Regular", "Bold"])
def test_gb2312_latin_and_the_signs_are_there(fonts: dict[str, Any], name: str) -> None:
    wanted = {bytes((row, cell)).decode("gb2312") for row in range(0xB0, 0xF7) for cell in range(0xA1, 0xFF)
              if (row, cell) < (0xD7, 0xFA) or row > 0xD7}  # fmt: skip
    wanted |= set("".join(map(chr, range(0x20, 0x7F))) + "·•→℃①②③④⑤⑥⑦⑧⑨⑩（）《》“”‘’—…、。，；：！？￥¥–×✓āáǎàüé")
    assert {c for c in wanted if ord(c) not in fonts[name].getBestCmap()} == set()


def test_the_face_for_names_has_every_hanzi_of_gb18030s_first_two_levels_and_what_the_everyday_face_has(
    tree: Path, fonts: dict[str, Any]
) -> None:
    known = TTFont(tree / "assets" / "fonts" / "NotoSansSC-Names.ttf").getBestCmap()
    hanzi = {*range(0x4E00, 0x9FA6), *range(0x3400, 0x4DB6)}
    assert {chr(code) for code in hanzi if code not in known} == set()
    assert set(fonts["Regular"].getBestCmap()) <= set(known)
    assert {char for char in RARE if ord(char) not in known} == set()


def test_a_rare_name_is_drawn_and_an_everyday_one_is_left_to_the_everyday_face(glyphs: Any, window: Any) -> None:
    from screens.glyphs import rare

    assert rare("王䶮")
    assert not any(map(rare, ("张三", "阿卜杜·热合曼", "ANNA-MARÍA – 3", "〇")))
    drawn = {char: bytes(glyphs.line(f"王{char}", "bold", 40).pixels) for char in RARE}
    assert len(set(drawn.values())) == len(RARE)  # boxes would all be the same box
    for char in RARE:
        assert glyphs.line(f"王{char}", "bold", 40).width == pytest.approx(glyphs.width(f"王{char}", "bold", 40), abs=2)


def test_the_label_face_holds_letters_and_digits_only(fonts: dict[str, Any]) -> None:
    assert {chr(code) for code in fonts["Black"].getBestCmap()} == set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")


@pytest.mark.parametrize(("character", "shape"), SHAPES.items())
def test_shapes_are_simplified_chinese(fonts: dict[str, Any], character: str, shape: str) -> None:
    font = fonts["Regular"]
    points, ends, _ = font["glyf"][font.getBestCmap()[ord(character)]].getCoordinates(font["glyf"])
    assert hashlib.sha256(repr((list(points), list(ends))).encode()).hexdigest()[:16] == shape


def test_each_file_is_a_single_face_with_its_licence_beside_it(tree: Path) -> None:
    for file in (tree / "assets" / "fonts").glob("*.ttf"):
        assert file.read_bytes()[:4] == b"\x00\x01\x00\x00", file  # not ttcf
        assert file.stat().st_size < (11_000_000 if "Names" in file.name else 3_000_000)
    assert "SIL Open Font License" in (tree / "assets" / "fonts" / "OFL.txt").read_text("utf-8").title().replace(
        "Sil", "SIL"
    )


def test_kivy_draws_the_font_that_was_measured(glyphs: Any, window: Any) -> None:
    for text in ("你好，世界", "B012", "138****5678", "Kiosk 1–2"):
        for px in (28, 38, 68):
            texture = glyphs.line(text, "regular", px)
            assert texture.width == pytest.approx(glyphs.width(text, "regular", px), abs=2)


def test_the_script_refuses_another_package(tree: Path, tmp_path: Path) -> None:
    import subprocess
    import sys

    (tmp_path / "other.tgz").write_bytes(b"not it")
    for script in ("fonts.py", "icons.py"):
        done = subprocess.run(
            [sys.executable, str(tree / "image" / script), str(tmp_path / "other.tgz"), "--out", str(tmp_path)],
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == 2
        assert re.fullmatch(r"This file is not .* differs\. Fetch that version again\.\n", done.stderr)
