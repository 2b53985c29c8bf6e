"""What every page builder is given: the state, the texts of the session's language, and short ways to both."""

from collections.abc import Iterable
from dataclasses import dataclass

from kiosk.core.state import State
from kiosk.domain.catalogue import Service, Words
from kiosk.view.models import Action, Role, Steps
from kiosk.view.texts import Catalogues, Texts

TOLD_FIRST = ("identify", "choose", "fill", "done")
CHOSEN_FIRST = ("choose", "identify", "fill", "done")
TICKET = ("choose", "read", "ticket")
"""The steps of the journeys: she says who she is first, or chooses first, or only takes a ticket."""


@dataclass(frozen=True)
class Scene:
    """One state, seen in one language."""

    state: State
    texts: Texts
    catalogues: Catalogues

    @property
    def language(self) -> str:
        """The language that is shown, which is the session's."""
        return self.texts.language

    def words(self, words: Words) -> str:
        """Give a text of the catalogue in this language, in Chinese where that lacks; empty where there is none."""
        return words.get(self.language) or words.get("zh", "")

    def service(self, code: str | None) -> Service | None:
        """Find a service by its code, offered or not: a ticket of a service keeps its name."""
        return self.state.catalogue.services.get(code) if code else None

    def service_name(self, code: str | None) -> str:
        """The official name of a service, empty where there is none."""
        service = self.service(code)
        return self.words(service.name) if service else ""

    def service_names(self, codes: Iterable[str]) -> str:
        """The names of several services, short where there is more than one."""
        found = [service for service in map(self.service, codes) if service]
        if len(found) == 1:
            return self.words(found[0].name)
        return ("、" if self.language == "zh" else ", ").join(self.words(service.short) for service in found)

    def steps(self, at: int, *keys: str) -> Steps:
        """The stepper, in words."""
        return Steps(at, tuple(self.texts(f"steps.{key}") for key in keys))

    def left(self, since: float, lasts: float) -> int:
        """The whole seconds that remain of a delay which began at `since`; never below 0."""
        return max(0, round(since + lasts - self.state.monotonic))


def side_by_side(actions: Iterable[Action]) -> tuple[Action, ...]:
    """Two secondary ways stand as half-width cards, any other number as rows."""
    found = tuple(actions)
    role: Role = "card" if len(found) == 2 else "row"
    return tuple(Action(**{**vars(action), "role": role}) for action in found)
