"""How Chinese is said: numbered pinyin of a sentence, from readings that were looked at, not guessed.

espeak-ng 1.51 reads Chinese characters as English letters and guesses heteronyms wrong, but says numbered pinyin right
(measured); so a sentence is spelled before it is spoken.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

DIGITS = ("ling2", "yi1", "er4", "san1", "si4", "wu3", "liu4", "qi1", "ba1", "jiu3")
PLACES = ("", "shi2", "bai3", "qian1")
LETTERS: Mapping[str, str] = MappingProxyType({
    "A": "ei1", "B": "bi4", "C": "xi1", "D": "di4", "E": "yi4", "F": "ai2 fu5", "G": "ji4", "H": "ei2 qi1",
    "I": "ai4", "J": "jie4", "K": "kei4", "L": "ai2 lou5", "M": "ai2 mu5", "N": "en1", "O": "ou1", "P": "pi4",
    "Q": "kiu1", "R": "a4", "S": "ai2 si5", "T": "ti4", "U": "you1", "V": "wei1", "W": "da2 bu5 liu5",
    "X": "ai2 ke5 si5", "Y": "wai4", "Z": "zei4",
})  # fmt: skip
"""Latin letters as they are said in a Chinese sentence; a voice of one language cannot change in mid-sentence."""
TOKENS = re.compile(
    r"(?P<hanzi>[一-鿿]+)|(?P<time>\d{1,2}:\d{2})|(?P<date>\d{4}-\d{2}-\d{2})|(?P<money>\d+\.\d+)|(?P<number>\d+)"
    r"|(?P<word>[A-Za-z]{3,})|(?P<letter>[A-Za-z])|(?P<stop>[。！？!?\n；;])|(?P<pause>[，、,：:（）()·•])|(?P<to>[–~—])"
)
LONG = 5
"""A number of more digits is a code, and is said digit by digit; so is one that begins with 0."""


@dataclass(frozen=True)
class Readings:
    """Run of characters -> syllables with tones, one a character; single characters are there for what is in no run."""

    known: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    longest: int = 1

    @staticmethod
    def read(text: str) -> "Readings":
        """Read `run syllables` lines; `#` comments."""
        pairs = (line.partition(" ") for line in text.splitlines() if line and not line.startswith("#"))
        known = {run: said for run, _, said in pairs}
        return Readings(MappingProxyType(known), max(map(len, known), default=1))


def pinyin(text: str, readings: Readings) -> str:
    """Give what a pinyin voice has to be fed with; a character nobody knows how to say is passed over."""
    said: list[str] = []
    for token in TOKENS.finditer(text):
        match token.lastgroup:
            case "hanzi":
                said += _run(token[0], readings)
            case "time":
                said += _time(token[0])
            case "date":
                said += _date(token[0])
            case "money":
                whole, _, part = token[0].partition(".")
                said += [*number(whole), "dian3", *(DIGITS[int(digit)] for digit in part)]
            case "number":
                said += number(token[0])
            case "letter":
                said.append(LETTERS[token[0].upper()])
            case "word":
                said += [LETTERS[letter] for letter in token[0].upper()]
            case "to":
                said.append("dao4")
            case "stop":
                said.append(".")
            case _:
                said.append(",")
    return " ".join(said)


def number(digits: str) -> list[str]:
    """Say a whole number: 12 is shi2 er4, 105 yi1 bai3 ling2 wu3; a code digit by digit."""
    if len(digits) >= LONG or (digits.startswith("0") and len(digits) > 1):
        return [DIGITS[int(digit)] for digit in digits]
    said: list[str] = []
    gap = False
    for place, digit in zip(range(len(digits) - 1, -1, -1), map(int, digits), strict=True):
        if digit == 0:
            gap = bool(said)
            continue
        said += [DIGITS[0]] if gap else []
        gap = False
        said += [DIGITS[digit], PLACES[place]] if place else [DIGITS[digit]]
    if said[:2] == [DIGITS[1], PLACES[1]]:
        said = said[1:]  # 12 is "ten two", never "one ten two"
    return said or [DIGITS[0]]


def _time(text: str) -> list[str]:
    hour, _, minute = text.partition(":")
    said = [*number(str(int(hour))), "dian3"]
    if int(minute) == 0:
        return said
    return [*said, *([DIGITS[0]] if int(minute) < 10 else []), *number(str(int(minute))), "fen1"]


def _date(text: str) -> list[str]:
    year, month, day = text.split("-")
    years = [DIGITS[int(digit)] for digit in year]
    return [*years, "nian2", *number(str(int(month))), "yue4", *number(str(int(day))), "ri4"]


def _run(run: str, readings: Readings) -> Iterator[str]:
    at = 0
    while at < len(run):
        for length in range(min(readings.longest, len(run) - at), 0, -1):
            said = readings.known.get(run[at : at + length])
            if said is not None:
                yield said
                at += length
                break
        else:
            at += 1
