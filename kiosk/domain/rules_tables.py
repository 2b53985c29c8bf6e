"""Readers of the rule tables in a catalogue file: rule, reason, fact and status letters."""

from collections.abc import Iterable, Mapping
from typing import Any, cast, get_args

from kiosk.domain.rules.book import LEVELS, Answer, FactKind, FactSpec, Level, Rule
from kiosk.domain.rules.checks import CHECKS, CODES, Check
from kiosk.domain.rules.facts import CLASSES
from kiosk.domain.table import Table, did_you_mean


def rule(table: Table) -> Rule:
    """Read `[[rule]]`: one version of a rule and the values of its check."""
    name = table.text("id", required=True)
    check = table.one_of("check", tuple(CHECKS), "", required=True)
    begins, ends = table.day("effective_from"), table.day("effective_to")
    if begins and ends and ends < begins:
        table.mistake(f"effective_to {ends} is before effective_from {begins}", "effective_to")
    found = Rule(
        name,
        check,
        table.text("source", required=True),
        begins,
        ends,
        table.flag("complete", True),
        _values(table, CHECKS[check]) if check else {},
    )
    if check:
        table.close("value of a rule")
    return found


def overlapping(versions: Iterable[tuple[Table, Rule]]) -> None:
    """Note every pair of versions of one rule that are in force on the same day, at the one that stands later."""
    seen: list[Rule] = []
    for table, version in versions:
        if (table.has("effective_from"), table.has("effective_to")) != (
            version.effective_from is not None,
            version.effective_to is not None,
        ):
            continue  # a day that cannot be read is a mistake of its own
        for other in seen:
            begins = [day for day in (version.effective_from, other.effective_from) if day is not None]
            ends = [day for day in (version.effective_to, other.effective_to) if day is not None]
            if not begins or not ends or max(begins) <= min(ends):
                table.mistake(
                    f"the dates of rule {version.id!r} overlap: {_span(version)} and {_span(other)}; "
                    "end one on the day before the other begins",
                    "effective_from",
                )
        seen.append(version)


def answer(code: str, table: Table) -> Answer:
    """Read `[reason.CODE]`."""
    if code not in CODES:
        table.mistake(f"no check gives the reason {code!r:.40}{did_you_mean(code, CODES)}")
    level = cast(Level, table.one_of("level", LEVELS, "refer", required=True))
    found = Answer(level, table.words("text"), table.flag("ticket", True))
    table.close("field of a reason")
    return found


def fact(name: str, table: Table) -> FactSpec:
    """Read `[fact.NAME]`."""
    kind = cast(FactKind, table.one_of("kind", get_args(FactKind), "digits", required=True))
    words = table.words("name")
    spellings: dict[str, str] = {}
    inner = table.table("values")
    for value in inner.names() if inner else ():
        spellings[value] = value
        spellings.update({word.lower().replace(" ", "-"): value for word in inner.texts(value)} if inner else {})
    if (kind == "choice") != bool(spellings):
        table.mistake("a fact of kind 'choice' has values, each with its other spellings, and only that one", "kind")
    table.allow(("ask",))
    table.close("field of a fact")
    return FactSpec(name, kind, words, spellings)


def letters(table: Table) -> dict[str, dict[str, str]]:
    """Read `[letters.OF]`: what each letter of a status means."""
    found = {}
    for letter in table.names():
        if not (len(letter) == 1 and "A" <= letter <= "Z"):
            table.mistake(f"a status letter is one capital letter, not {letter!r:.40}", letter)
        found[letter] = table.words(letter)
    return found


def references(
    table: Table, version: Rule, rules: Iterable[str], facts: Iterable[str], letters_of: Iterable[str]
) -> None:
    """Note the facts, rules and status letters that a rule names and nobody has defined."""
    known: Mapping[str, tuple[str, Iterable[str]]] = {
        "fact": ("fact", facts),
        "rule": ("rule", rules),
        "letters-of": ("[letters] table", letters_of),
    }
    for name, kind in CHECKS[version.check].values.items() if version.check else ():
        if kind in known:
            what, there = known[kind]
            value = version.text(name)
            if value and value not in there:
                table.mistake(f"there is no {what} {value!r:.40}{did_you_mean(value, there)}", name)


def _values(table: Table, check: Check) -> dict[str, object]:
    return {name: _value(table, name, kind) for name, kind in check.values.items()}


def _value(table: Table, name: str, kind: str) -> object:
    if not table.has(name):
        table.mistake(f"{name} is missing")
    read: Any = {"number": lambda: table.number(name, 0), "numbers": lambda: table.numbers(name)}
    read |= {"flag": lambda: table.flag(name, False), "names": lambda: table.texts(name)}
    if kind in read:
        return read[kind]()
    if kind == "classes":
        found = table.texts(name)
        for index, item in enumerate(found):
            if item not in CLASSES:
                table.mistake(f"{item!r:.40} is no licence class{did_you_mean(item, CLASSES)}", name, index)
        return found
    if kind == "elsewhere":
        return table.one_of(name, ("transfer", "refer", "accept"), "refer")
    text = table.text(name)
    if kind == "letters" and not all("A" <= letter <= "Z" for letter in text):
        table.mistake(f"{name} is a string of capital letters, like AG", name)
    return text


def _span(version: Rule) -> str:
    return f"{version.effective_from or 'ever'} to {version.effective_to or 'today'}"
