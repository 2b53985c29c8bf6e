"""The Protocols by which the engine knows devices and peers; drivers and links satisfy them, nobody inherits."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from kiosk.domain.health import Health
from kiosk.domain.paper import Paper
from kiosk.domain.photo import Photograph as Photograph
from kiosk.domain.printing import Confirmation as Confirmation
from kiosk.domain.printing import NotPrinted as NotPrinted
from kiosk.domain.printing import Printed as Printed
from kiosk.domain.printing import PrintOutcome as PrintOutcome
from kiosk.domain.printing import PrintUnknown as PrintUnknown
from kiosk.domain.scan import Scan as Scan
from kiosk.domain.tray import TrayVerdict
from kiosk.domain.visit import Appointment, Slip


class Printer(Protocol):
    """One ticket printer; `print_paper` blocks its caller (never the screen) for at most its own deadline."""

    def health(self) -> Health:
        """Ask for the present condition; may block for a few hundred milliseconds, never raises."""
        ...

    def print_paper(self, job: str, paper: Paper) -> PrintOutcome:
        """Clear what an earlier job left, print, wait for confirmation; never raises, never blocks past a deadline."""
        ...

    def close(self) -> None:
        """Let go of the line."""
        ...


class Scanner(Protocol):
    """One barcode scanner with a thread of its own; scans reach the callback given to the constructor."""

    def start(self) -> None: ...
    def trigger(self, on: bool) -> None:
        """Take scans, or none; called in the engine's own thread, so it never blocks."""
        ...

    def health(self) -> Health: ...
    def close(self) -> None: ...


class CardReader(Protocol):
    """One identity card reader with a thread of its own; cards reach the callbacks given to the constructor."""

    def start(self) -> None: ...
    def arm(self, on: bool) -> None:
        """Read cards, or none; called in the engine's own thread, so it never blocks."""
        ...

    def health(self) -> Health: ...
    def close(self) -> None: ...


class Board(Protocol):
    """The board that the kiosk runs on: its heat and its supply. `health` reads a few small files, never raises."""

    def health(self) -> Health: ...


class Keys(Protocol):
    """A keypad or a jack with a thread of its own; what its keys mean reaches the callback of its constructor."""

    def start(self) -> None: ...
    def health(self) -> Health: ...
    def close(self) -> None: ...


class DocumentCamera(Protocol):
    """Photographs the sheet under it; `take` blocks its caller for a few seconds at most and never raises."""

    def take(self) -> Photograph: ...
    def health(self) -> Health: ...
    def close(self) -> None: ...


class Tray(Protocol):
    """The camera over the place where documents are laid down."""

    def mind(self, resting: bool) -> None:
        """Nobody is here, so this is how it looks empty; or somebody is. Never blocks."""
        ...

    def look(self) -> TrayVerdict:
        """Say what lies there now; never raises, blocks for some six seconds at most."""
        ...

    def close(self) -> None: ...


class Preview(Protocol):
    """Puts what the camera sees where the screen shows it, small and a few times a second; never blocks."""

    def show(self, on: bool) -> None: ...
    def close(self) -> None: ...


class Speaker(Protocol):
    """The voice: one thing is said at a time, and what is said next cuts off what went before."""

    def start(self) -> None: ...

    def say(self, text: str, language: str, *, private: bool, pace: int, gain: int) -> None:
        """Begin to say it and return at once; `private` goes to the headset alone, or is not said at all.

        `pace` and `gain` are steps from the default, 0 in the middle. What is no word of the language is still said.
        """
        ...

    def hush(self) -> None:
        """Stop in the middle of the word."""
        ...

    def tick(self) -> None:
        """Let a press be heard, unless something is being said; never blocks."""
        ...

    def chime(self) -> None:
        """Let it be heard that an answer is waited for, likewise."""
        ...

    def health(self) -> Health: ...
    def close(self) -> None: ...


@dataclass(frozen=True)
class Wait:
    """The honest wait, in seconds; None where the branch cannot know."""

    low_s: int
    high_s: int


@dataclass(frozen=True)
class TicketOrder:
    """What the hub needs to issue a ticket: an id minted at the press of the button, and nothing personal."""

    id: str
    service: str
    language: str
    kiosk: str
    seq: int
    issued_at: datetime
    also: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    booking: str | None = None


@dataclass(frozen=True)
class TicketAnswer:
    """The hub's word on a ticket; `replayed` when it knew the id already."""

    id: str
    label: str
    state: str
    ahead: int
    wait: Wait | None
    business_date: str
    status_url: str | None
    replayed: bool = False


@dataclass(frozen=True)
class Done:
    """The other side has done it, or had done it before."""


@dataclass(frozen=True)
class Away:
    """No answer. `ambiguous`: bytes may have arrived, so the other side may have done it.

    `retry_after` is the header of that name where a 503 brought one.
    """

    ambiguous: bool
    retry_after: str | None = None


