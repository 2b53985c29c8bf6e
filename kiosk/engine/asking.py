"""Asks the devices and the board how they are, again and again, and makes events of what is new."""

import logging
from collections.abc import Callable, Iterable
from typing import Protocol

from kiosk.core.events import DeviceName, Event, HealthChanged
from kiosk.domain.health import PAPER_CHANGE, Health, can_print, word
from kiosk.domain.paper import Paper
from kiosk.engine.ports import Board, CardReader, DocumentCamera, Printer, Scanner

HEALTH_S = 1.0
"""How often devices are asked: a paper that ran out is known before the next citizen has read the welcome page."""

_log = logging.getLogger(__name__)


class Asked(Protocol):
    """All that is asked of a device here."""

    def health(self) -> Health: ...


class DeviceRounds:
    """Asks the devices and the board for their health and posts the edges."""

    def __init__(
        self,
        printer: Printer | None,
        scanner: Scanner | None,
        camera: DocumentCamera | None = None,
        reader: CardReader | None = None,
        slip: Callable[[], Paper] | None = None,
        board: Board | None = None,
    ) -> None:
        self._slip = slip
        self._board = board
        self._changing = self._changed = False
        self._printer = printer
        self._scanner = scanner
        self._camera = camera
        self._reader = reader
        self._seen: dict[str, Health] = {}

    @property
    def words(self) -> dict[str, str]:
        """The health word of each device that has been asked."""
        return {name: word(health) for name, health in self._seen.items()}

    def heard(self, device: DeviceName, health: Health) -> None:
        """A job has told the core how the device is; what it says next is an edge from there."""
        self._seen[device] = health

    def printer(self) -> Iterable[Event]:
        """What the printer says now, if that is new; while a clerk changes its paper, only that it cannot be used."""
        if self._printer is not None:
            if self._changing != self._changed:
                yield from self._paper_change(self._printer)
            if self._changed:
                return
            health = self._printer.health()
            if self._seen.get("printer") != health:
                self._seen["printer"] = health
                yield HealthChanged("printer", health)

    def changing_paper(self, *, on: bool) -> None:
        """A clerk stands at the open door: nothing of it is a fault, until she says that she has finished."""
        self._changing = on

    def _paper_change(self, printer: Printer) -> Iterable[Event]:
        """The hub's word for the printer stays as it was. Afterwards a test slip shows whether the roll sits right."""
        self._changed = self._changing
        if self._changed:
            _log.info("printer: a clerk changes the paper; nothing is printed meanwhile")
            yield HealthChanged("printer", PAPER_CHANGE)
            return
        self._seen.pop("printer", None)
        if self._slip is not None and can_print(printer.health()):
            outcome = printer.print_paper("paper-change", self._slip())
            _log.info("printer: the paper was changed; test slip: %s", type(outcome).__name__)

    def scanner(self) -> Iterable[Event]:
        """What the scanner says now, if that is new."""
        return self._edge("scanner", self._scanner)

    @property
    def photographs(self) -> bool:
        """Say whether there is a document camera to ask."""
        return self._camera is not None

    def camera(self) -> Iterable[Event]:
        """What the document camera says now, if that is new."""
        return self._edge("camera", self._camera)

    @property
    def reads_cards(self) -> bool:
        """Say whether there is a card reader to ask."""
        return self._reader is not None

    def card(self) -> Iterable[Event]:
        """What the card reader says now, if that is new."""
        return self._edge("card", self._reader)

    @property
    def watches(self) -> bool:
        """Say whether the board can be watched."""
        return self._board is not None

    def board(self) -> Iterable[Event]:
        """How the board is now, if that is new."""
        return self._edge("board", self._board)

    def _edge(self, name: DeviceName, device: Asked | None) -> Iterable[Event]:
        if device is not None:
            health = device.health()
            if self._seen.get(name) != health:
                self._seen[name] = health
                yield HealthChanged(name, health)
