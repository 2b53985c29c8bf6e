"""Reads the service catalogue from its TOML texts, naming every mistake with file and line."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace

from kiosk.domain import catalogue_tables as read
from kiosk.domain import information_tables, rules_tables
from kiosk.domain.catalogue import Catalogue, Category, Consent, Field, Service, Words
from kiosk.domain.errors import Refusal
from kiosk.domain.information import Topic
from kiosk.domain.rules import asking
from kiosk.domain.rules.book import Answer, FactSpec, Rule, RuleBook
from kiosk.domain.rules.checks import CODES
from kiosk.domain.table import Mistake, Table, did_you_mean
from kiosk.domain.toml_lines import locate

PARTS = ("category", "service", "consent", "notice", "problem", "rule", "reason", "fact", "letters", "information")
_LOOKS = re.compile(rf"^[ \t]*\[{{1,2}}[ \t]*(?:{'|'.join(PARTS)})\b|^[ \t]*overlay[ \t]*=", re.MULTILINE)
_AT_LINE = re.compile(r"\(at line (\d+),")


class CatalogueError(Refusal):
    """A catalogue that cannot be used; its text is every mistake, one a line."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(sorted(set(mistakes)))
        super().__init__("\n".join(str(mistake) for mistake in self.mistakes))


class _Draft:
    """What the files have given so far; references between them are checked when all are read."""

    def __init__(self) -> None:
        self.found: list[Mistake] = []
        self.version = ""
        self.categories: list[Category] = []
        self.services: dict[str, Service] = {}
        self.consents: dict[str, Consent] = {}
        self.notices: dict[str, Words] = {}
        self.problems: dict[str, Words] = {}
        self.wanted: list[tuple[Table, str, tuple[str, ...], str]] = []
        self.overlays: list[tuple[str, Table]] = []
        self.switches: list[tuple[str, Table]] = []
        self.topics: dict[str, Topic] = {}
        self.questions: dict[str, tuple[Table, Field]] = {}
        self.rules: dict[str, list[tuple[Table, Rule]]] = {}
        self.answers: dict[str, Answer] = {}
        self.facts: dict[str, FactSpec] = {}
        self.letters: dict[str, dict[str, dict[str, str]]] = {}

    def open(self, name: str, text: str) -> Table | None:
        try:
            data = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            at = _AT_LINE.search(str(error))
            line = int(at[1]) if at else text.count("\n") + 1
            self.found.append(Mistake(name, line, f"this is no TOML: {str(error).split(' (at')[0]}"))
            return None
        except RecursionError:
            self.found.append(Mistake(name, 1, "nested too deeply to be a catalogue"))
            return None
        return Table(data, (), name, locate(text), self.found)

    def take(self, name: str, text: str) -> None:
        top = self.open(name, text)
        if top is None:
            return
        if top.has("overlay"):
            top.text("overlay", required=True)
            self.overlays.extend(top.named("service"))
            self.switches.extend(top.named("information"))
            top.close("part of an overlay")
            return
        self.version = top.text("version") or self.version
        for table in top.tables("category"):
            self.category(table)
        for table in top.tables("service"):
            self.service(table)
        for consent, table in top.named("consent"):
            self.consents[consent] = read.consent(consent, table)
        for notice, table in top.named("notice"):
            self.notices[notice] = read.notice(table)
        for kind, table in top.named("problem"):
            for code in table.names():
                self.problems[f"{kind}.{code}"] = table.words(code)
        for table in top.tables("rule"):
            version = rules_tables.rule(table)
            self.rules.setdefault(version.id, []).append((table, version))
        self.answers |= {code: rules_tables.answer(code, table) for code, table in top.named("reason")}
        for fact, table in top.named("fact"):
            self.fact(fact, table)
        for table in top.tables("information"):
            self.topic(table)
        self.letters |= {of: rules_tables.letters(table) for of, table in top.named("letters")}
        top.close("part of a catalogue")

    def category(self, table: Table) -> None:
        category = read.category(table)
        if any(other.letter == category.letter for other in self.categories):
            table.mistake(f"category {category.letter} is there twice", "letter")
        self.categories.append(category)

    def service(self, table: Table) -> None:
        service, consents, notice = read.service(table)
        if service.code in self.services:
            table.mistake(f"service {service.code} is there twice", "code")
        self.services.setdefault(service.code, service)
        self.wanted.append((table, service.code, consents, notice))

    def fact(self, name: str, table: Table) -> None:
        spec = self.facts[name] = rules_tables.fact(name, table)
        asked = table.table("ask")
        if asked is None:
            return
        found = read.question(name, spec.words, asked)
        self.questions[name] = asked, found
        for choice in found.choices:
            if not asking.readable(spec, choice.value):
                asked.mistake(f"choice {choice.value!r:.40} is no value of the fact {name}", "choice")

    def topic(self, table: Table) -> None:
        found = information_tables.topic(table)
        if found.id in self.topics:
            table.mistake(f"information page {found.id} is there twice", "id")
        self.topics.setdefault(found.id, found)

    def refer(self) -> None:
        """Put consents and notices into the services that name them, and check their categories."""
        letters = [category.letter for category in self.categories]
        for table, code, consents, notice in self.wanted:
            service = self.services[code]
            if service.category not in letters:
                hint = did_you_mean(service.category, letters)
                table.mistake(f"there is no category {service.category!r}{hint}", "category")
            for index, name in enumerate(consents):
                if name not in self.consents:
                    table.mistake(f"there is no consent {name!r}{did_you_mean(name, self.consents)}", "consents", index)
            if notice and notice not in self.notices:
                table.mistake(f"there is no notice {notice!r}{did_you_mean(notice, self.notices)}", "notice")
            boxes = tuple(self.consents[name] for name in consents if name in self.consents)
            self.services[code] = replace(service, consents=boxes, notice=self.notices.get(notice, {}))

    def overlaps(self) -> None:
        for versions in self.rules.values():
            rules_tables.overlapping(versions)

    def refer_rules(self) -> None:
        """Check what the rules name, and that every reason that they may give has its words."""
        for versions in self.rules.values():
            for table, version in versions:
                rules_tables.references(table, version, self.rules, self.facts, self.letters)
        for table, code, _, _ in self.wanted:
            for index, name in enumerate(self.services[code].rules):
                if name not in self.rules:
                    table.mistake(f"there is no rule {name!r}{did_you_mean(name, self.rules)}", "rules", index)
            self.refer_questions(table, self.services[code].asks)
        if self.rules:
            table = next(iter(self.rules.values()))[0][0]
            for code in sorted(CODES - self.answers.keys()):
                table.mistake(f"no [reason.{code}] says what it means", "id")

    def refer_questions(self, table: Table, asks: tuple[str, ...]) -> None:
        for index, name in enumerate(asks):
            if name not in self.questions:
                hint = did_you_mean(name, self.questions)
                table.mistake(f"there is no [fact.{name}.ask], so it cannot be asked{hint}", "asks", index)
                continue
            for other in self.questions[name][1].when:
                if other not in asks[:index]:
                    table.mistake(f"{name} hangs on {other!r:.40}, which is not asked before it", "asks", index)

    def book(self) -> RuleBook:
        rules = {name: tuple(version for _, version in versions) for name, versions in self.rules.items()}
        return RuleBook(rules, self.answers, self.facts, self.letters)

    def overlay(self) -> None:
        """Let the branch switch, rename, re-price and reorder."""
        for code, table in self.overlays:
            service = self.services.get(code)
            if service is None:
                table.mistake(f"there is no service {code!r}{did_you_mean(code, self.services)}")
                continue
            changed = read.changed(service, table, self.consents, self.notices)
            read.direct_is_possible(changed, table)
            if changed.mode != "ticket" and not changed.consents:
                table.mistake("the service has no consents, so it cannot be a direct request", "mode")
            if changed.mode != "ticket" and not changed.notice:
                table.mistake("the service has no notice on personal data, so it cannot be a direct request", "mode")
            self.services[code] = changed
        for name, table in self.switches:
            topic = self.topics.get(name)
            if topic is None:
                table.mistake(f"there is no information page {name!r}{did_you_mean(name, self.topics)}")
                continue
            self.topics[name] = information_tables.changed(topic, table)


