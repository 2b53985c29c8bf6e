"""Decides what a person may do on a day: every rule of the service is asked, and every reason is given at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from kiosk.domain.catalogue import Catalogue
from kiosk.domain.errors import Refusal
from kiosk.domain.rules.book import DECISIONS, Decision, Level, RuleBook
from kiosk.domain.rules.case import Case, Finding
from kiosk.domain.rules.checks import CHECKS
from kiosk.domain.rules.facts import Facts
from kiosk.domain.table import did_you_mean


@dataclass(frozen=True)
class Reason:
    """One reason, with its words in every language and the text of law it rests on; `fact` is the one in question.

    `ticket` is false where the counter here cannot help either.
    """

    code: str
    level: Level
    words: Mapping[str, str]
    source: str
    fact: str = ""
    ticket: bool = True

    def as_json(self) -> dict[str, str]:
        """The five fields of a reason in `kiosk eligible`, and `fact` where one is missing or unclear."""
        fields = {
            "code": self.code,
            "level": self.level,
            "text_zh": self.words["zh"],
            "text_en": self.words["en"],
            "source": self.source,
        }
        return fields | {"fact": self.fact} if self.fact else fields


@dataclass(frozen=True)
class Verdict:
    """The worst level of all reasons, the reasons with the worst first, and the day it opens for one who is early."""

    decision: Decision
    reasons: tuple[Reason, ...]
    opens_on: date | None

    def as_json(self) -> dict[str, object]:
        """The three fields of `kiosk eligible`."""
        return {
            "decision": self.decision,
            "reasons": [reason.as_json() for reason in self.reasons],
            "opens_on": self.opens_on.isoformat() if self.opens_on else None,
        }


def eligible(
    catalogue: Catalogue, code: str, on: date, facts: Facts, city: str = "", *, own_city_only: bool = False
) -> Verdict:
    """Decide whether a service is open to somebody of whom `facts` are known, on a day (Asia/Shanghai).

    `city` is the first four digits of the branch's region, e.g. "4212"; with `own_city_only` it takes only documents
    that were issued there. Raises Refusal for a code that is no service.
    """
    service = catalogue.services.get(code)
    if service is None:
        raise Refusal(f"there is no service {code!r:.20}{did_you_mean(code, catalogue.services)}")
    book = catalogue.rules
    case = Case(book, service, on, facts, city, own_city_only)
    if not service.enabled:
        case.findings.append(Finding("service-off", service.law))
    applicant = facts.text("applicant")
    if applicant is not None and applicant not in service.applicants:
        case.findings.append(Finding("applicant-not-taken", service.law))
    for name in service.rules:
        rule = book.in_force(name, on)
        if rule is None:
            versions = book.rules[name]
            case.findings.append(Finding("rule-unseen", versions[-1].source))
        else:
            before = len(case.findings)
            CHECKS[rule.check].run(case, rule)
            if not rule.complete and len(case.findings) == before:
                case.find(rule, "rule-unseen")
    return _verdict(book, case)


def _verdict(book: RuleBook, case: Case) -> Verdict:
    if not case.findings:
        return Verdict("ok", (), case.opens_on)
    found = {(finding.code, finding.names, finding.source): finding for finding in case.findings}
    reasons = [_reason(book, finding) for finding in found.values()]
    reasons.sort(key=lambda reason: -DECISIONS.index(reason.level))
    return Verdict(reasons[0].level, tuple(reasons), case.opens_on)


def _reason(book: RuleBook, finding: Finding) -> Reason:
    answer = book.answers[finding.code]
    words = {}
    for language, text in answer.words.items():
        filled = text
        for name, value in _values(book, finding, language).items():
            filled = filled.replace("{" + name + "}", value)
        words[language] = filled
    fact = finding.names if finding.names in book.facts else ""
    return Reason(finding.code, answer.level, words, finding.source, fact, answer.ticket)


def _values(book: RuleBook, finding: Finding, language: str) -> Mapping[str, str]:
    """Give what fills the words: facts and status letters by their names for people."""
    if not finding.names:
        return finding.values
    if finding.names in book.facts:
        return {"fact": book.facts[finding.names].words[language]}
    known = book.letters.get(finding.names, {})
    names = [known[letter][language] if letter in known else letter for letter in finding.values["letters"]]
    return {"states": ("、" if language == "zh" else ", ").join(names)}
