"""What is said is what is written: every text has its pinyin beside it, in step, and numbers are said as people do."""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from kiosk.domain.sounds import Readings, number, pinyin
from tests.view.hall import read

ASSETS = Path(__file__).resolve().parents[2] / "assets"
HANZI = re.compile(r"[一-鿿]+")
SYLLABLE = re.compile(r"[a-z]+[1-5]")


@cache
def readings() -> Readings:
    return Readings.read((ASSETS / "voice" / "pinyin.txt").read_text("utf-8"))


def strings(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for each in value.values():
                yield from strings(each)
        case list():
            for each in value:
                yield from strings(each)


def texts() -> Iterator[str]:
    yield from read("zh_CN").values()
    for folder in ("catalogue", "information"):
        for path in sorted((ASSETS / folder).glob("*.toml")):
            yield from strings(tomllib.loads(path.read_text("utf-8")))


def test_every_run_of_every_text_has_its_reading_beside_it() -> None:
    known = readings().known
    missing = {run for text in texts() for run in HANZI.findall(text) if run not in known}
    assert not missing, f"`make pinyin` writes assets/voice/pinyin.txt anew; look at {sorted(missing)[:5]}"


def test_each_character_has_one_syllable_with_its_tone() -> None:
    for run, said in readings().known.items():
        syllables = said.split()
        assert len(syllables) == len(run), run
        assert all(SYLLABLE.fullmatch(syllable) for syllable in syllables), (run, said)


@pytest.mark.parametrize(("text", "said"), [
    ("请A012号到3号窗口", "qing3 ei1 ling2 yi1 er4 hao4 dao4 san1 hao4 chuang1 kou3"),
    ("重新打印行驶证", "chong2 xin1 da3 yin4 xing2 shi3 zheng4"),
    ("银行卡", "yin2 hang2 ka3"),
    ("09:00–17:30", "jiu3 dian3 dao4 shi2 qi1 dian3 san1 shi2 fen1"),
    ("2026-11-22", "er4 ling2 er4 liu4 nian2 shi2 yi1 yue4 er4 shi2 er4 ri4"),
    ("10.50 元", "shi2 dian3 wu3 ling2 yuan2"),
    ("", ""),
])  # fmt: skip
def test_sentences_are_said_as_people_say_them(text: str, said: str) -> None:
    assert pinyin(text, readings()) == said


@pytest.mark.parametrize(("digits", "said"), [
    ("0", "ling2"), ("10", "shi2"), ("12", "shi2 er4"), ("20", "er4 shi2"), ("105", "yi1 bai3 ling2 wu3"),
    ("110", "yi1 bai3 yi1 shi2"), ("1000", "yi1 qian1"), ("2003", "er4 qian1 ling2 san1"),
    ("012", "ling2 yi1 er4"), ("12345", "yi1 er4 san1 si4 wu3"),
])  # fmt: skip
def test_numbers(digits: str, said: str) -> None:
    assert " ".join(number(digits)) == said


def test_what_nobody_can_say_is_passed_over() -> None:
    assert pinyin("龘😀\0\x1b", Readings()) == ""
