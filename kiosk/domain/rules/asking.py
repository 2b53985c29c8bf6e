"""What a citizen at the kiosk is asked before a service, and what her answers decide; a register answers the rest."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from kiosk.domain.catalogue import Catalogue, Field, Service
from kiosk.domain.errors import Refusal
from kiosk.domain.rules.book import DECISIONS, Decision, FactSpec
from kiosk.domain.rules.decide import Verdict, eligible
from kiosk.domain.rules.facts import Facts, read_facts

APPLICANT = "applicant"
BORN_IN_NUMBER = ("resident_id", "hmt_residence_permit")
"""Kinds of number whose characters 7 to 14 are the date of birth."""


@dataclass(frozen=True)
class Opinion:
    """What can be said at the kiosk; the register has the last word."""

    verdict: Verdict

    @property
    def ticket(self) -> bool:
        """Whether a ticket for the counter is of use to somebody who is not let through."""
        return self.verdict.decision != "block" and all(reason.ticket for reason in self.verdict.reasons)


def questions(catalogue: Catalogue, service: Service) -> tuple[Field, ...]:
    """The questions before a service, in order: who applies where there is a choice, then its facts."""
    asked = [catalogue.questions[name] for name in service.asks if name in catalogue.questions]
    who = catalogue.questions.get(APPLICANT)
    if who is not None and len(service.applicants) > 1:
        choices = tuple(choice for choice in who.choices if choice.value in service.applicants)
        asked.insert(0, replace(who, choices=choices))
    return tuple(asked)


def facts(catalogue: Catalogue, answers: Mapping[str, str], kind: str = "", number: str = "") -> Facts:
    """Facts from her answers by the facts' names, and the date of birth from the number she has shown."""
    specs = catalogue.rules.facts
    raw = {name: _raw(specs[name], value) for name, value in answers.items() if name in specs and value}
    if kind in BORN_IN_NUMBER and len(number) == 18 and "birth_date" in specs:
        raw["birth_date"] = _day(number[6:14])
    return read_facts(raw, specs)


def opinion(catalogue: Catalogue, service: Service, on: date, known: Facts) -> Opinion:
    """Decide with what she knows; what only a register knows is left to the office, not held against her.

    That is what she is not asked for, and a status: who is not sure of it may leave it out.
    """
    whole = eligible(catalogue, service.code, on, known)
    specs = catalogue.rules.facts
    asked = {field.name for field in questions(catalogue, service) if specs[field.name].kind != "letters"}
    reasons = tuple(r for r in whole.reasons if r.code != "fact-missing" or r.fact in asked)
    levels: list[Decision] = ["ok", *(reason.level for reason in reasons)]
    decision = max(levels, key=DECISIONS.index)
    return Opinion(Verdict(decision, reasons, whole.opens_on))


def readable(spec: FactSpec, value: str) -> bool:
    """Say whether an answer of a choice can be read as the fact."""
    try:
        found = read_facts({spec.name: _raw(spec, value)}, {spec.name: spec})
    except Refusal:
        return False
    return not str(found.values.get(spec.name, "")).startswith("?")


def _raw(spec: FactSpec, value: str) -> object:
    if spec.kind == "flag":
        return {"true": True, "false": False}.get(value, value)
    if spec.kind in ("date", "date-or-long-term"):
        return _day(value)
    return value


def _day(digits: str) -> str:
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:]}" if len(digits) == 8 and digits.isdigit() else digits
