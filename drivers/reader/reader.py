"""The identity card reader: one thread owns the line, looks for a card while one is wanted, and reads it once."""

import hashlib
import logging
import random
import secrets
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from drivers.device import BadAddress, LineLost
from drivers.owner import Owner
from drivers.reader import frames
from drivers.reader.address import name_of, parse
from drivers.reader.answers import Outcome, outcome
from drivers.reader.delays import Delays
from drivers.reader.layouts import TEXT as TEXT_BYTES
from drivers.reader.layouts import read_address, read_card
from drivers.reader.talk import FIND, NEWEST, SELECT, STATUS, TEXT, Talk
from drivers.transport.line import FdLine, wait
from drivers.transport.opening import open_line
from kiosk.domain.card import Card, CardFault
from kiosk.domain.health import Health, Offline, Ready

_OUT = Offline("its security module refuses")
_OUT_REMEDY = "switch it off and on; if that does not help, its security module (SAM_V) must be replaced by the maker"
_MISSES = 2
"""So many looks in a row without the card: it has been taken away."""
_HEAD = (TEXT_BYTES.to_bytes(2, "big"), (1024).to_bytes(2, "big"))

log = logging.getLogger(__name__)


class CardReader:
    """A SAM_V reader at `serial:///dev/...?baud=115200`; a pseudo-terminal works too.

    The callbacks run on the reader's own thread and must not block. While it is not armed no card is read. A card is
    news once: it must be lifted before it is read again, so a card left behind opens nobody's session. `on_lifted`
    tells that the card that was read lies there no more, or that the reader can no longer see it.
    """

    def __init__(
        self,
        url: str,
        on_card: Callable[[Card], None],
        on_fault: Callable[[CardFault], None],
        on_lifted: Callable[[], None],
        on_health: Callable[[Health], None] | None = None,
        *,
        delays: Delays | None = None,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        address = parse(url)
        path = Path(address.path) if address.path else None
        self._name = f"card reader {name_of(address)}"
        self._owner: Owner[FdLine] = Owner(
            self._name, lambda: open_line(address), self._own, path=path, on_health=on_health, jitter=jitter
        )
        self._on_card = on_card
        self._on_fault = on_fault
        self._on_lifted = on_lifted
        self._delays = delays or Delays()
        self._armed = True
        self._key = secrets.token_bytes(16)
        self._lying = b""
        self._misses = 0
        self._told_fault = float("-inf")

    def start(self) -> None:
        """Begin to open the line; returns at once."""
        self._owner.start()

    def arm(self, on: bool) -> None:
        """Read cards, or do not. Never blocks."""
        self._armed = on
        self._owner.wake.set()

    def health(self) -> Health:
        """The present condition: Unknown before the first attempt to open. Never blocks."""
        return self._owner.health()

    def close(self) -> None:
        """Let go of the line and end the thread; calling it twice is fine."""
        self._owner.close()

    def _own(self, line: FdLine) -> None:
        talk = Talk(line, self._delays, self._owner)
        try:
            while not self._owner.stopping:
                self._pause(line, talk, self._round(talk))
        finally:
            talk.forget()
            self._gone()

    def _round(self, talk: Talk) -> float:
        """Do what is due; give the seconds until the next time."""
        if self._lying:
            return self._watch(talk)
        if self._armed and self._owner.health() == Ready():
            found = self._do(talk, FIND)
            # A card is found once a laying: when that answer was lost the next one is no, and selecting it tells.
            if found == "found" or (found == "no-card" and talk.repeated):
                self._take(talk)
            elif found == "no-card":
                self._told_fault = float("-inf")
            elif found == "lift-again":
                self._fault("lift-again")
            return self._delays.find_s
        self._do(talk, STATUS)
        return self._delays.find_s if self._armed and self._owner.health() == Ready() else self._delays.rest_s

    def _do(self, talk: Talk, command: bytes) -> Outcome:
        """Ask for something of which only the outcome matters; the reader's health follows from it."""
        reply = talk.ask(command)
        if reply is None:
            return "again"
        frames.wipe(reply.data)
        found = outcome(reply.sw3)
        # Old readers do not know the question for the newest address, and are well nevertheless.
        return found if command == NEWEST and found == "again" else self._judged(found)

    def _judged(self, found: Outcome) -> Outcome:
        if found in ("out-of-service", "again"):
            if self._owner.health() != _OUT:
                log.warning("%s: %s; %s", self._name, _OUT.reason, _OUT_REMEDY)
            self._owner.tell(_OUT)
        else:
            self._owner.link.proven()
            self._owner.tell(Ready())
        return found

    def _take(self, talk: Talk) -> None:
        """A card was found: select and read it; tell of it unless it is the one that lies there already."""
        selected = self._do(talk, SELECT)
        if selected == "no-card":
            return
        card = self._read(talk) if selected == "ok" else "lift-again"
        if isinstance(card, str):
            self._fault(card)
            return
        digest = hashlib.blake2b(card.number.encode(), key=self._key, digest_size=16).digest()
        self._misses = 0
        self._told_fault = float("-inf")
        if digest == self._lying:
            return
        self._gone()
        self._lying = digest
        self._owner.inform("card", self._on_card, card)

    def _read(self, talk: Talk) -> Card | CardFault:
        reply = talk.ask(TEXT)
        if reply is None:
            return "lift-again"
        with memoryview(reply.data) as data:
            try:
                if self._judged(outcome(reply.sw3)) != "ok":
                    return "lift-again"
                if (bytes(data[0:2]), bytes(data[2:4])) != _HEAD:
                    return "lift-again"
                card = read_card(data[4 : 4 + TEXT_BYTES])
            finally:
                frames.wipe(data)
        return replace(card, newest_address=self._newest(talk)) if card else "unknown-card"

    def _newest(self, talk: Talk) -> str:
        reply = talk.ask(NEWEST)
        if reply is None or outcome(reply.sw3) != "ok":
            return ""
        address = read_address(reply.data)
        frames.wipe(reply.data)
        return address

    def _watch(self, talk: Talk) -> float:
        """See whether the card that was read still lies there: while it does, it can be asked for its address.

        A find alone cannot tell: many readers answer it once a card and then say that there is none.
        """
        seen = self._do(talk, NEWEST)
        if seen in ("ok", "nothing-there"):
            self._misses = 0
            return self._delays.lying_s
        found = self._do(talk, FIND)
        if found == "found" and self._armed:
            self._take(talk)
        elif found == "found":
            self._misses = 0
            self._do(talk, SELECT)
        else:
            self._misses += 1
            if self._misses >= _MISSES:
                self._gone()
        return self._delays.find_s

    def _gone(self) -> None:
        if self._lying:
            self._lying = b""
            self._misses = 0
            self._owner.inform("lifted card", lambda _none: self._on_lifted(), None)

    def _fault(self, fault: CardFault) -> None:
        """Tell of a card that cannot be read, once a laying."""
        now = time.monotonic()
        if now - self._told_fault >= self._delays.fault_s:
            self._told_fault = now
            log.info("%s: a card could not be read: %s", self._name, fault)
            self._owner.inform("fault", self._on_fault, fault)

    def _pause(self, line: FdLine, talk: Talk, seconds: float) -> None:
        """Wait; a line that hangs up or talks unasked is noticed meanwhile."""
        until = time.monotonic() + seconds
        armed = self._armed
        while (left := until - time.monotonic()) > 0 and not self._owner.stopping and self._armed == armed:
            self._owner.beat()
            if wait(line, min(left, 1.0), wake=self._owner.wake.fileno()):
                self._owner.wake.clear()
                if talk.hush():
                    self._owner.wake.wait(self._delays.quiet_s)


def why_not(url: str) -> str:
    """Open a reader's line and ask how it is: why that fails, with the remedy, or nothing when it is well."""
    try:
        line = open_line(parse(url))
    except (BadAddress, LineLost) as error:
        return str(error)
    try:
        reply = Talk(line, Delays(), _Still()).ask(STATUS)
    except LineLost as error:
        return str(error)
    finally:
        line.close()
    if reply is None:
        return "its answers are damaged; check the cable and its shield, and baud in reader.url"
    return "" if outcome(reply.sw3) == "ok" else f"{_OUT.reason}; {_OUT_REMEDY}"


class _Still:
    """Nobody's sign of life."""

    def beat(self) -> None: ...
