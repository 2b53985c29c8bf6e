"""Reads a TOML table value by value, collecting every mistake with its line instead of stopping at the first."""

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar, cast

from kiosk.domain.toml_lines import Path, line_of

T = TypeVar("T")
LANGUAGES = ("zh", "en")


@dataclass(frozen=True, order=True)
class Mistake:
    """One mistake of a file: where it stands and one sentence that says how to mend it."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Give `; did you mean 'x'?` for the known word that is nearest, or the list of them where none is near."""
    choices = list(known)
    near = difflib.get_close_matches(word, choices, 1)
    if near:
        return f"; did you mean {near[0]!r}?"
    return f"; known are {', '.join(choices)}" if choices else ""


class Table:
    """One table of a file. Each getter marks its key as known; `close` names the keys that nobody asked for."""

    def __init__(
        self, data: Mapping[str, object], path: Path, file: str, lines: Mapping[Path, int], found: list[Mistake]
    ) -> None:
        self._data = data
        self._path = path
        self._file = file
        self._lines = lines
        self._found = found
        self._asked: list[str] = []

    def mistake(self, message: str, *path: str | int) -> None:
        """Note a mistake of this table, or of something in it."""
        self._found.append(Mistake(self._file, line_of(self._lines, (*self._path, *path)), message))

    def has(self, key: str) -> bool:
        """Say whether a key is there, without marking it as known."""
        return key in self._data

    def names(self) -> tuple[str, ...]:
        """The keys of the table, in the order of the file."""
        return tuple(self._data)

    def allow(self, keys: Iterable[str]) -> None:
        """Mark keys as known although nobody asked for them."""
        self._asked.extend(keys)

    def raw(self, key: str) -> object:
        """Give a value as TOML has it, None where the key is missing; marks the key as known."""
        self._asked.append(key)
        return self._data.get(key)

    def _typed(self, key: str, accept: Callable[[Any], bool], what: str, fallback: T, required: bool) -> T:
        value = self.raw(key)
        if value is None:
            if required:
                self.mistake(f"{key} is missing; it is {what}")
            return fallback
        if not accept(value):
            self.mistake(f"{key} must be {what}, not {value!r:.40}", key)
            return fallback
        return cast(T, value)

    def text(self, key: str, fallback: str = "", required: bool = False) -> str:
        """Give a text; a required one is not empty."""
        value = self._typed(key, lambda v: isinstance(v, str), "a text", fallback, required)
        if required and isinstance(self._data.get(key), str) and not value.strip():
            self.mistake(f"{key} is empty", key)
        return value

    def flag(self, key: str, fallback: bool) -> bool:
        """Give true or false."""
        return self._typed(key, lambda v: isinstance(v, bool), "true or false", fallback, False)

    def number(self, key: str, fallback: int, low: int = 0, high: int = 10**9) -> int:
        """Give a whole number between `low` and `high`, inclusive."""
        return self._typed(
            key, lambda v: type(v) is int and low <= v <= high, f"a whole number from {low} to {high}", fallback, False
        )

    def numbers(self, key: str) -> tuple[int, ...]:
        """Give a list of whole numbers."""
        return tuple(self._typed(key, lambda v: _all(v, int), "a list of whole numbers", [], False))

    def day(self, key: str) -> date | None:
        """Give a date (2025-01-01, without quotes), or None where it is not set."""
        return self._typed(key, lambda v: type(v) is date, "a date like 2025-01-01, without quotes", None, False)

    def one_of(self, key: str, choices: tuple[str, ...], fallback: str, required: bool = False) -> str:
        """Give one of a closed set of words."""
        value = self.text(key, fallback, required)
        if self.has(key) and value not in choices and isinstance(self._data[key], str):
            self.mistake(f"{key} cannot be {value!r:.40}{did_you_mean(value, choices)}", key)
            return fallback
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Give a list of texts."""
        return tuple(self._typed(key, lambda v: _all(v, str), "a list of texts", [], False))

    def _list(self, key: str, what: str) -> list[object]:
        return self._typed(key, lambda v: isinstance(v, list), what, [], False)

    def words(self, key: str, required: bool = True) -> dict[str, str]:
        """Give a text in every language: a table with `zh` and `en`."""
        value: dict[str, object] | None = self._typed(key, _is_dict, "a text in zh and en", None, required)
        return {"zh": "", "en": ""} if value is None else self._checked(value, (key,))

    def words_list(self, key: str) -> tuple[dict[str, str], ...]:
        """Give a list of texts in every language."""
        found = []
        for index, item in enumerate(self._list(key, "a list of texts in zh and en")):
            if isinstance(item, dict):
                found.append(self._checked(item, (key, index)))
            else:
                self.mistake(f"{key} holds {item!r:.40}; each one is a text in zh and en", key, index)
        return tuple(found)

    def _checked(self, value: dict[str, object], path: Path) -> dict[str, str]:
        name = str(path[0])
        for language in LANGUAGES:
            if not isinstance(value.get(language), str) or not str(value[language]).strip():
                self.mistake(f"{name} has no {language} text", *path, *((language,) if language in value else ()))
        for language in value:
            if language not in LANGUAGES:
                hint = did_you_mean(language, LANGUAGES)
                self.mistake(f"{name}: unknown language {language!r}{hint}", *path, language)
        return {language: str(value.get(language, "")) for language in LANGUAGES}

    def table(self, key: str) -> "Table | None":
        """Give a table inside this one, None where it is missing."""
        value: dict[str, object] | None = self._typed(key, _is_dict, "a table", None, False)
        return None if value is None else self._inside(value, key)

    def tables(self, key: str) -> "Iterator[Table]":
        """Go through an array of tables, `[[key]]`."""
        for index, item in enumerate(self._list(key, f"an array of tables, [[{key}]]")):
            if isinstance(item, dict):
                yield self._inside(item, key, index)
            else:
                self.mistake(f"{key} must be an array of tables, [[{key}]]", key, index)

    def named(self, key: str) -> "Iterator[tuple[str, Table]]":
        """Go through the tables of a table, `[key.name]`, with their names."""
        outer = self.table(key)
        for name in outer.names() if outer else ():
            inner = outer.table(name) if outer else None
            if inner:
                yield name, inner

    def _inside(self, data: dict[str, object], *path: str | int) -> "Table":
        return Table(data, (*self._path, *path), self._file, self._lines, self._found)

    def close(self, what: str) -> None:
        """Name every key that no getter asked for."""
        for key in self._data:
            if key not in self._asked:
                self.mistake(f"unknown {what} {key!r:.40}{did_you_mean(key, self._asked)}", key)


def _is_dict(value: Any) -> bool:
    return isinstance(value, dict)


def _all(value: Any, kind: type) -> bool:
    return isinstance(value, list) and all(type(item) is kind for item in value)
