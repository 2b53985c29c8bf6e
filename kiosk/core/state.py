"""The whole state of the kiosk, frozen; only `step` makes a new one."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from kiosk.core.delays import Delays
from kiosk.core.hall import Branch as Branch
from kiosk.core.hall import Lobby as Lobby
from kiosk.core.hall import Parts as Parts
from kiosk.core.information import InformationPage as InformationPage
from kiosk.core.information import Quiz as Quiz
from kiosk.core.session import Answers as Answers
from kiosk.core.session import Contrast as Contrast
from kiosk.core.session import Identity as Identity
from kiosk.core.session import Parting as Parting
from kiosk.core.session import Session as Session
from kiosk.core.session import Voice as Voice
from kiosk.core.technician import TechnicianPage as TechnicianPage
from kiosk.core.visit_pages import BookingPage as BookingPage
from kiosk.core.visit_pages import NeedsPage as NeedsPage
from kiosk.core.visit_pages import NumberPage as NumberPage
from kiosk.core.visit_pages import RatingPage as RatingPage
from kiosk.core.visit_pages import SlipPage as SlipPage
from kiosk.core.visit_pages import VisitPage as VisitPage
from kiosk.domain.catalogue import Catalogue
from kiosk.domain.photo import PhotoVerdict
from kiosk.domain.pinyin import Table
from kiosk.domain.request import Proof, RequestState


@dataclass(frozen=True)
class Welcome:
    """Nobody is here, or somebody is about to begin."""


@dataclass(frozen=True)
class Identify:
    """Hold the document to the scanner. `then` is the service she wanted to apply for, if any."""

    then: str | None = None
    problem: str = ""


@dataclass(frozen=True)
class Keypad:
    """She types her number on our own keys: hidden, but for the last one until `peek` and all of it until `open`.

    Both are monotonic seconds.
    """

    typed: str = field(repr=False, default="")
    then: str | None = None
    problem: str = ""
    peek: float = 0.0
    open: float = 0.0


@dataclass(frozen=True)
class Services:
    """Pick a service within a category; `category` is None until one is picked; `part` counts its pages."""

    category: str | None = None
    part: int = 0


@dataclass(frozen=True)
class Guide:
    """What the service is, what to bring, what it costs - and the ways to go on."""

    service: str


Way = Literal["apply", "look"]
"""Why she is asked whether she may have a service: she wants to apply here, or to know before she waits for a clerk."""


@dataclass(frozen=True)
class Asking:
    """One question a page before a service; `index` into its questions."""

    service: str
    index: int
    way: Way
    typed: str = field(repr=False, default="")
    problem: str = ""


@dataclass(frozen=True)
class Eligibility:
    """Whether she may have it, with all reasons at once, and the ways to go on."""

    service: str
    way: Way


@dataclass(frozen=True)
class Counter:
    """The answer `value` to the question `name` means that only a clerk can go on; `under` is the question."""

    service: str
    name: str
    value: str
    under: "Page"


@dataclass(frozen=True)
class Form:
    """One question a page; `index` into the service's fields. `changing`: came from the check page, goes back there.

    `spelling` are letters not yet turned into Chinese characters, `leaf` the page of what they may mean.
    """

    service: str
    index: int
    typed: str = field(repr=False, default="")
    problem: str = ""
    changing: bool = False
    spelling: str = field(repr=False, default="")
    leaf: int = 0


@dataclass(frozen=True)
class PhotoPage:
    """A question whose answer is a photograph. `taking` is the id of the picture that is waited for, since `since`."""

    service: str
    index: int
    problem: PhotoVerdict = ""
    taking: str | None = None
    since: float = 0.0
    changing: bool = False


@dataclass(frozen=True)
class ConsentPage:
    """What is done with her data, why and how long; boxes start unticked."""

    service: str


@dataclass(frozen=True)
class Check:
    """All answers, each with a way to change it."""

    service: str


@dataclass(frozen=True)
class Proving:
    """Her request needs more than what she has shown: a code, a clerk's word, or a ticket. `press` was her confirm."""

    service: str
    press: str
    problem: str = ""


