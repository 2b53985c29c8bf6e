"""A world whose power can fail at any boundary of the kiosk's memory: after any word to journal, peer or printer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import requests

from kiosk.config import load
from kiosk.domain.catalogue import Catalogue
from kiosk.engine.clock import ZONE
from kiosk.engine.hands import KioskHands, Tools
from kiosk.engine.journal.rows import TicketRow
from kiosk.view.models import View
from kiosk.wiring.assembly import Kiosk
from kiosk.wiring.theatre import Theatre
from tests.sampling import some

START = datetime(2026, 11, 23, 9, 0, tzinfo=ZONE)
TICKETS = ("ask", "issued", "emergency", "printing", "printed", "on_screen", "doubtful", "unprinted", "voided", "lost")
OUTBOX = ("enqueue", "sending", "unknown", "retry_at", "answered", "quarantined")
LIVE = ("waiting", "called", "serving", "held")


def cuts(boundaries: Sequence[str], *, stays: bool) -> list[tuple[int, str]]:
    """The boundaries at which the power is cut, with their places: every second while she stays, the others if not."""
    return some(list(enumerate(boundaries)), 2, 0 if stays else 1)


class PowerCut(BaseException):
    """Nothing catches it, as nothing catches a power cut."""


@dataclass
class Fuse:
    """Blows after so many boundaries, or after one of a name, once; `passed` names those that were passed."""

    left: list[int | str] = field(default_factory=list)
    passed: list[str] = field(default_factory=list)

    def point(self, name: str) -> None:
        """Pass a boundary, or not."""
        self.passed.append(name)
        if self.left and self.left[0] in (name, len(self.passed) - 1):
            self.left.pop(0)
            self.passed = []
            raise PowerCut(name)

    def rearm(self, *left: int | str) -> None:
        """Count anew; each of `left` blows once, in order: a boundary's place from 0 since the last, or its name."""
        self.left = list(left)
        self.passed = []


class PowerTheatre(Theatre):
    """A theatre with a fuse behind every call that changes something outside the engine's memory."""

    def __init__(self, catalogue: Catalogue | None = None) -> None:
        self.fuse = Fuse()
        self.beginning = START
        self.tools: Tools
        self.views: list[View] = []
        super().__init__(load(None), START, self.views.append, catalogue)

    def _boot(self) -> Kiosk:
        kiosk = super()._boot()
        hands = kiosk.engine._hands
        assert isinstance(hands, KioskHands)
        journal, tools = kiosk.journal, hands._tools
        self.tools = tools
        for part, label, names in (
            (journal.tickets, "tickets", (*TICKETS, "todo_done", "todo_failed")),
            (journal.jobs, "jobs", ("start", "settle")),
            (journal.outbox, "outbox", OUTBOX),
            (tools.branch, "hub", ("take", "report", "confirm", "void")),
            (tools.central, "centre", ("submit", "settle")),
            (tools.printer, "printer", ("print_paper",)),
        ):
            for name in names if part is not None else ():
                vars(part)[name] = self._fused(f"{label}.{name}", getattr(part, name))
        return kiosk

    def _fused(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def fused(*args: Any, **named: Any) -> Any:
            result = real(*args, **named)
            self.fuse.point(name)
            return result

        return fused

    def survive(self, act: Callable[[], object], meanwhile: Callable[[], object] = lambda: None) -> bool:
        """Act; where the power fails during it, start again from disk. `meanwhile` happens in the dark."""
        try:
            act()
        except PowerCut:
            meanwhile()
            while True:
                try:
                    self.crash()
                except PowerCut:
                    continue
                return True
        return False

    def without_printer(self) -> None:
        """Start the kiosk again with settings that name no printer."""
        self._settings = replace(self._settings, printer=replace(self._settings.printer, url=""))
        self.crash()

    def rest(self, seconds: float, stride: float = 15.0) -> None:
        """Let much time pass, in strides that every round still fits into."""
        for _ in range(int(seconds / stride)):
            self.clock.advance(stride)
            self.settle()

    def rows(self) -> tuple[TicketRow, ...]:
        """Every ticket of the journal, in order of its sequence."""
        with self.kiosk.journal.tickets._database.read() as connection:
            ids = [row["id"] for row in connection.execute("SELECT id FROM ticket ORDER BY seq")]
        found = (self.kiosk.journal.tickets.get(each) for each in ids)
        return tuple(row for row in found if row is not None)

    def at_hub(self, ticket: str) -> dict[str, str]:
        """What the hub says of a ticket; empty where it knows none of that id."""
        answer = requests.get(
            f"{self.branch.url}/api/v1/tickets/{ticket}",
            headers={"Authorization": f"Bearer {self._token}"},
            timeout=5,
        )
        return dict(answer.json()) if answer.ok else {}

    def queue(self) -> int:
        """How many tickets the hub believes to wait, reserved ones included."""
        answer = requests.get(
            f"{self.branch.url}/api/v1/state", headers={"Authorization": f"Bearer {self._token}"}, timeout=5
        )
        return int(answer.json()["waiting_total"])

    def papers_with(self, label: str, since: int) -> list[str]:
        """The papers on which a label stands as a line of its own, of those after the first `since`."""
        return [text for text in self.papers()[since:] if label in text.split("\n")]


@dataclass
class Citizen:
    """She presses what a person presses, tells the truth about paper, and goes when she has what she came for."""

    theatre: PowerTheatre
    papers_before: int
    noted: set[str] = field(default_factory=set)

    def answer(self) -> bool:
        """Answer the page that is shown; False once there is nothing to answer."""
        view = self.theatre.kiosk.engine.view
        if view.view not in ("ticket", "receipt", "notice"):
            return False
        offered = {action.id for action in view.actions if action.enabled}
        if "choice:yes" in offered:
            self.theatre.touch("choice:yes" if self.has_paper() else "choice:no")
            return True
        if "finish" in offered:
            if not self.has_paper():
                self.noted.add(self.label())
            self.theatre.touch("finish")
            return True
        if "next" in offered:
            self.theatre.touch("next")
            return True
        return False

    def label(self) -> str:
        """The number on the page that is shown."""
        view = self.theatre.kiosk.engine.view
        return next((block.label for block in view.blocks if type(block).__name__ == "BigNumber"), "")  # type: ignore[union-attr]

    def has_paper(self) -> bool:
        """Whether a paper came out since she began, with the number of the page on it."""
        return bool(self.theatre.papers_with(self.label(), self.papers_before))
