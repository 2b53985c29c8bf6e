"""Information pages that are no service: their words, the days on which they are shown, and quizzes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Question:
    """One question of a quiz: `right` is the index of the one right answer, `source` the text of law it rests on."""

    text: Mapping[str, str]
    answers: tuple[Mapping[str, str], ...]
    right: int
    why: Mapping[str, str]
    source: Mapping[str, str]


@dataclass(frozen=True)
class Topic:
    """One information page; with `questions` it is a quiz. `picture` is an icon's name, `qr` what its code holds.

    Both ends of `valid_from` and `valid_until` count; None is open.
    """

    id: str
    title: Mapping[str, str]
    note: Mapping[str, str]
    picture: str
    text: tuple[Mapping[str, str], ...] = ()
    qr: str = ""
    qr_caption: Mapping[str, str] = field(default_factory=dict)
    valid_from: date | None = None
    valid_until: date | None = None
    enabled: bool = True
    priority: int = 100
    questions: tuple[Question, ...] = ()

    def on(self, day: date) -> bool:
        """Say whether the page is shown on a day."""
        begun = self.valid_from is None or self.valid_from <= day
        return self.enabled and begun and (self.valid_until is None or day <= self.valid_until)


def shown(topics: Iterable[Topic], day: date) -> tuple[Topic, ...]:
    """The pages that are shown on a day, in order of display."""
    return tuple(sorted((topic for topic in topics if topic.on(day)), key=lambda topic: (topic.priority, topic.id)))
