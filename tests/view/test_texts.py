"""The kiosk's texts: complete in both languages, none too many, short sentences, the official words, in the font."""

import re
from collections.abc import Iterator
from dataclasses import replace
from string import Formatter

import pytest
from fontTools.ttLib import TTFont

from kiosk.core.state import Identify, Welcome
from kiosk.core.technician import TechnicianPage
from kiosk.domain.health import PAPER_CHANGE, CoverOpen, CutterFault, Overheated, PaperLow, UnderVoltage
from kiosk.view.present import present
from kiosk.view.texts import Texts
from tests.view.hall import ASSETS, WORKS, conditions, read, texts
from tests.view.hall import state as state_of

LONGEST_SENTENCE = 20
SENTENCE_ENDS = re.compile(r"[。！？；\n]")
HANZI = re.compile(r"[一-鿿]")
MARKS = set("，。！？；：、（）“”—…")


ASKED: set[str] = set()


class Heard(Texts):
    """Texts that remember which keys were asked for."""

    def __call__(self, key: str, /, **values: object) -> str:
        ASKED.add(key)
        return super().__call__(key, **values)


def names(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def test_both_languages_have_the_same_keys_in_the_same_order() -> None:
    assert list(read("zh_CN")) == list(read("en"))


@pytest.mark.parametrize("folder", ["zh_CN", "en"])
def test_no_text_is_empty_or_given_twice(folder: str) -> None:
    assert all(text.strip() for text in read(folder).values())
    lines = (ASSETS / "locale" / folder / "LC_MESSAGES" / "kiosk.po").read_text("utf-8").splitlines()
    keys = [line for line in lines if line.startswith("msgid ")]
    assert len(keys) == len(set(keys))


def test_both_languages_fill_in_the_same_values() -> None:
    chinese, english = read("zh_CN"), read("en")
    for key in chinese:
        assert names(chinese[key]) == names(english[key]), key


def test_every_text_is_said_somewhere() -> None:
    heard = {language: Heard(language, known.templates) for language, known in texts().items()}
    for state in conditions():
        present(state, heard)
    for health in (PaperLow(), CoverOpen(), CutterFault(), Overheated(), UnderVoltage()):
        present(state_of(TechnicianPage("device"), "zh", replace(WORKS, printer=health)), heard)
    present(state_of(Welcome(), "zh", replace(WORKS, printer=PAPER_CHANGE)), heard)
    present(state_of(Welcome(), "zh", replace(WORKS, glow="off")), heard)
    present(state_of(Identify(), "zh", replace(WORKS, preview="/memory/live.pgm")), heard)
    by_field = {key for key in read("en") if key.startswith(("problem.", "thing.", "technician.said"))}
    assert set(read("en")) - ASKED <= by_field


def test_chinese_sentences_are_short() -> None:
    for key, text in read("zh_CN").items():
        for sentence in SENTENCE_ENDS.split(text):
            assert len(HANZI.findall(sentence)) <= LONGEST_SENTENCE, (key, sentence)


def test_an_error_says_what_is_wrong_and_what_to_do() -> None:
    for key, text in read("zh_CN").items():
        if key.startswith("problem.") and key != "problem.staff":
            assert text.count("。") == 2, (key, text)
    assert "工作人员" in read("zh_CN")["problem.staff"]


def test_the_house_words_are_kept() -> None:
    for key, text in read("zh_CN").items():
        for word in ("求助", "系统异常", "故障", "请勿", "否则", "用户", "ID", "错误", "服务器", "网络异常"):
            assert word not in text, (key, word)


def test_only_the_centre_s_own_word_says_accepted() -> None:
    said = {key for key, text in read("zh_CN").items() if "受理" in text}
    assert said == {
        "receipt.title.accepted", "receipt.next.accepted", "receipt.title.not_accepted", "status.is.accepted",
    }  # fmt: skip


def test_chinese_texts_take_chinese_marks() -> None:
    for key, text in read("zh_CN").items():
        assert not re.search(r"[一-鿿][,;:?!.()]|[,;?!()][一-鿿]", text), (key, text)


def test_english_texts_hold_no_chinese() -> None:
    for key, text in read("en").items():
        assert not HANZI.search(text), (key, text)
        assert not (MARKS - set("“”—")) & set(text), (key, text)


def characters() -> Iterator[str]:
    for folder in ("zh_CN", "en"):
        for text in read(folder).values():
            yield from text.replace("\n", "")


@pytest.mark.parametrize("weight", ["Regular", "Bold"])
def test_the_screen_s_font_has_every_character(weight: str) -> None:
    with TTFont(ASSETS / "fonts" / f"NotoSansSC-{weight}.ttf", lazy=True) as font:
        known = font.getBestCmap()
    assert not {character for character in characters() if ord(character) not in known}


def test_a_missing_text_is_named() -> None:
    with pytest.raises(KeyError, match=r"no\.such\.text.*zh"):
        texts()["zh"]("no.such.text")


def test_values_fill_a_template_and_braces_in_them_do_no_harm() -> None:
    said = Texts("zh", {"a": "{n} 人，{who}"})
    assert said("a", n=3, who="{n}{0}") == "3 人，{n}{0}"
    assert "a" in said
    assert "b" not in said
