"""One case before the rules: a service, a day, what is known - and what the checks have found so far."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from kiosk.domain.catalogue import Service
from kiosk.domain.rules.book import Rule, RuleBook
from kiosk.domain.rules.facts import Facts


@dataclass(frozen=True)
class Finding:
    """One reason before it has words: its code, what fills them, and the text it rests on."""

    code: str
    source: str
    values: Mapping[str, str] = field(default_factory=dict)
    names: str = ""


@dataclass
class Case:
    """What a check is given. It asks for facts with `need_*`, which notes those that are missing, and calls `find`.

    `city` is the first four digits of the region of this branch, for rules about documents issued elsewhere.
    """

    book: RuleBook
    service: Service
    on: date
    facts: Facts
    city: str = ""
    own_city_only: bool = False
    findings: list[Finding] = field(default_factory=list)
    opens_on: date | None = None

    def find(self, rule: Rule, code: str, **values: str) -> None:
        """Note a reason."""
        self.findings.append(Finding(code, rule.source, values))

    def miss(self, rule: Rule, fact: str) -> None:
        """Note that a needed fact is missing; once is enough."""
        if not any(found.code == "fact-missing" and found.names == fact for found in self.findings):
            self.findings.append(Finding("fact-missing", rule.source, {}, fact))

    def unclear(self, rule: Rule, fact: str) -> None:
        """Note that a fact has a value that no rule knows."""
        self.findings.append(Finding("fact-unclear", rule.source, {}, fact))

    def opens(self, day: date) -> None:
        """Note the first day on which the service is open to this person; of several, the last counts."""
        self.opens_on = day if self.opens_on is None else max(self.opens_on, day)

    def need_day(self, rule: Rule, name: str) -> date | None:
        """Give a date that the rule cannot do without."""
        found = self.facts.day(name)
        if found is None:
            self.miss(rule, name)
        return found

    def need_number(self, rule: Rule, name: str) -> int | None:
        """Give a whole number that the rule cannot do without."""
        found = self.facts.number(name)
        if found is None:
            self.miss(rule, name)
        return found

    def need_text(self, rule: Rule, name: str) -> str | None:
        """Give a word that the rule cannot do without."""
        found = self.facts.text(name)
        if found is None:
            self.miss(rule, name)
        return found

    def need_choice(self, rule: Rule, name: str) -> str | None:
        """Give a word of a closed set; one that is not in it is noted as unclear."""
        found = self.need_text(rule, name)
        if found is not None and found.startswith("?"):
            self.unclear(rule, name)
            return None
        return found

    def need_classes(self, rule: Rule, name: str) -> tuple[str, ...] | None:
        """Give licence classes that the rule cannot do without."""
        found = self.facts.classes(name)
        if found is None:
            self.miss(rule, name)
        return found
