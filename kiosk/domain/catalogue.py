"""The service catalogue as the journeys know it: categories, services, their papers, fees, fields and consents."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from kiosk.domain.information import Topic
from kiosk.domain.request import Assurance
from kiosk.domain.rules.book import RuleBook

Words = Mapping[str, str]
"""One text in several languages, by language code; `zh` is always there."""

Mode = Literal["ticket", "direct", "both"]
Offline = Literal["deny", "queue"]
Applicant = Literal["self", "agent", "company"]
FieldKind = Literal[
    "mobile", "digits", "postcode", "plate", "date", "choice", "text", "vin", "licence_archive_number", "photo"
]


def say(words: Words, language: str) -> str:
    """Give a text in a language, in Chinese where that language lacks it."""
    return words.get(language) or words["zh"]


@dataclass(frozen=True)
class Choice:
    """One answer of a choice field. With `counter` only a clerk can go on: `why` says so, `bring` names more papers."""

    value: str
    label: Words
    counter: bool = False
    why: Words = field(default_factory=dict)
    bring: tuple[Words, ...] = ()


@dataclass(frozen=True)
class Field:
    """One question of a form, asked on a page of its own. `sensitive` values are masked wherever they are shown.

    `when`: asked only if each of these earlier questions was given one of these answers. A date's `choices` are
    answers beside a day, like 长期.
    """

    name: str
    kind: FieldKind
    label: Words
    question: Words
    hint: Words
    required: bool = True
    sensitive: bool = False
    max_length: int = 60
    choices: tuple[Choice, ...] = ()
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Consent:
    """One box on the consent page; it starts unticked. `sensitive` ones stand apart (PIPL art. 29)."""

    id: str
    text: Words
    required: bool = True
    sensitive: bool = False


@dataclass(frozen=True)
class Service:
    """One of the sixteen (or a reserve one, switched off).

    `fee_fen` None means that nobody here knows the price: say 以窗口为准. `min_assurance` is what a direct request
    needs; a ticket needs none. `hand_in`, `original_seen` and `portrait` are what only a counter can do, so that a
    service with one of them is never direct. `working_days` is the office's time limit (0: at once), `notice` says
    what happens to the personal data, `payment` how and when the fee is paid, `elsewhere` where else it can be done,
    `rules` are the rules that decide whether somebody may have it on a day, `asks` the facts asked for them.
    `clerk_confirms`: where less than `min_assurance` was shown, a clerk may compare the document at the kiosk.
    `bring_for` are the papers that an agent or a company brings besides.
    """

    code: str
    category: str
    name: Words
    short: Words
    note: Words
    purpose: Words
    mode: Mode
    documents: tuple[Words, ...]
    who: Words
    fee_fen: int | None
    fee_note: Words
    fee_basis: str
    time_limit: Words
    delivery: Words
    offline: Offline = "deny"
    min_assurance: Assurance = "none"
    fields: tuple[Field, ...] = ()
    consents: tuple[Consent, ...] = ()
    hand_in: bool = False
    original_seen: bool = False
    portrait: bool = False
    priority: int = 100
    enabled: bool = True
    applicants: tuple[Applicant, ...] = ("self",)
    payment: Words = field(default_factory=dict)
    working_days: int | None = None
    notice: Words = field(default_factory=dict)
    elsewhere: Words = field(default_factory=dict)
    law: str = ""
    evidence: str = ""
    rules: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    clerk_confirms: bool = True
    bring_for: Mapping[Applicant, tuple[Words, ...]] = field(default_factory=dict)

    @property
    def code_to(self) -> str:
        """The question whose answer is the phone that a one-time code is sent to; empty where none is asked."""
        return next((asked.name for asked in self.fields if asked.kind == "mobile"), "")


@dataclass(frozen=True)
class Category:
    """One of the three; its letter begins the labels of its tickets."""

    letter: str
    name: Words
    short: Words
    icon: str


@dataclass(frozen=True)
class Catalogue:
    """Categories and services in their order of display; `problems` are sentences by `KIND.CODE` of identify.

    `questions` ask a citizen for a fact, by its name; `information` are pages that are no service.
    """

    version: str
    categories: tuple[Category, ...]
    services: Mapping[str, Service] = field(default_factory=dict)
    problems: Mapping[str, Words] = field(default_factory=dict)
    rules: RuleBook = field(default_factory=RuleBook)
    questions: Mapping[str, Field] = field(default_factory=dict)
    information: tuple[Topic, ...] = ()

    def category(self, letter: str) -> Category | None:
        """Find a category by its letter."""
        return next((category for category in self.categories if category.letter == letter), None)

    def service(self, code: str) -> Service | None:
        """Find a service that is offered here; a switched-off one is None."""
        found = self.services.get(code)
        return found if found and found.enabled else None

    def within(self, letter: str) -> tuple[Service, ...]:
        """The offered services of a category, in order of display."""
        offered = (s for s in self.services.values() if s.category == letter and s.enabled)
        return tuple(sorted(offered, key=lambda s: (s.priority, s.code)))
