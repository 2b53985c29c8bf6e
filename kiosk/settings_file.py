"""Reads a TOML text against declared dataclasses and names every mistake at once, each with its line."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import Field, dataclass, field, fields
from typing import Any, TypeVar, cast, get_type_hints

from kiosk.domain.table import Mistake, did_you_mean
from kiosk.domain.toml_lines import Path, line_of, locate

T = TypeVar("T")


class Secret:
    """A word that no log, repr or page shows; `reveal` is the one way to it."""

    __slots__ = ("_word",)

    def __init__(self, word: str = "") -> None:
        self._word = word

    def reveal(self) -> str:
        """The word itself, for the one header it belongs in."""
        return self._word

    def __bool__(self) -> bool:
        return bool(self._word)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._word == other._word

    def __hash__(self) -> int:
        return hash(self._word)

    def __repr__(self) -> str:
        return "Secret(set)" if self._word else "Secret(empty)"

    __str__ = __repr__


@dataclass(frozen=True)
class Rule:
    """What a setting means and which values it takes. Bounds are inclusive; `shape` is for the whole text."""

    meaning: str
    low: float | None = None
    high: float | None = None
    choices: Sequence[str | int] = ()
    shape: str = ""
    example: str = ""


def setting(
    default: T,
    meaning: str,
    *,
    low: float | None = None,
    high: float | None = None,
    choices: Sequence[str | int] = (),
    shape: str = "",
    example: str = "",
) -> T:
    """Declare a setting: a dataclass field whose Rule travels with it."""
    rule = Rule(meaning, low, high, choices, shape, example)
    return field(default=default, metadata={"rule": rule})


def rule_of(declared: "Field[Any]") -> Rule:
    """The Rule of a declared setting."""
    return cast(Rule, declared.metadata["rule"])


def read(text: str, name: str, declared: type[T]) -> tuple[T | None, list[Mistake]]:
    """Read the settings text of the file `name`; a mistake gives no settings, only the list of all."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return None, [_syntax(error, text, name)]
    except RecursionError:
        return None, [Mistake(name, 1, "nested too deeply to be settings")]
    reader = _Reader(name, locate(text))
    types = get_type_hints(declared)
    sections = [section.name for section in fields(cast(Any, declared))]
    values: dict[str, Any] = {}
    for key, content in document.items():
        if key not in sections:
            reader.mistake(f"there is no section [{key}]{did_you_mean(key, sections)}", key)
        elif not isinstance(content, dict):
            reader.mistake(f"{key} is a section: write [{key}] and its settings below", key)
        else:
            values[key] = reader.section(key, content, types[key])
    return (None if reader.found else declared(**values)), sorted(reader.found)


class _Reader:
    """Collects the mistakes of one text, whose keys stand on `lines`."""

    def __init__(self, name: str, lines: Mapping[Path, int]) -> None:
        self._name = name
        self._lines = lines
        self.found: list[Mistake] = []

    def mistake(self, message: str, *path: str) -> None:
        self.found.append(Mistake(self._name, line_of(self._lines, path), message))

    def section(self, section: str, content: Mapping[str, object], declared: type[Any]) -> object:
        known = {one.name: one for one in fields(declared)}
        types = get_type_hints(declared)
        values: dict[str, object] = {}
        for key, value in content.items():
            if key not in known:
                self.mistake(f"there is no setting {section}.{key}{did_you_mean(key, known)}", section, key)
                continue
            try:
                values[key] = _value(value, types[key], rule_of(known[key]))
            except ValueError as error:
                self.mistake(f"{section}.{key} {error}", section, key)
        return declared(**values)


def _value(value: object, kind: Any, rule: Rule) -> object:
    """Check one value against its type and rule; raise ValueError that reads on after the setting's name."""
    if kind == tuple[str, ...]:
        if not isinstance(value, list) or not value:
            raise ValueError(f'takes a list of texts, like ["{rule.example}"]')
        if len(set(map(str, value))) < len(value):
            raise ValueError("names something twice")
        return tuple(_text(item, rule) for item in value)
    if kind is Secret:
        return Secret(_text(value, rule, shown=False))
    if kind is str:
        return _text(value, rule)
    if kind is bool:
        if not isinstance(value, bool):
            raise ValueError(f"takes true or false, not {_shown(value)}")
        return value
    return _number(value, kind, rule)


def _number(value: object, kind: Any, rule: Rule) -> object:
    what = "a whole number" if kind is int else "a number"
    if isinstance(value, bool) or not isinstance(value, int if kind is int else int | float):
        raise ValueError(f"takes {what}{_bounds(rule)}, not {_shown(value)}")
    if rule.choices and value not in rule.choices:
        raise ValueError(f"takes one of {', '.join(map(str, rule.choices))}, not {_shown(value)}")
    within = (rule.low is None or value >= rule.low) and (rule.high is None or value <= rule.high)
    if not within:
        raise ValueError(f"takes {what}{_bounds(rule)}, not {_shown(value)}")
    return kind(value)


def _text(value: object, rule: Rule, shown: bool = True) -> str:
    if not isinstance(value, str):
        raise ValueError(f"takes a text in quotes, not {_shown(value) if shown else 'this'}")
    if rule.choices and value not in rule.choices:
        near = did_you_mean(value, map(str, rule.choices))
        raise ValueError(f"cannot be {_shown(value)}{near}")
    if rule.shape and not re.fullmatch(rule.shape, value):
        raise ValueError(f"takes a text like {rule.example!r}, not {_shown(value)}")
    return value


def _bounds(rule: Rule) -> str:
    if rule.low is None or rule.high is None:
        return ""
    return f" from {rule.low:g} to {rule.high:g}"


def _shown(value: object) -> str:
    text = str(value).lower() if isinstance(value, bool) else repr(value)
    return text if len(text) <= 40 else text[:37] + "..."


def _syntax(error: tomllib.TOMLDecodeError, text: str, name: str) -> Mistake:
    place = re.search(r"at line (\d+), column (\d+)", str(error))
    said = re.sub(r" \(at .*\)$", "", str(error))
    if place is None:
        return Mistake(name, text.count("\n") + 1, f"this is no TOML: {said} (at its end)")
    return Mistake(name, int(place[1]), f"this is no TOML: {said} (column {place[2]})")
