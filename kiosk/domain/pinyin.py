"""Chinese typed by its sounds: a table of syllables and words, what letters may mean, and what one key does."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

LONGEST_TYPED = 36
"""Letters being composed; six of the longest syllables."""
PAGE = 8
"""Candidates offered at once."""
_MOST = 400
"""Candidates that can be paged to; the largest syllable has some 150 characters."""
_SINGLE = frozenset("bpmfdtnlgkhjqxzcsryw") | {"zh", "ch", "sh"}
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz'")


@dataclass(frozen=True)
class Table:
    """Syllable -> characters; first letter -> words with their syllables. What is used most comes first in each."""

    syllables: Mapping[str, str]
    words: Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]] = field(default_factory=lambda: MappingProxyType({}))
    common: str = ""


@dataclass(frozen=True)
class Match:
    """One thing that the letters may mean, and how many of them it takes up."""

    text: str
    used: int


@dataclass(frozen=True)
class Composition:
    """What stands in the field, the letters not yet turned into characters, the page of candidates. None in repr."""

    text: str = field(default="", repr=False)
    typed: str = field(default="", repr=False)
    page: int = 0


def read_table(text: str) -> Table:
    """Read assets/pinyin/table.txt: `* characters`, `syllable characters` and `word syllables`, one a line."""
    syllables: dict[str, str] = {}
    words: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    common = ""
    for line in text.splitlines():
        head, _, rest = line.strip().partition(" ")
        if not rest or head == "#":
            continue
        if head == "*":
            common = rest
        elif head.isascii():
            syllables[head] = rest
        else:
            said = tuple(rest.split())
            words.setdefault(said[0][0], []).append((head, said))
    return Table(MappingProxyType(syllables), MappingProxyType({k: tuple(found) for k, found in words.items()}), common)


def candidates(typed: str, table: Table, limit: int = PAGE) -> tuple[str, ...]:
    """What the letters may mean, the likeliest first: whole words, then the characters of the first syllable."""
    return tuple(match.text for match in matches(typed, table, limit))


def matches(typed: str, table: Table, most: int = _MOST) -> tuple[Match, ...]:
    """As `candidates`, each with the letters that it takes up; letters may be whole syllables or their beginnings."""
    typed = "".join(letter for letter in typed.lower() if letter in _LETTERS).lstrip("'")[:LONGEST_TYPED]
    if not typed:
        return ()
    found: dict[str, Match] = {}
    for match in _in_order(typed, table):
        found.setdefault(match.text, match)
        if len(found) >= most:
            break
    return tuple(found.values())


def spaced(typed: str, table: Table) -> str:
    """The letters parted into syllables, as they are shown while composing: `xian an qu`."""
    parts: list[str] = []
    rest = typed
    while rest:
        mark = len(rest) - len(rest.lstrip("'"))
        rest = rest[mark:]
        size = _first_part(rest, table)
        if size:
            parts.append(rest[:size])
        rest = rest[size:]
    return " ".join(parts)


def step(now: Composition, key: str, table: Table, *, longest: int = 60, page: int = PAGE) -> Composition:
    """Give what one key makes of it.

    Keys: a letter or `'`, `pick:N` (the Nth candidate on the page, from 1), `more` and `less` (pages), `space` (the
    first candidate), `delete`, `clear`; any other single character goes into the text when nothing is being composed.
    """
    name, _, value = key.partition(":")
    match name:
        case "delete":
            return replace(now, typed=now.typed[:-1], page=0) if now.typed else replace(now, text=now.text[:-1])
        case "clear":
            return Composition()
        case "more" | "less":
            return _turned(now, 1 if name == "more" else -1, table, page)
        case "space":
            return _picked(now, 1, table, longest, page)
        case "pick" if value.isascii() and value.isdigit():
            return _picked(now, int(value), table, longest, page)
    if len(key) != 1 or not key.isprintable():
        return now
    if key in _LETTERS:
        grown = (now.typed + key).lstrip("'")
        return replace(now, typed=grown, page=0) if len(grown) <= LONGEST_TYPED and len(now.text) < longest else now
    return replace(now, text=now.text + key) if not now.typed and len(now.text) < longest else now


def shown(now: Composition, table: Table, page: int = PAGE) -> tuple[str, ...]:
    """The candidates on the page that is shown."""
    return tuple(match.text for match in _page(now, table, page))


def has_more(now: Composition, table: Table, page: int = PAGE) -> bool:
    """Say whether a further page of candidates follows."""
    return len(matches(now.typed, table)) > (now.page + 1) * page


def _page(now: Composition, table: Table, page: int) -> tuple[Match, ...]:
    return matches(now.typed, table)[now.page * page : (now.page + 1) * page]


def _turned(now: Composition, by: int, table: Table, page: int) -> Composition:
    last = max(0, len(matches(now.typed, table)) - 1) // page
    return replace(now, page=min(max(0, now.page + by), last))


def _picked(now: Composition, number: int, table: Table, longest: int, page: int) -> Composition:
    offered = _page(now, table, page)
    if not 1 <= number <= len(offered):
        return now
    chosen = offered[number - 1]
    if len(now.text) + len(chosen.text) > longest:
        return now
    return Composition(now.text + chosen.text, now.typed[chosen.used :].lstrip("'"))


def _in_order(typed: str, table: Table) -> Iterator[Match]:
    """One whole syllable means its characters; more letters mean words, and only then the first of them a character."""
    words = _words(typed, table)
    if typed in table.syllables:
        yield from (Match(character, len(typed)) for character in table.syllables[typed])
    elif typed in _SINGLE:
        yield from _begun(typed, table)
    yield from words.whole
    if not _first_sizes(typed, table):
        yield from words.partly_cut
    yield from words.partly
    yield from _characters(typed, table)
    yield from words.partly_cut


@dataclass(frozen=True)
class _Words:
    """Words by how they lie over the letters: over all of them, over the first ones, over those with cut syllables."""

    whole: tuple[Match, ...]
    partly: tuple[Match, ...]
    partly_cut: tuple[Match, ...]


def _words(typed: str, table: Table) -> _Words:
    """Within each kind: the most letters first, then whole words, the fewest cut syllables, the most written."""
    found: tuple[list[tuple[tuple[int, int, int, int], Match]], ...] = ([], [], [])
    for rank, (word, said) in enumerate(table.words.get(typed[0], ())):
        fit = _fit(typed, said)
        if fit is None:
            continue
        used, cut, missing = fit
        # A word may go on beyond what is typed, but only once two of its syllables are there.
        if missing and (used < len(typed) or len(said) - missing < 2):
            continue
        kind = 0 if used == len(typed) else 2 if cut else 1
        found[kind].append(((-used, missing, cut, rank), Match(word, used)))
    return _Words(*(tuple(match for _, match in sorted(kind, key=lambda pair: pair[0])) for kind in found))


def _fit(typed: str, said: tuple[str, ...]) -> tuple[int, int, int] | None:
    """How a word's syllables lie over the letters: letters used, syllables cut short, syllables still missing."""
    best: tuple[int, int, int] | None = None
    ways = [(0, 0, 0)]  # letters used, syllables cut short, syllables taken
    while ways:
        at, cut, taken = ways.pop()
        while at < len(typed) and typed[at] == "'":
            at += 1
        rest = typed[at:]
        if taken == len(said) or not rest:
            if taken and (best is None or (-at, len(said) - taken, cut) < (-best[0], best[2], best[1])):
                best = (at, cut, len(said) - taken)
            continue
        syllable = said[taken]
        if rest.startswith(syllable):
            ways.append((at + len(syllable), cut, taken + 1))
        ways.extend((at + size, cut + 1, taken + 1) for size in _short(syllable, rest))
    return best


