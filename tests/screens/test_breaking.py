"""Line breaking: numbers, dates and plates whole, no closing mark in front, nothing lost."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screens.breaking import break_lines

CLOSING = "，。、；：！？）》」』”’…％%"
OPENING = "（《「『“‘"


def em(text: str) -> float:
    """A font in which Chinese is one wide and Latin half."""
    return sum(1.0 if ord(character) > 0x2E7F or character in CLOSING + OPENING else 0.5 for character in text)


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("有效期至2026-11-22，请在此前办理", 8),
        ("办理日期是2026年11月22日上午", 8),
        ("请在11月30日起申领免检标志", 6),
        ("手机号码138****5678不会改变", 8),
        ("现在等候 3 人，约 10–20 分钟", 8),
        ("号牌鄂L·8K6P9小型汽车", 8),
        ("过号请告诉工作人员，60 分钟内有效。", 8),
    ],
)
def test_numbers_dates_and_plates_stay_whole(text: str, width: float) -> None:
    whole = re.findall(r"2026-11-22|2026年11月22日|11月30日|138\*{4}5678|10–20 分钟|鄂L·8K6P9|60 分钟", text)
    lines = break_lines(text, width, em)
    assert len(lines) > 1
    assert all(any(part in line for line in lines) for part in whole), lines


def test_no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one() -> None:
    text = "请先出示证件，或直接触摸下面的方式（身份证、驾驶证）。谢谢！“好的”，再见"
    for width in range(4, 30):
        lines = break_lines(text, width, em)
        assert not any(line[0] in CLOSING for line in lines[1:]), (width, lines)
        assert not any(line[-1] in OPENING for line in lines), (width, lines)


def test_newlines_are_kept() -> None:
    assert break_lines("车辆、驾驶证业务\n在这里办", 30, em) == ["车辆、驾驶证业务", "在这里办"]


def test_english_breaks_between_words() -> None:
    assert break_lines("Show a document first, or touch one", 8, em) == ["Show a document", "first, or touch", "one"]


def test_a_word_wider_than_the_line_is_cut_rather_than_lost() -> None:
    lines = break_lines("http://kiosk.example/t/2b7e151628aed2a6abf7158809cf4f3c", 10, em)
    assert "".join(lines) == "http://kiosk.example/t/2b7e151628aed2a6abf7158809cf4f3c"
    assert all(em(line) <= 10 for line in lines)


def test_a_heading_is_balanced_and_no_word_is_cut_for_it() -> None:
    assert break_lines("把身份证放在读卡区里", 9, em, balance=True) == ["把身份证放", "在读卡区里"]
    assert break_lines("车辆、驾驶证业务", 6, em, balance=True) == ["车辆、", "驾驶证业务"]
    assert break_lines("Exempt-vehicle sticker", 8, em, balance=True) == ["Exempt-vehicle", "sticker"]
    for text in ("Hold the QR code to the scan window", "Just a ticket, no ID", "Driver contact details"):
        for width in range(5, 20):
            words = " ".join(break_lines(text, width, em, balance=True)).split()
            assert words == text.split(), width


def test_a_last_line_of_two_characters_is_avoided() -> None:
    lines = break_lines("过号请告诉工作人员请在六十分钟内有效。", 17, em)
    assert len(lines) == 2
    assert len(lines[-1]) > 3


@given(st.text(alphabet="中文字，。（）“” 12-:年月日元abcXYZ*·\n", max_size=80), st.floats(1, 40), st.booleans())
def test_nothing_is_lost_and_no_line_is_too_wide(text: str, width: float, balance: bool) -> None:
    lines = break_lines(text, width, em, balance=balance)
    assert re.sub(r"\s", "", "".join(lines)) == re.sub(r"\s", "", text)
    for line in lines:
        marks = len(line) - len(line.rstrip(CLOSING + "·:-")) + len(line) - len(line.lstrip(OPENING))
        assert em(line) <= width + marks + 1, line
