"""What there is to know beside the services: the topics, and the questions one may try."""

from dataclasses import dataclass


@dataclass(frozen=True)
class InformationPage:
    """What else there is to know here: all topics, or one of them. Large type shows one `part` at a time."""

    topic: str | None = None
    part: int = 0


@dataclass(frozen=True)
class Quiz:
    """Question `index` of a topic; `chosen` is her answer (counted from 0), `right` how many were right so far."""

    topic: str
    index: int = 0
    chosen: int | None = None
    right: int = 0
