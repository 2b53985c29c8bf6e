"""The rule book: versions of rules with the days on which they are in force, and the words of their answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, cast, get_args

Level = Literal["warn", "refer", "block"]
LEVELS: tuple[Level, ...] = get_args(Level)
Decision = Literal["ok", "warn", "refer", "block"]
DECISIONS: tuple[Decision, ...] = get_args(Decision)

FactKind = Literal["date", "date-or-long-term", "number", "flag", "letters", "classes", "choice", "digits"]


@dataclass(frozen=True)
class Rule:
    """One version of a rule. `effective_to` is its last day, None while it is in force; both ends count.

    `complete` is false where the text of the law was not seen in full: then the answer is never better than `refer`.
    """

    id: str
    check: str
    source: str
    effective_from: date | None = None
    effective_to: date | None = None
    complete: bool = True
    values: Mapping[str, object] = field(default_factory=dict)

    def on(self, day: date) -> bool:
        """Say whether this version is in force on a day."""
        return (self.effective_from is None or self.effective_from <= day) and (
            self.effective_to is None or day <= self.effective_to
        )

    def number(self, name: str) -> int:
        """Give a whole number; the loader has checked that it is one."""
        return cast(int, self.values[name])

    def numbers(self, name: str) -> tuple[int, ...]:
        """Give a list of whole numbers."""
        return cast(tuple[int, ...], self.values[name])

    def text(self, name: str) -> str:
        """Give a text."""
        return cast(str, self.values[name])

    def names(self, name: str) -> tuple[str, ...]:
        """Give a list of texts."""
        return cast(tuple[str, ...], self.values[name])

    def flag(self, name: str) -> bool:
        """Give true or false."""
        return cast(bool, self.values[name])


@dataclass(frozen=True)
class Answer:
    """A reason's level and its words; `{name}` in them is filled with what the check found.

    `ticket` is false where a ticket for the counter is of no use: somewhere else is the place to go.
    """

    level: Level
    words: Mapping[str, str]
    ticket: bool = True


@dataclass(frozen=True)
class FactSpec:
    """One fact: its type, its name for people, and for a choice each value with its other spellings."""

    name: str
    kind: FactKind
    words: Mapping[str, str]
    spellings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class RuleBook:
    """All rules, answers and facts of a catalogue, and what the letters of a status mean."""

    rules: Mapping[str, tuple[Rule, ...]] = field(default_factory=dict)
    answers: Mapping[str, Answer] = field(default_factory=dict)
    facts: Mapping[str, FactSpec] = field(default_factory=dict)
    letters: Mapping[str, Mapping[str, Mapping[str, str]]] = field(default_factory=dict)

    def in_force(self, rule: str, day: date) -> Rule | None:
        """Give the version of a rule that is in force on a day, None where none is known."""
        for version in self.rules[rule]:
            if version.on(day):
                return version
        return None
