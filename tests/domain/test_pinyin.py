"""Pinyin entry: the table, what letters may mean, and what keys do - on the real table and on any letters at all."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.domain.pinyin import (
    LONGEST_TYPED,
    PAGE,
    Composition,
    Table,
    candidates,
    has_more,
    matches,
    read_table,
    shown,
    spaced,
    step,
)

ASSETS = Path(__file__).parents[2] / "assets"
TABLE = read_table((ASSETS / "pinyin" / "table.txt").read_text("utf-8"))
PLACES = [
    line.partition("#")[0].split()[0]
    for line in (ASSETS / "pinyin" / "places.txt").read_text("utf-8").splitlines()
    if line.partition("#")[0].strip()
]
WORDS = {word: said for words in TABLE.words.values() for word, said in words}


def type_(keys: str, now: Composition | None = None) -> Composition:
    now = now or Composition()
    for key in keys:
        now = step(now, key, TABLE)
    return now


def test_the_table_shows_only_what_the_font_has() -> None:
    font = pytest.importorskip("fontTools.ttLib").TTFont(ASSETS / "fonts" / "NotoSansSC-Regular.ttf")
    written = set("".join(TABLE.syllables.values())) | set("".join(WORDS)) | set(TABLE.common)
    assert len(written) > 6_700
    assert {character for character in written if ord(character) not in font.getBestCmap()} == set()


def test_every_character_is_reached_by_its_syllable() -> None:
    for syllable, characters in TABLE.syllables.items():
        assert set(characters) <= {match.text for match in matches(syllable, TABLE)}, syllable


def test_words_are_reached_by_their_syllables() -> None:
    some = [*WORDS.items()][:: len(WORDS) // 600]
    # Parted by a mark where the letters alone are one syllable, as those of 西安 are.
    typed = {word: ("'" if "".join(said) in TABLE.syllables else "").join(said) for word, said in some}
    assert [word for word in typed if word not in candidates(typed[word], TABLE, 3 * PAGE)] == []


def test_every_place_is_on_the_first_page_in_full_and_most_are_by_initials() -> None:
    known = [place for place in PLACES if place in WORDS]
    assert len(known) == len(PLACES)
    assert [place for place in known if place not in candidates("".join(WORDS[place]), TABLE)] == []
    short = [place for place in known if place in candidates("".join(s[0] for s in WORDS[place]), TABLE)]
    assert len(short) >= 0.9 * len(known)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("xianning", "咸宁"), ("xiananqu", "咸安区"), ("xaq", "咸安区"), ("xian", "现"), ("xi'an", "西安"),
        ("fangan", "方案"), ("wenquan", "温泉"), ("tsqz", "汀泗桥镇"), ("shang", "上"), ("lv", "律"),
        ("nvshi", "女士"), ("WENQUAN", "温泉"), ("zh", "中"), ("xnsxaq", "咸宁市"),
    ],
)  # fmt: skip
def test_the_first_candidate(typed: str, first: str) -> None:
    assert candidates(typed, TABLE, 1) == (first,)


@pytest.mark.parametrize(
    ("typed", "parted"), [("xianan", "xian an"), ("tingsiqiao", "ting si qiao"), ("xi'an", "xi an"), ("zhx", "zh x")]
)
def test_letters_are_parted_into_syllables(typed: str, parted: str) -> None:
    assert spaced(typed, TABLE) == parted


def test_an_address_is_composed_word_by_word() -> None:
    now = type_("xiananqu")
    assert shown(now, TABLE)[0] == "咸安区"
    now = step(now, "pick:1", TABLE)
    now = step(type_("wenquanjiedao", now), "space", TABLE)
    now = type_("18", now)
    now = step(type_("haolou", now), "pick:1", TABLE)
    assert (now.text, now.typed) == ("咸安区温泉街道18号楼", "")


def test_what_a_candidate_does_not_take_up_stays_to_be_composed() -> None:
    now = step(type_("woaixianning"), "pick:1", TABLE)
    assert (now.text, now.typed) == ("我", "aixianning")


def test_keys_that_edit() -> None:
    now = step(type_("xianning"), "space", TABLE)
    assert step(now, "delete", TABLE).text == "咸"
    assert step(type_("wen", now), "delete", TABLE) == Composition(now.text, "we")
    assert step(type_("wen", now), "clear", TABLE) == Composition()
    # A figure beside letters that mean nothing yet would split what is being composed.
    assert type_("wen1", now).typed == "wen"
    assert step(now, "pick:9", TABLE) == now
    assert step(now, "pick:0", TABLE) == now
    assert step(now, "", TABLE) == now
    assert step(now, "\n", TABLE) == now


def test_pages_of_candidates() -> None:
    now = type_("yi")
    seen = list(shown(now, TABLE))
    while has_more(now, TABLE):
        now = step(now, "more", TABLE)
        seen += shown(now, TABLE)
    assert len(seen) == len(set(seen)) == len(matches("yi", TABLE))
    assert step(now, "more", TABLE) == now
    assert step(type_("yi"), "less", TABLE) == type_("yi")
    assert step(now, "pick:1", TABLE).page == 0


def test_nothing_typed_is_in_a_repr() -> None:
    now = step(type_("xianning"), "space", TABLE)
    assert "咸" not in repr(type_("wen", now))
    assert "wen" not in repr(type_("wen", now))


def test_longest_text_and_letters() -> None:
    now = step(type_("xianning"), "pick:1", TABLE)
    assert step(type_("wenquan", now), "pick:1", TABLE, longest=3).text == now.text
    assert len(type_("a" * 100).typed) == LONGEST_TYPED
    assert step(Composition("咸宁"), "1", TABLE, longest=2).text == "咸宁"


def test_a_table_with_rubbish_in_it_is_read() -> None:
    found = read_table("# a note\n\nxian 先现\nalone\n先生 xian sheng\n* 先\n")
    assert found == Table({"xian": "先现"}, {"x": (("先生", ("xian", "sheng")),)}, "先")


@given(st.text(max_size=60))
def test_any_text_has_candidates_that_take_up_letters(typed: str) -> None:
    for match in matches(typed, TABLE):
        assert match.text
        assert 1 <= match.used <= len(typed.lower())
    assert spaced(typed, TABLE).replace(" ", "") == typed.replace("'", "").replace(" ", "") or not typed.isascii()


KEYS = st.one_of(
    st.sampled_from([*"abcdefghijklmnopqrstuvwxyz'0189A座", "delete", "more", "less", "space", "clear"]),
    st.integers(0, 12).map(lambda n: f"pick:{n}"),
    st.text(max_size=3),
)


@settings(deadline=None)
@given(st.lists(KEYS, max_size=40))
def test_no_key_breaks_the_composition(keys: list[str]) -> None:
    now = Composition()
    for key in keys:
        after = step(now, key, TABLE, longest=12)
        assert len(after.text) <= 12
        assert len(after.typed) <= LONGEST_TYPED
        assert set(after.typed) <= set("abcdefghijklmnopqrstuvwxyz'")
        assert after.page == 0 or shown(after, TABLE)
        if key.startswith("pick") and after != now:
            assert after.text.startswith(now.text)
            assert len(after.typed) < len(now.typed)
        now = after