@dataclass(frozen=True)
class ProofPage:
    """A code is typed: the one sent to her phone, or the one that a clerk has after comparing the document.

    `stands`: `asking` until it is known to be sent or asked for, `taken` once a clerk is on her way, `checking` while
    what was typed is compared. `looked` is the monotonic second of the last look for the clerk.
    """

    service: str
    press: str
    proof: Proof
    since: float
    looked: float
    typed: str = field(repr=False, default="")
    problem: str = ""
    stands: Literal["asking", "sent", "taken", "checking"] = "asking"


@dataclass(frozen=True)
class Working:
    """Something is being done that she waits for; no time-out while it lasts."""

    what: Literal["ticket", "paper", "request", "progress"]
    service: str | None = None
    under: "Page | None" = None


Paper = Literal["printed", "screen", "doubt", "failed", "reprinting"]


@dataclass(frozen=True)
class Ticket:
    """A label that is durably hers."""

    id: str
    service: str
    label: str
    ahead: int | None
    low_s: int | None
    high_s: int | None
    status_url: str | None
    offline: bool
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class TicketPage:
    """The number, large. `paper` tells how she holds it; `since` is the monotonic second it was shown."""

    ticket: Ticket
    paper: Paper
    since: float
    reprints: int = 0


@dataclass(frozen=True)
class Request:
    """What is known of her request; the fields are masked ones."""

    id: str
    service: str
    state: RequestState
    reference: str | None
    status_url: str | None
    received_at: str | None
    masked: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class ReceiptPage:
    """The receipt: its title follows the request's state."""

    request: Request
    paper: Paper
    since: float
    reprints: int = 0


@dataclass(frozen=True)
class StatusPage:
    """Follow my request: scan the receipt's code. `state` None: nothing asked yet, or not known.

    `may`: she may take it back; `sure`: she is asked whether she means it; `tried`: she did mean it.
    """

    asked: bool = False
    state: str | None = None
    reference: str | None = None
    service: str | None = None
    reachable: bool = True
    problem: str = ""
    code: str = field(repr=False, default="")
    reasons: tuple[str, ...] = ()
    may: bool = False
    sure: bool = False
    tried: bool = False


NoticeKind = Literal[
    "staff-called", "staff-at-counter", "numbers-exhausted", "ticket-refused", "request-refused", "not-offered",
    "guide-printed", "guide-not-printed", "leave", "card-left", "things-left", "headset-out", "rated", "rating-refused",
]  # fmt: skip


@dataclass(frozen=True)
class NoticePage:
    """Something she has to know; `back` is the page she returns to."""

    kind: NoticeKind
    since: float
    back: "Page"
    detail: str = ""


@dataclass(frozen=True)
class TimeoutPage:
    """Are you still there? `under` is what she returns to; the session ends at `until` (monotonic seconds)."""

    under: "Page"
    until: float


@dataclass(frozen=True)
class Closed:
    """No business now: the branch is closed, or since `restarts` (monotonic) the machine is about to start anew."""

    restarts: float | None = None


Page = (
    Welcome
    | Identify
    | Keypad
    | Services
    | Guide
    | Asking
    | Eligibility
    | Counter
    | Form
    | PhotoPage
    | ConsentPage
    | Check
    | Proving
    | ProofPage
    | Working
    | TicketPage
    | ReceiptPage
    | StatusPage
    | VisitPage
    | NoticePage
    | TimeoutPage
    | InformationPage
    | Quiz
    | Closed
    | TechnicianPage
)


@dataclass(frozen=True)
class State:
    """Everything. `touched` is the monotonic second of the last sign of life; `job` the paper being printed.

    `dpi` is the screen's, as a technician has calibrated it; 0: as it was started, which is likely `nominal_dpi`.
    `looked` is the monotonic second at which the tray was told of last; None while that is waited for.
    Without the table `pinyin` no Chinese can be typed, and questions that take it have only their choices.
    """

    now: datetime
    monotonic: float
    catalogue: Catalogue
    branch: Branch
    session: Session
    page: Page = Welcome()
    parts: Parts = Parts()
    lobby: Lobby = Lobby()
    touched: float = 0.0
    pending: Ticket | Request | None = None
    asking: str | None = None
    job: str | None = None
    reprints: int = 0
    speaking: bool = False
    parting: Parting | None = None
    looked: float | None = 0.0
    delays: Delays = Delays()
    dpi: float = 0.0
    nominal_dpi: float = 102.0
    pinyin: Table | None = field(default=None, repr=False, compare=False)