@dataclass(frozen=True)
class Rejected:
    """The other side understood and said no; `code` is its problem code, `retry_after` the header of that name."""

    code: str
    status: int
    retry_after: str | None = None


@dataclass(frozen=True)
class Lobby:
    """What the welcome page says of the branch right now; `suspended`: services taken off, each with its reason."""

    waiting: int
    wait: Wait | None
    open: bool
    suspended: tuple[tuple[str, str], ...] = ()
    changing_paper: frozenset[str] = frozenset()
    """The kiosks at which a clerk has said that she changes the paper."""


@dataclass(frozen=True)
class LogEntry:
    """One entry of the hub's log; `data` is JSON: the ticket, counter or grant as it was afterwards."""

    epoch: int
    seq: int
    type: str
    subject: str
    verb: str
    actor: str
    at_ms: int
    data: str


@dataclass(frozen=True)
class LogPage:
    """What follows a place in the hub's log. `log` is its name, `epoch` and `seq` are where it stands now."""

    log: str
    epoch: int
    seq: int
    entries: tuple[LogEntry, ...]
    more: bool


class BranchLink(Protocol):
    """The kiosk's client of the branch hub; every call blocks for at most its budget and never raises."""

    def take(self, order: TicketOrder) -> TicketAnswer | Away | Rejected:
        """POST /tickets; the same id again is answered with the same label."""
        ...

    def report(self, order: TicketOrder, label: str, printed: str) -> TicketAnswer | Away | Rejected:
        """POST /tickets for a ticket that was issued from the emergency range while cut off."""
        ...

    def confirm(self, ticket: str, printed: str) -> Done | Away | Rejected: ...
    def void(self, ticket: str, reason: str) -> Done | Away | Rejected: ...
    def help(self, kiosk: str, view: str) -> Done | Away | Rejected: ...
    def ask_clerk(self, confirmation: str, kiosk: str, service: str, tail: str) -> Done | Away | Rejected: ...
    def clerk(self, confirmation: str) -> str | Away | Rejected: ...
    def check_clerk(self, confirmation: str, kiosk: str, code: str) -> Done | Away | Rejected: ...
    def drop_clerk(self, confirmation: str) -> Done | Away | Rejected: ...
    def health(self, kiosk: str, words: Mapping[str, str]) -> Done | Away | Rejected: ...
    def lobby(self) -> Lobby | Away: ...
    def slip(self, code: str) -> Slip | Away | Rejected:
        """Today's ticket by its label or by the address in its QR code; 404 where there is none."""
        ...

    def appointment(self, number: str) -> Appointment | Away | Rejected: ...
    def rejoin(self, label: str) -> Done | Away | Rejected: ...
    def rate(self, ticket: str, level: int) -> Done | Away | Rejected: ...


@dataclass(frozen=True)
class Sealed:
    """Personal fields encrypted to the central service's public key: this machine cannot read them again."""

    kid: str
    alg: str
    ciphertext: str


@dataclass(frozen=True)
class RequestOrder:
    """One request as it waits in the outbox; nothing in it is readable here."""

    id: str
    service: str
    assurance: str
    consents: tuple[str, ...]
    sealed: Sealed
    captured_at: datetime


@dataclass(frozen=True)
class RequestAnswer:
    """The central service's word on a request."""

    id: str
    state: str
    reference: str | None
    status_url: str | None
    received_at: str | None
    replayed: bool = False
    reasons: tuple[str, ...] = ()
    may_withdraw: bool = False


class CentralLink(Protocol):
    """The kiosk's client of the central service; every call blocks for at most its budget and never raises."""

    def admits(self) -> bool:
        """Whether the centre takes anything from this device, as far as it has said: a suspended one is told no."""
        ...

    def submit(self, order: RequestOrder) -> RequestAnswer | Away | Rejected: ...
    def settle(self, request: str) -> RequestAnswer | Away | Rejected:
        """GET by client_request_id: what became of an unanswered request. 404 is Rejected("not-found", 404)."""
        ...

    def send_code(self, code: str, service: str, sealed: Sealed) -> Done | Away | Rejected: ...
    def check_code(self, code: str, typed: str) -> Done | Away | Rejected: ...
    def follow(self, token: str) -> RequestAnswer | Away | Rejected:
        """What the status token of a receipt says now."""
        ...

    def withdraw(self, token: str) -> RequestAnswer | Away | Rejected:
        """Take back the request of a receipt's status token; idempotent, Rejected once it was accepted."""
        ...


class Sealer(Protocol):
    """Seals a request's personal fields; additional data binds device, request id and service."""

    def seal(self, request: str, service: str, fields: bytes) -> Sealed: ...


Clock = Callable[[], datetime]