def _short(syllable: str, rest: str) -> Iterator[int]:
    """How much of a syllable's beginning stands for it: its initial, or all that is left of the letters."""
    initial = 2 if syllable[:2] in _SINGLE else 1
    if len(syllable) > initial and rest.startswith(syllable[:initial]):
        yield initial
    if initial == 2 and rest[0] == syllable[0]:
        yield 1
    if initial < len(rest) < len(syllable) and syllable.startswith(rest):
        yield len(rest)


def _characters(typed: str, table: Table) -> Iterator[Match]:
    """The characters of the first syllable, the longest way to read it first; a beginning stands for all it begins."""
    piece = typed.partition("'")[0]
    if len(piece) <= 6 and piece == typed:
        yield from _begun(piece, table)
    first = _first_part(typed, table)
    for size in sorted(_first_sizes(typed, table), key=lambda size: size != first):
        yield from (Match(character, size) for character in table.syllables[piece[:size]])
    size = 2 if piece[:2] in _SINGLE else 1
    if piece[:size] in _SINGLE:
        yield from _begun(piece[:size], table)


def _begun(piece: str, table: Table) -> Iterator[Match]:
    """Characters of all syllables that begin so, the commonest first, then by syllable."""
    fitting = [characters for sound, characters in table.syllables.items() if sound.startswith(piece)]
    if not fitting:
        return
    meant = set("".join(fitting))
    yield from (Match(character, len(piece)) for character in table.common if character in meant)
    yield from (Match(character, len(piece)) for characters in fitting for character in characters)


def _first_part(rest: str, table: Table) -> int:
    """How many letters the first syllable has, where the rest can be parted too if that is possible."""
    piece = rest.partition("'")[0]
    sizes = _first_sizes(rest, table)
    for size in sizes:
        after = piece[size:]
        if not after or _begins(after, table):
            return size
    if sizes:
        return sizes[0]
    size = 2 if piece[:2] in _SINGLE else 1
    return min(size, len(piece))


def _first_sizes(typed: str, table: Table) -> list[int]:
    """How many letters the first syllable may have, the most first."""
    piece = typed.partition("'")[0]
    return [size for size in range(min(6, len(piece)), 0, -1) if piece[:size] in table.syllables]


def _begins(rest: str, table: Table) -> bool:
    """Say whether letters begin with a syllable, or are the beginning of one."""
    return any(rest[:size] in table.syllables for size in range(min(6, len(rest)), 0, -1)) or any(
        sound.startswith(rest) for sound in table.syllables
    )
