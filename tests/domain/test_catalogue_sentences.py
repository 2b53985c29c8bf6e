"""Catalogue, information and quiz speak in short sentences: at most twenty Hanzi; names and boxes of law apart."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

ASSETS = Path(__file__).parents[2] / "assets"
FOLDER = ASSETS / "catalogue"
LONGEST = 20
ENDS = re.compile(r"[。！？；\n]")
HANZI = re.compile(r"[一-鿿]")
LAW = {"name", "consent", "notice", "law", "source", "fee_basis"}
"""Official names, and what law wants said in full."""


def texts(table: object, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(table, list):
        for at, each in enumerate(table):
            yield from texts(each, (*path, str(at)))
    elif isinstance(table, dict):
        for key, each in table.items():
            if key == "zh" and isinstance(each, str):
                yield path, each
            elif key not in LAW:
                yield from texts(each, (*path, key))


def said() -> Iterator[tuple[str, str]]:
    for file in sorted((*FOLDER.glob("*.toml"), *(ASSETS / "information").glob("*.toml"))):
        for path, text in texts(tomllib.loads(file.read_text("utf-8"))):
            yield f"{file.name} {'.'.join(path)}", text


def test_every_sentence_is_short() -> None:
    long = [
        (where, sentence)
        for where, text in said()
        for sentence in ENDS.split(text)
        if len(HANZI.findall(sentence)) > LONGEST
    ]
    assert not long


def test_a_refusal_says_what_is_so_and_what_to_do() -> None:
    reasons = tomllib.loads((FOLDER / "reasons.toml").read_text("utf-8"))["reason"]
    for code, reason in reasons.items():
        assert reason["text"]["zh"].count("。") >= 2, code


def test_the_house_words_are_kept() -> None:
    for where, text in said():
        for word in ("求助", "系统异常", "请勿", "否则", "服务器"):
            assert word not in text, where
