"""Where each key of a TOML text stands, so that a mistake can be named with its line (tomllib tells values only)."""

import re
from collections.abc import Iterator, Mapping
from functools import cached_property

Path = tuple[str | int, ...]

_KEY = re.compile(r"""\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([A-Za-z0-9_-]+))\s*""")
_SPACE = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_STRING = re.compile(r'"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'', re.DOTALL)
_BARE = re.compile(r"[^,\]}#\n]*")


class _Scanner:
    """Walks a text that tomllib has already accepted; it would misread others, and never raises on them."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.line = 1
        self.counted = 0
        self.lines: dict[Path, int] = {}
        self.counts: dict[Path, int] = {}

    def note(self, path: Path) -> None:
        self.line += self.text.count("\n", self.counted, self.at)
        self.counted = self.at
        self.lines.setdefault(path, self.line)

    def skip(self) -> None:
        found = _SPACE.match(self.text, self.at)
        self.at = found.end() if found else self.at

    def key(self) -> Path:
        parts: list[str] = []
        while found := _KEY.match(self.text, self.at):
            self.at = found.end()
            parts.append(next(part for part in found.groups() if part is not None))
            if not self.text.startswith(".", self.at):
                break
            self.at += 1
        return tuple(parts)

    def header(self) -> Path:
        many = self.text.startswith("[[", self.at)
        start = self.at
        self.at += 2 if many else 1
        path = self.resolve(self.key(), many)
        end, self.at = self.at, start
        for depth in range(1, len(path) + 1):
            self.note(path[:depth])
        self.at = end + (2 if many else 1)
        return path

    def resolve(self, key: Path, many: bool) -> Path:
        """Give a header's path with the index of each array of tables that it goes through."""
        path: Path = ()
        for position, part in enumerate(key):
            path += (part,)
            if many and position == len(key) - 1:
                self.counts[path] = self.counts.get(path, -1) + 1
            if path in self.counts:
                path += (self.counts[path],)
        return path

    def value(self, path: Path) -> None:
        opening = self.text[self.at : self.at + 1]
        if opening == "[":
            self.items(path, "]", keyed=False)
        elif opening == "{":
            self.items(path, "}", keyed=True)
        elif found := _STRING.match(self.text, self.at) or _BARE.match(self.text, self.at):
            self.at = found.end()

    def items(self, path: Path, closing: str, keyed: bool) -> None:
        self.at += 1
        index = 0
        while self.at < len(self.text):
            self.skip()
            if self.text.startswith(closing, self.at):
                self.at += 1
                return
            before = self.at
            if keyed:
                self.pair(path)
            else:
                self.note((*path, index))
                self.value((*path, index))
                index += 1
            self.skip()
            if self.text.startswith(",", self.at):
                self.at += 1
            if self.at == before:
                return

    def pair(self, base: Path) -> None:
        start = self.at
        path = base + self.key()
        end, self.at = self.at, start
        for depth in range(len(base) + 1, len(path) + 1):
            self.note(path[:depth])
        self.at = end + 1
        self.skip()
        self.value(path)

    def run(self) -> dict[Path, int]:
        base: Path = ()
        while self.at < len(self.text):
            self.skip()
            before = self.at
            if self.text.startswith("[", self.at):
                base = self.header()
            elif self.at < len(self.text):
                self.pair(base)
            if self.at <= before:
                break
        return self.lines


class _Lines(Mapping[Path, int]):
    """Walks the text only when a line is asked for: a file without a mistake costs nothing."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def _found(self) -> dict[Path, int]:
        return _Scanner(self._text).run()

    def __getitem__(self, path: Path) -> int:
        return self._found[path]

    def __iter__(self) -> Iterator[Path]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)


def locate(text: str) -> Mapping[Path, int]:
    """Give the line (from 1) of every table, key and array item, by its path, e.g. `("service", 3, "name", "zh")`."""
    return _Lines(text)


def line_of(lines: Mapping[Path, int], path: Path) -> int:
    """Give the line of a path, or of the nearest thing around it that has one."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)
