"""Facts about a person, a licence or a vehicle: reading them from plain fields, and asking for them in a check."""

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import cast

from kiosk.domain.errors import Refusal
from kiosk.domain.rules.book import FactKind, FactSpec

LONG_TERM = date.max
"""The end of a licence that does not expire (长期)."""

FactValue = date | int | bool | str | tuple[str, ...]
CLASSES = ("A1", "A2", "A3", "B1", "B2", "C1", "C2", "C3", "C4", "C5", "C6", "D", "E", "F", "M", "N", "P")
"""Classes of driving licences; they may stand one behind the other, like A1A2D."""


@dataclass(frozen=True)
class Facts:
    """What is known. A fact that is not there is not known; nothing is ever assumed for it."""

    values: Mapping[str, FactValue]
    ignored: tuple[str, ...] = ()

    def has(self, name: str) -> bool:
        """Say whether a fact is known."""
        return name in self.values

    def day(self, name: str) -> date | None:
        """Give a date, None where it is not known."""
        return cast(date | None, self.values.get(name))

    def number(self, name: str) -> int | None:
        """Give a whole number, None where it is not known."""
        return cast(int | None, self.values.get(name))

    def flag(self, name: str) -> bool | None:
        """Give yes or no, None where it is not known."""
        return cast(bool | None, self.values.get(name))

    def text(self, name: str) -> str | None:
        """Give a word or a string of letters, None where it is not known."""
        return cast(str | None, self.values.get(name))

    def classes(self, name: str) -> tuple[str, ...] | None:
        """Give licence classes, None where they are not known."""
        return cast(tuple[str, ...] | None, self.values.get(name))


def read_facts(raw: object, specs: Mapping[str, FactSpec]) -> Facts:
    """Read facts from a JSON object; empty values count as not known, names that nobody knows are set aside.

    Raises Refusal, one line that names every value that cannot be read.
    """
    if not isinstance(raw, dict):
        raise Refusal('facts are one JSON object, like {"licence_expires_on": "2027-01-31"}')
    values: dict[str, FactValue] = {}
    ignored: list[str] = []
    wrong: list[str] = []
    for name, value in raw.items():
        spec = specs.get(name)
        if spec is None:
            near = difflib.get_close_matches(str(name), specs, 1)
            hint = f"did you mean {near[0]!r}?" if near else "docs/facts.md lists them"
            ignored.append(f"{str(name)[:40]!r} is no fact; {hint}")
            continue
        if value is None or value == "":
            continue
        read, what = _READERS[spec.kind]
        found = read(value, spec)
        if found is None:
            wrong.append(f"{name} must be {what}")
        else:
            values[name] = found
    if wrong:
        raise Refusal(f"facts that cannot be read: {'; '.join(wrong)}")
    return Facts(values, tuple(ignored))


def _date(value: object, _spec: FactSpec) -> date | None:
    if not isinstance(value, str) or len(value) != 10:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _date_or_long_term(value: object, spec: FactSpec) -> date | None:
    if isinstance(value, str) and value.lower() in {"long-term", "长期"}:
        return LONG_TERM
    return _date(value, spec)


def _number(value: object, _spec: FactSpec) -> int | None:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 6:
        value = int(value)
    return value if type(value) is int and 0 <= value <= 999_999 else None


def _flag(value: object, _spec: FactSpec) -> bool | None:
    return value if isinstance(value, bool) else None


def _letters(value: object, _spec: FactSpec) -> str | None:
    if not isinstance(value, str) or not value.isascii() or not value.isalpha() or len(value) > 26:
        return None
    return "".join(sorted(set(value.upper())))


def _classes(value: object, _spec: FactSpec) -> tuple[str, ...] | None:
    """Read `A1A2D`, greedily from the left."""
    text = value.upper().replace(" ", "").replace(",", "") if isinstance(value, str) else ""
    found: list[str] = []
    while text:
        name = next((name for name in CLASSES if text.startswith(name)), "")
        if not name or len(found) >= len(CLASSES):
            return None
        found.append(name)
        text = text[len(name) :]
    return tuple(found) or None


def _choice(value: object, spec: FactSpec) -> str | None:
    """Read a word by any of its spellings; an unknown one stays as it is, for the check to say that it is not clear."""
    if not isinstance(value, str) or len(value) > 60:
        return None
    word = "-".join(value.lower().replace("_", " ").replace("-", " ").split())
    return spec.spellings.get(word, f"?{word}")


def _digits(value: object, _spec: FactSpec) -> str | None:
    return value if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 20 else None


_READERS: Mapping[FactKind, tuple[Callable[[object, FactSpec], FactValue | None], str]] = {
    "date": (_date, "a date like 2027-01-31"),
    "date-or-long-term": (_date_or_long_term, "a date like 2027-01-31, or long-term"),
    "number": (_number, "a whole number"),
    "flag": (_flag, "true or false"),
    "letters": (_letters, "a string of letters, like A or GI"),
    "classes": (_classes, "licence classes, like C1 or A1A2D"),
    "choice": (_choice, "one of its words, in quotes"),
    "digits": (_digits, "digits in quotes"),
}
