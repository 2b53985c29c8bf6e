"""Make assets/pinyin/table.txt, by which Chinese is typed, from two libraries and one list of places.

    pip install pypinyin==0.55.0 jieba==0.42.1 fonttools
    python image/pinyin.py --places assets/pinyin/places.txt --font assets/fonts/NotoSansSC-Regular.ttf \
        --out assets/pinyin/table.txt

pypinyin (MIT) knows how characters and words are read, jieba (MIT) how often words are written. Only what the kiosk's
font can show is kept. Names of people are left out: everybody types her own.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import jieba
from fontTools.ttLib import TTFont
from pypinyin import lazy_pinyin, pinyin_dict

VERSIONS = {"pypinyin": "0.55.0", "jieba": "0.42.1"}
WORDS = 12_000
COMMON = 600
VOWELS = set("aeiouv")
BARE = str.maketrans({
    **dict.fromkeys("āáǎà", "a"), **dict.fromkeys("ēéěèê", "e"), **dict.fromkeys("īíǐì", "i"),
    **dict.fromkeys("ōóǒò", "o"), **dict.fromkeys("ūúǔù", "u"), **dict.fromkeys("üǖǘǚǜ", "v"),
    **dict.fromkeys("ńňǹ", "n"), "ḿ": "m", "̄": "", "́": "", "̌": "", "̀": "",
})  # fmt: skip
"""A reading as it is typed: without tones, ü as v."""


def counted(shown: set[str]) -> Iterator[tuple[str, int, str]]:
    """Every word of jieba that the font can show: word, how often, its class."""
    path = Path(jieba.__file__).with_name("dict.txt")
    for line in path.read_text("utf-8").splitlines():
        word, count, kind = line.split(" ")
        if set(word) <= shown:
            yield word, int(count), kind


def sounds(character: str) -> list[str]:
    """How a character may be read, the usual way first; none for what has no vowel (humming)."""
    found = pinyin_dict.pinyin_dict.get(ord(character), "")
    plain = dict.fromkeys(one.translate(BARE) for one in found.split(",") if one)
    return [one for one in plain if one.isascii() and one.isalpha() and VOWELS & set(one)]


def syllables(shown: set[str]) -> tuple[dict[str, str], str]:
    """Syllable -> its characters, those first that are written most with that reading; and the commonest of all."""
    heard: Counter[tuple[str, str]] = Counter()
    written: Counter[str] = Counter()
    for word, count, _ in counted(shown):
        for character, sound in zip(word, lazy_pinyin(word), strict=False):
            heard[character, sound] += count
            written[character] += count
    table: dict[str, list[str]] = {}
    for character in sorted(shown):
        for sound in sounds(character):
            table.setdefault(sound, []).append(character)
    ordered = {
        sound: "".join(sorted(found, key=lambda c, s=sound: (-heard[c, s], sounds(c).index(s), c)))
        for sound, found in sorted(table.items())
    }
    for typed, meant in (("lue", "lve"), ("nue", "nve")):
        ordered[typed] = "".join(dict.fromkeys(ordered.get(typed, "") + ordered.get(meant, "")))
    common = "".join(c for c, _ in sorted(written.items(), key=lambda pair: (-pair[1], pair[0])) if sounds(c))
    return dict(sorted(ordered.items())), common[:COMMON]


def words(shown: set[str], table: dict[str, str]) -> list[tuple[str, list[str]]]:
    """The words most written, with their syllables; nobody's name among them."""
    found = sorted(counted(shown), key=lambda row: (-row[1], row[0]))
    kept = [word for word, _, kind in found if 2 <= len(word) <= 4 and not kind.startswith("nr")]
    read = [(word, lazy_pinyin(word)) for word in kept[:WORDS]]
    return [(word, said) for word, said in read if _typable(word, said, table)]


def places(path: Path, shown: set[str], table: dict[str, str]) -> list[tuple[str, list[str]]]:
    """The list of places: a word a line, with its syllables where a library would read it wrongly."""
    found = []
    for line in path.read_text("utf-8").splitlines():
        word, *said = line.partition("#")[0].split() or [""]
        if word and set(word) <= shown:
            said = said or lazy_pinyin(word)
            if not _typable(word, said, table):
                raise ValueError(f"{word}: {' '.join(said)} is no way to read it")
            found.append((word, said))
    return found


def _typable(word: str, said: list[str], table: dict[str, str]) -> bool:
    return len(word) == len(said) and all(c in table.get(s, "") for c, s in zip(word, said, strict=True))


def main() -> int:
    """Make the table; refuse other versions of the libraries, which would make another one."""
    parser = argparse.ArgumentParser(description="Make the table of the kiosk's pinyin entry.")
    parser.add_argument("--places", type=Path, required=True, help="the list of places")
    parser.add_argument("--font", type=Path, required=True, help="the font whose characters may be used")
    parser.add_argument("--out", type=Path, required=True, help="the file to write")
    given = parser.parse_args()
    for name, wanted in VERSIONS.items():
        if version(name) != wanted:
            print(f"This table is made with {name} {wanted}; found {version(name)}.", file=sys.stderr)
            return 2
    shown = {chr(code) for code in TTFont(given.font).getBestCmap() if 0x4E00 <= code <= 0x9FFF}
    table, common = syllables(shown)
    known = dict(places(given.places, shown, table))
    known |= {word: said for word, said in words(shown, table) if word not in known}
    lines = [
        "# Pinyin entry, made by image/pinyin.py; see README.md. * commonest characters; syllable characters;",
        "# word syllables. The first of a kind is offered first.",
        f"* {common}",
        *(f"{sound} {characters}" for sound, characters in table.items()),
        *(f"{word} {' '.join(said)}" for word, said in known.items()),
    ]
    given.out.write_text("\n".join(lines) + "\n", "utf-8")
    print(f"{given.out}: {len(table)} syllables, {len(set(''.join(table.values())))} characters, {len(known)} words")
    return 0


if __name__ == "__main__":
    sys.exit(main())
