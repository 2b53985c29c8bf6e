"""Reads paper layouts and their texts from TOML, naming every mistake with file and line."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from itertools import product
from typing import get_args

from kiosk.domain.paper import Align, Kind, Size
from kiosk.domain.papers import HOLE, JOIN, KEY, Entry, Guard, Layout, Papers, Shape
from kiosk.domain.table import LANGUAGES, Mistake, Table, did_you_mean
from kiosk.domain.toml_lines import locate

TEXTS = "texts.toml"
KINDS: tuple[Kind, ...] = get_args(Kind)
SIZES: tuple[Size, ...] = get_args(Size)
ALIGNS: tuple[Align, ...] = get_args(Align)
PARTS: dict[Shape, tuple[int, int]] = {
    "head": (1, 1),
    "text": (1, 1),
    "number": (1, 1),
    "labelled": (2, 2),
    "ends": (2, 2),
    "facts": (1, 4),
    "qr": (1, 2),
}
"""How many templates each shape takes, at least and at most; the others take none."""
_GUARD = re.compile(r"(!?)([a-z][a-z0-9_]*)(?:=([a-z0-9_-]+(?:\|[a-z0-9_-]+)*))?")
_AT_LINE = re.compile(r"\(at line (\d+),")


class PapersError(ValueError):
    """Layouts or texts that cannot be used; its text is every mistake, one a line."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        self.mistakes = tuple(sorted(set(mistakes)))
        super().__init__("\n".join(str(mistake) for mistake in self.mistakes))


def read_papers(sources: Mapping[str, str]) -> Papers:
    """Read all layouts and `texts.toml`, by file name; PapersError names all mistakes of all files."""
    found: list[Mistake] = []
    texts: dict[str, dict[str, str]] = {}
    layouts: dict[str, Layout] = {}
    if TEXTS in sources:
        texts = _texts(sources[TEXTS], found)
    else:
        found.append(Mistake(TEXTS, 1, "the file of the texts is missing"))
    for name in sorted(set(sources) - {TEXTS}):
        layout = _layout(name, sources[name], texts, found)
        if layout is not None:
            if layout.kind in layouts:
                found.append(Mistake(name, 1, f"there is another layout of the kind {layout.kind}"))
            layouts[layout.kind] = layout
    found += [
        Mistake(f"{kind}.toml", 1, f"the layout of the {kind} is missing") for kind in KINDS if kind not in layouts
    ]
    if found:
        raise PapersError(found)
    return Papers(layouts, texts)


def parse_texts(text: str) -> dict[str, dict[str, str]]:
    """Read the texts alone: dotted key to text, by language; PapersError names all mistakes."""
    found: list[Mistake] = []
    texts = _texts(text, found)
    if found:
        raise PapersError(found)
    return texts


def parse_layout(name: str, text: str, texts: Mapping[str, Mapping[str, str]]) -> Layout:
    """Read one layout and check it against the texts; PapersError names all mistakes."""
    found: list[Mistake] = []
    layout = _layout(name, text, texts, found)
    if found or layout is None:
        raise PapersError(found)
    return layout


def _open(name: str, text: str, found: list[Mistake]) -> dict[str, object] | None:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = _AT_LINE.search(str(error))
        line = int(at[1]) if at else text.count("\n") + 1
        found.append(Mistake(name, line, f"this is no TOML: {str(error).split(' (at')[0]}"))
    except RecursionError:
        found.append(Mistake(name, 1, "nested too deeply to be a paper"))
    return None


def _texts(text: str, found: list[Mistake]) -> dict[str, dict[str, str]]:
    data = _open(TEXTS, text, found) or {}
    lines = locate(text)
    texts: dict[str, dict[str, str]] = {}
    for language, table in data.items():
        texts[language] = {}
        for path, value in _leaves(table, (language,)):
            key, line = ".".join(path[1:]), lines.get(path, 1)
            if not isinstance(value, str) or not value.strip():
                found.append(Mistake(TEXTS, line, f"{key} must be a text that is not empty"))
            elif value.count("*") not in (0, 2):
                found.append(Mistake(TEXTS, line, f"{key}: asterisks go in pairs, around the bold part"))
            texts[language][key] = str(value)
    zh = texts.get("zh", {})
    found += [Mistake(TEXTS, 1, f"there are no texts in {name}") for name in LANGUAGES if name not in texts]
    for language, table in texts.items():
        at = lines.get((language,), 1)
        found += [Mistake(TEXTS, at, f"{key} has no text in {language}") for key in zh.keys() - table.keys()]
        for key in table.keys() - zh.keys():
            at = lines.get((language, *key.split(".")), 1)
            found.append(Mistake(TEXTS, at, f"{key} has no text in zh{did_you_mean(key, zh)}"))
    if JOIN not in zh:
        found.append(Mistake(TEXTS, 1, f"{JOIN} is missing; it stands between the items of a list"))
    return texts


def _leaves(table: object, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], object]]:
    if isinstance(table, dict):
        for key, value in table.items():
            yield from _leaves(value, (*path, str(key)))
    else:
        yield path, table


