"""Carries out what the centre orders of this kiosk, from the allow-list alone: there is no shell, and no argument."""

import json
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Protocol

from kiosk.domain.errors import Broken, Refusal
from kiosk.engine.ports import Away, Rejected
from kiosk.link.fleet import FleetLink
from kiosk.link.models.central import Command, CommandUpdate
from kiosk.ops.outcome import Outcome as Outcome

WAITING = ("restart", "reboot")
"""Orders that are done at the next quiet moment, by the end of this process."""
LONGEST_DETAIL = 200
_KEY = "fleet.orders"

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Life:
    """Which start of the program and of the machine this is; a finished restart or reboot is known by it."""

    start: str
    boot: str


class Memory(Protocol):
    """A few words that are there after a restart."""

    def get(self, key: str) -> str | None: ...
    def set(self, key: str, value: str) -> None: ...


@dataclass(frozen=True)
class _Known:
    """An order that this kiosk has begun: what it was, under which life, and its result once there is one."""

    id: str
    kind: str
    start: str
    boot: str
    state: str = ""
    detail: str = ""


Deed = Callable[[Command], Outcome]


class Orders:
    """Fetches orders, does each at most once, and reports until the centre has heard it."""

    def __init__(self, link: FleetLink, memory: Memory, deeds: Mapping[str, Deed], life: Life) -> None:
        self._link = link
        self._memory = memory
        self._deeds = deeds
        self._life = life

    def obey(self) -> None:
        """Do what waits, oldest first; a restart or reboot is the last thing done."""
        found = self._link.commands()
        if isinstance(found, Away | Rejected):
            return
        waiting = {command.id for command in found}
        self._write([known for known in self._read() if known.id in waiting])
        for command in found:
            known = next((each for each in self._read() if each.id == command.id), None)
            if known is None and command.state != "queued":
                # Begun by a kiosk that has forgotten it, e.g. with another card: nobody knows how far it came.
                self._report(command, Outcome("failed", "cut short before its result was known"))
            elif known is None:
                if self._begin(command):
                    return
            elif known.state:
                self._tell(known)
            elif known.start != self._life.start:
                self._report(command, self._after(known))
            elif known.kind in WAITING:
                # It comes when nobody is at the kiosk; a journey may last longer than the time between two looks.
                return

    def _begin(self, command: Command) -> bool:
        """Do one order; True where this process is about to end."""
        deed = self._deeds.get(command.kind)
        if deed is None:
            self._report(command, Outcome("rejected", "this kiosk cannot do that"))
            return False
        self._write([*self._read(), _Known(command.id, command.kind, **asdict(self._life))])
        if isinstance(self._link.told(command.id, CommandUpdate(state="in_progress")), Away | Rejected):
            self._write([known for known in self._read() if known.id != command.id])
            return False
        _log.info("the centre orders %s", command.kind)
        try:
            outcome = deed(command)
        except (Broken, Refusal) as error:
            outcome = Outcome("failed", str(error))
        except Exception as error:  # noqa: BLE001 - an order that breaks must not keep the next one from being done
            outcome = Outcome("failed", f"{type(error).__name__}; see the log")
            _log.exception("order %s broke", command.kind)
        if outcome.state == "later":
            return True
        self._report(command, outcome)
        return False

    def _after(self, known: _Known) -> Outcome:
        """What a start finds of an order that was begun by an earlier one."""
        if known.kind == "restart":
            return Outcome("succeeded", "restarted")
        if known.kind == "reboot" and known.boot != self._life.boot:
            return Outcome("succeeded", "rebooted")
        return Outcome("failed", "cut short by a restart")

    def _report(self, command: Command, outcome: Outcome) -> None:
        """Keep the result first, so that an answer that is lost does not lead to doing it twice."""
        result = _Known(command.id, command.kind, self._life.start, self._life.boot, outcome.state, outcome.detail)
        self._write([*(known for known in self._read() if known.id != command.id), result])
        self._tell(result)

    def _tell(self, known: _Known) -> None:
        detail = " ".join(known.detail.split())[:LONGEST_DETAIL]
        update = CommandUpdate.model_validate({"state": known.state, "detail": detail})
        if not isinstance(self._link.told(known.id, update), Away):
            self._write([each for each in self._read() if each.id != known.id])

    def _read(self) -> list[_Known]:
        try:
            return [_Known(**each) for each in json.loads(self._memory.get(_KEY) or "[]")]
        except (ValueError, TypeError):
            return []

    def _write(self, known: Iterable[_Known]) -> None:
        text = json.dumps([asdict(each) for each in known])
        if text != (self._memory.get(_KEY) or "[]"):
            self._memory.set(_KEY, text)