def read_catalogue(files: Mapping[str, str]) -> Catalogue:
    """Make the catalogue from its files, name -> text; raise CatalogueError with every mistake of all of them.

    A file holds any of `[[category]]`, `[[service]]`, `[consent.ID]`, `[notice.ID]`, `[problem.KIND]`,
    `[[information]]`, of the rules' tables, and `version`; one with `overlay = "branch"` is a branch's overlay and
    holds `[service.CODE]` and `[information.ID]` tables.
    """
    draft = _Draft()
    for name in sorted(files):
        draft.take(name, files[name])
    draft.overlaps()
    draft.refer()
    draft.refer_rules()
    draft.overlay()
    if not draft.found and not draft.categories:
        draft.found.append(Mistake(min(files, default="catalogue"), 1, "there is no [[category]] in the catalogue"))
    if draft.found:
        raise CatalogueError(draft.found)
    questions = {name: question for name, (_, question) in draft.questions.items()}
    return Catalogue(
        draft.version, tuple(draft.categories), draft.services, draft.problems, draft.book(), questions,
        tuple(draft.topics.values()),
    )  # fmt: skip


def check_catalogue(text: str, name: str, beside: Mapping[str, str] | None = None) -> list[Mistake]:
    """Name every mistake of one catalogue file, sorted by line.

    With `beside`, the other files of its folder, references are checked too; without, only what the file itself says.
    """
    draft = _Draft()
    for other in sorted(beside or {}):
        if other != name and beside:
            draft.take(other, beside[other])
    draft.take(name, text)
    draft.overlaps()
    if beside or draft.categories:
        draft.refer()
        draft.overlay()
    if beside or (draft.categories and draft.rules):
        draft.refer_rules()
    return sorted({mistake for mistake in draft.found if mistake.file == name})


def looks_like_catalogue(text: str) -> bool:
    """Say whether a TOML text, broken or not, is meant to be a catalogue file or a branch's overlay of it."""
    return bool(_LOOKS.search(text))


__all__ = ["CatalogueError", "Mistake", "check_catalogue", "looks_like_catalogue", "read_catalogue"]