def _layout(name: str, text: str, texts: Mapping[str, Mapping[str, str]], found: list[Mistake]) -> Layout | None:
    data = _open(name, text, found)
    if data is None:
        return None
    before = len(found)
    top = Table(data, (), name, locate(text), found)
    kind = next((k for k in KINDS if k == top.one_of("kind", KINDS, "", required=True)), None)
    required, optional = top.texts("required"), top.texts("optional")
    known = (*required, *optional)
    choices: dict[str, tuple[str, ...]] = {}
    limits: dict[str, int] = {}
    if table := top.table("choices"):
        choices = {key: table.texts(key) for key in table.names() if _value(table, key, known)}
    if table := top.table("limits"):
        limits = {key: table.number(key, 0, 1, 1000) for key in table.names() if _value(table, key, known)}
    entries = tuple(_Line(line, known, choices, texts).entry() for line in top.tables("line"))
    if not entries:
        top.mistake("there is no [[line]]")
    top.close("setting of a layout")
    if kind is None or len(found) > before:
        return None
    return Layout(kind, required, optional, entries, choices, limits)


def _value(table: Table, name: str, known: tuple[str, ...]) -> bool:
    if name in known:
        return True
    table.mistake(f"{name!r:.40} is neither required nor optional{did_you_mean(name, known)}", name)
    return False


class _Line:
    """One [[line]] of a layout while it is read."""

    def __init__(
        self,
        table: Table,
        known: tuple[str, ...],
        choices: Mapping[str, tuple[str, ...]],
        texts: Mapping[str, Mapping[str, str]],
    ) -> None:
        self.table = table
        self.known = known
        self.choices = choices
        self.texts = texts

    def entry(self) -> Entry:
        """Read it; mistakes go where the table puts them."""
        shapes = [shape for shape in get_args(Shape) if self.table.has(shape)]
        if len(shapes) != 1:
            self.table.allow(get_args(Shape))
            self.table.mistake(f"a line has exactly one of {', '.join(get_args(Shape))}")
        shape: Shape = shapes[0] if shapes else "rule"
        each = self.table.text("each")
        if each:
            _value(self.table, each, self.known)
        mm = self._mm() if shape == "gap" else 0.0
        parts = self._parts(shape) if shape in PARTS else ()
        if shape in ("rule", "ruler") and not self.table.flag(shape, True):
            self.table.mistake(f"{shape} is true, or is left out", shape)
        for part in parts:
            self._check(part, shape, (*self.known, *(("item", "n") if each else ())))
        entry = Entry(
            shape,
            parts,
            next(size for size in SIZES if size == self.table.one_of("size", SIZES, "body")),
            self.table.flag("bold", False),
            next(align for align in ALIGNS if align == self.table.one_of("align", ALIGNS, "left")),
            mm,
            each,
            tuple(self._guards()),
        )
        self.table.close("part of a line")
        return entry

    def _mm(self) -> float:
        value = self.table.raw("gap")
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= 100:
            return float(value)
        self.table.mistake(f"gap must be millimetres from 0 to 100, not {value!r:.40}", "gap")
        return 0.0

    def _parts(self, shape: Shape) -> tuple[str, ...]:
        least, most = PARTS[shape]
        parts = (self.table.text(shape, required=True),) if most == 1 else self.table.texts(shape)
        if not least <= len(parts) <= most:
            self.table.mistake(f"{shape} takes {least} to {most} texts", shape)
            return ()
        return parts

    def _guards(self) -> Iterator[Guard]:
        for text in self.table.texts("when"):
            shape = _GUARD.fullmatch(text)
            if not shape:
                self.table.mistake(f"when holds {text!r:.40}; a condition is name, !name or name=word|word", "when")
            elif _value(self.table, shape[2], self.known):
                words = tuple(shape[3].split("|")) if shape[3] else ()
                for word in words:
                    if word not in self.choices.get(shape[2], ()):
                        hint = did_you_mean(word, self.choices.get(shape[2], ()))
                        self.table.mistake(f"{shape[2]} is never {word!r}{hint}", "when")
                yield Guard(shape[2], words, not shape[1])

    def _check(self, part: str, shape: Shape, known: tuple[str, ...]) -> None:
        if not KEY.fullmatch(part):
            if not HOLE.search(part) or re.search(r"\w", HOLE.sub("", part)):
                self.table.mistake(f"{part!r:.40} is no text's key, and only values may stand without one", shape)
            self._holes(part, part, shape, known)
            return
        for key in self._keys(part, shape):
            for language, texts in self.texts.items():
                if key not in texts:
                    self.table.mistake(f"there is no text {key!r} in {language}{did_you_mean(key, texts)}", shape)
                else:
                    self._holes(texts[key], f"{key} ({language})", shape, known)

    def _keys(self, part: str, shape: Shape) -> Iterator[str]:
        """A key with holes stands for one key for each word that its values may be."""
        names = HOLE.findall(part)
        for name in names:
            if name not in self.choices:
                self.table.mistake(f"{part}: {name} has no [choices]", shape)
                return
        for words in product(*(self.choices[name] for name in names)):
            chosen = dict(zip(names, words, strict=True))
            yield HOLE.sub(lambda hole, chosen=chosen: chosen[hole[1]], part)  # type: ignore[misc]

    def _holes(self, text: str, what: str, shape: Shape, known: tuple[str, ...]) -> None:
        for name in HOLE.findall(text):
            if name not in known:
                hint = did_you_mean(name, known)
                self.table.mistake(f"{what} needs {name!r}, which is neither required nor optional{hint}", shape)
