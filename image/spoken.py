"""Make assets/voice/pinyin.txt, by which Chinese is spoken: how each run of characters of our texts is said.

    pip install pypinyin==0.55.0
    python image/spoken.py --assets assets

espeak-ng guesses the reading of characters and guesses some wrong (重新, 银行), so the readings are kept beside the
texts and looked at by a person. pypinyin (MIT) makes the first draft; assets/voice/reviewed.txt overrules it.
"""

import argparse
import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from babel.messages.pofile import read_po
from pypinyin import Style, lazy_pinyin, load_phrases_dict, pinyin_dict
from pypinyin.contrib.tone_convert import to_tone

PINNED = "0.55.0"
HANZI = re.compile(r"[一-鿿]+")
LEVEL_1 = range(0xB0A1, 0xF7FF)
"""GB 2312, both levels, as EUC-CN codes: what a name or an address is most likely written with."""


def texts(assets: Path) -> Iterator[str]:
    """Give every Chinese text that a citizen can be shown."""
    with (assets / "locale" / "zh_CN" / "LC_MESSAGES" / "kiosk.po").open("rb") as file:
        yield from (str(message.string) for message in read_po(file) if message.id)
    for folder in ("catalogue", "information"):
        for path in sorted((assets / folder).glob("*.toml")):
            yield from strings(tomllib.loads(path.read_text("utf-8")))


def strings(value: object) -> Iterator[str]:
    """Give every string inside plain data."""
    match value:
        case str():
            yield value
        case dict():
            for each in value.values():
                yield from strings(each)
        case list():
            for each in value:
                yield from strings(each)


def reviewed(path: Path) -> dict[str, str]:
    """Read `word syllables` lines, `#` comments."""
    lines = (line.partition("#")[0].split() for line in path.read_text("utf-8").splitlines())
    return {words[0]: " ".join(words[1:]) for words in lines if words}


def said(text: str) -> str:
    """Give the numbered pinyin of a run of characters; a neutral tone is 5."""
    return " ".join(lazy_pinyin(text, style=Style.TONE3, neutral_tone_with_five=True, v_to_u=False))


def characters() -> Iterator[str]:
    """Give the characters of GB 2312."""
    for code in LEVEL_1:
        high, low = divmod(code, 256)
        if low >= 0xA1:
            yield from bytes((high, low)).decode("gb2312", "ignore")


def main() -> int:
    """Write the table anew."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--assets", type=Path, required=True)
    args = parser.parse_args()
    if version("pypinyin") != PINNED:
        parser.error(f"this needs pypinyin {PINNED}")
    voice = args.assets / "voice"
    known = reviewed(voice / "reviewed.txt")
    load_phrases_dict({word: [[each] for each in said_by_hand(word, known[word])] for word in known})
    runs = sorted({run for text in texts(args.assets) for run in HANZI.findall(text)} | set(known))
    lines = [f"{run} {known.get(run) or said(run)}" for run in runs]
    single = {run for run in runs if len(run) == 1}
    lines += [
        f"{each} {said(each)}" for each in characters() if ord(each) in pinyin_dict.pinyin_dict and each not in single
    ]
    head = (
        "# How Chinese is said, made by image/spoken.py; overruled by reviewed.txt. Runs of our texts, then characters."
    )
    (voice / "pinyin.txt").write_text("\n".join((head, *lines, "")), "utf-8")
    print(f"{len(runs)} runs, {len(lines) - len(runs)} characters")
    return 0


def said_by_hand(word: str, syllables: str) -> list[str]:
    """Give the syllables of a reviewed word as pypinyin's own dictionary writes them."""
    parts = syllables.split()
    if len(parts) != len(word):
        raise SystemExit(f"reviewed.txt: {word} has {len(word)} characters and {len(parts)} syllables")
    return [to_tone(part) for part in parts]


if __name__ == "__main__":
    raise SystemExit(main())
