"""Turns a paper's layout, its texts and the values of one occasion into device-neutral lines."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from kiosk.domain.paper import (
    Align,
    Ends,
    Fact,
    Facts,
    Gap,
    Head,
    Kind,
    Labelled,
    Line,
    Number,
    Paper,
    Qr,
    Rule,
    Ruler,
    Size,
    Text,
)
from kiosk.domain.table import did_you_mean

Say = Callable[[str], str]
"""Gives the text of a key in one language; raises KeyError where there is none."""
Shape = Literal["head", "text", "number", "labelled", "ends", "facts", "rule", "gap", "ruler", "qr"]

KEY = re.compile(r"paper(\.([a-z0-9_-]|\{[a-z_]+\})+)+")
HOLE = re.compile(r"\{([a-z][a-z0-9_]*)\}")
JOIN = "paper.join"
"""The text that stands between the items of a list, e.g. `；`."""


@dataclass(frozen=True)
class Guard:
    """A condition of a line: a value is there or, with `words`, is one of them; `wanted` False turns it round."""

    value: str
    words: tuple[str, ...] = ()
    wanted: bool = True

    def holds(self, values: Mapping[str, object]) -> bool:
        """Say whether the line stands."""
        found = values.get(self.value)
        return (str(found) in self.words if self.words else _there(found)) is self.wanted


@dataclass(frozen=True)
class Entry:
    """One line of a layout: its shape, its templates (a text's key, or holes alone), its style and when it stands.

    `each` names a list: the line is repeated, with `{item}` and `{n}`. A line stands only if all its values are there.
    """

    shape: Shape
    parts: tuple[str, ...] = ()
    size: Size = "body"
    bold: bool = False
    align: Align = "left"
    mm: float = 0.0
    each: str = ""
    guards: tuple[Guard, ...] = ()


@dataclass(frozen=True)
class Layout:
    """A paper's description. `choices`: the words a value may be; `limits`: how many characters it may have."""

    kind: Kind
    required: tuple[str, ...]
    optional: tuple[str, ...]
    entries: tuple[Entry, ...]
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    limits: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Papers:
    """All layouts and all texts of this kiosk: what the engine composes papers with."""

    layouts: Mapping[str, Layout]
    texts: Mapping[str, Mapping[str, str]]

    def compose(self, kind: str, values: Mapping[str, object], language: str) -> Paper:
        """Compose one paper in a language, in Chinese where that language has no papers; ValueError as `compose`."""
        say = (self.texts.get(language) or self.texts["zh"]).__getitem__
        return compose(self.layouts[kind], values, say)


def problems(layout: Layout, values: Mapping[str, object]) -> list[str]:
    """Everything that is wrong with the values of a paper, a sentence each; empty when it can be composed."""
    known = (*layout.required, *layout.optional)
    found = [f"{name} is missing" for name in layout.required if not _there(values.get(name))]
    found += [f"a {layout.kind} has no {name!r:.40}{did_you_mean(name, known)}" for name in values if name not in known]
    for name, words in layout.choices.items():
        if _there(values.get(name)) and str(values[name]) not in words:
            found.append(f"{name} cannot be {values[name]!r:.40}{did_you_mean(str(values[name]), words)}")
    for name, limit in layout.limits.items():
        if _there(values.get(name)) and any(len(text) > limit for text in _texts(values[name])):
            found.append(f"{name} is longer than {limit} characters")
    return found


def compose(layout: Layout, values: Mapping[str, object], say: Say) -> Paper:
    """Compose one paper; ValueError names every missing, unknown or impossible value.

    `values`: a text, a number, a list of texts, or True/False by name. None, "", False and empty lists count as absent.
    """
    wrong = problems(layout, values)
    if wrong:
        raise ValueError("; ".join(wrong))
    lines: list[Line] = []
    for entry in layout.entries:
        if all(guard.holds(values) for guard in entry.guards):
            for here in _rounds(entry, values):
                lines.extend(_line(entry, here, say))
    return Paper(layout.kind, tuple(lines))


def _rounds(entry: Entry, values: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    if not entry.each:
        yield values
    elif _there(values.get(entry.each)):
        for n, item in enumerate(_texts(values[entry.each]), 1):
            yield {**values, "item": item, "n": n}


def _line(entry: Entry, values: Mapping[str, object], say: Say) -> Iterator[Line]:
    match entry.shape:
        case "rule":
            yield Rule()
        case "ruler":
            yield Ruler()
        case "gap":
            yield Gap(entry.mm)
        case "facts":
            facts = [fact for part in entry.parts if (fact := _fact(part, values, say))]
            if facts:
                yield Facts(tuple(facts))
        case shape:
            parts = [fill(part, values, say) for part in entry.parts]
            texts = [part for part in parts if part is not None]
            if len(texts) == len(parts):
                yield _made(shape, texts, entry)


def _made(
    shape: Literal["head", "text", "number", "labelled", "ends", "qr"], texts: Sequence[str], entry: Entry
) -> Line:
    match shape:
        case "head":
            return Head(texts[0])
        case "text":
            return Text(texts[0], entry.size, entry.bold, entry.align)
        case "number":
            return Number(texts[0])
        case "labelled":
            return Labelled(texts[0], texts[1])
        case "ends":
            return Ends(texts[0], texts[1], entry.size)
        case "qr":
            return Qr(texts[0], texts[1] if len(texts) > 1 else "")


def _fact(part: str, values: Mapping[str, object], say: Say) -> Fact | None:
    """A fact's text has its bold part between asterisks; they are found before any value is filled in."""
    template = _template(part, values, say)
    pieces = (template.split("*") if template is not None else []) + ["", "", ""]
    before, value, after = (_filled(piece, values, say) for piece in pieces[:3])
    if template is None or before is None or value is None or after is None:
        return None
    return Fact(before, value, after)


def fill(part: str, values: Mapping[str, object], say: Say) -> str | None:
    """Fill a key's text, or a template of holes alone; None if a value of it is absent."""
    template = _template(part, values, say)
    return None if template is None else _filled(template, values, say)


def _template(part: str, values: Mapping[str, object], say: Say) -> str | None:
    if not KEY.fullmatch(part):
        return part
    key = _filled(part, values, say)
    return None if key is None else say(key)


def _filled(template: str, values: Mapping[str, object], say: Say) -> str | None:
    if not all(_there(values.get(name)) for name in HOLE.findall(template)):
        return None
    return clean(HOLE.sub(lambda hole: _joined(values[hole[1]], say), template))


def _joined(value: object, say: Say) -> str:
    texts = _texts(value)
    return texts[0] if len(texts) == 1 else say(JOIN).join(texts)


def _texts(value: object) -> tuple[str, ...]:
    return tuple(str(item) for item in value) if isinstance(value, list | tuple) else (str(value),)


def _there(value: object) -> bool:
    """Zero is a value: nobody ahead is worth printing."""
    return value is not None and value is not False and value not in ("", [], ())


def clean(text: str) -> str:
    """Replace what no paper may carry: control characters, which a printer would take for orders."""
    return "".join(" " if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") else char for char in text)
