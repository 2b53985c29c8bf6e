"""Facts, in the past tense: everything that can happen to the kiosk. With effects.py this is the product's glossary."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from kiosk.core.fittings import PresenceChanged as PresenceChanged
from kiosk.core.fittings import TraySeen as TraySeen
from kiosk.core.hearing import FocusMoved as FocusMoved
from kiosk.core.hearing import HeadsetPlugged as HeadsetPlugged
from kiosk.core.hearing import HeadsetUnplugged as HeadsetUnplugged
from kiosk.core.hearing import KeypadKey as KeypadKey
from kiosk.core.hearing import KeypadPressed as KeypadPressed
from kiosk.core.hearing import SpeechChanged as SpeechChanged
from kiosk.core.proofs import ClerkTook as ClerkTook
from kiosk.core.proofs import ProofAsked as ProofAsked
from kiosk.core.proofs import ProofProblem as ProofProblem
from kiosk.core.proofs import ProofRefused as ProofRefused
from kiosk.core.proofs import Proven as Proven
from kiosk.core.technician import ServiceEvent
from kiosk.domain.card import CardFault
from kiosk.domain.health import Health
from kiosk.domain.photo import PhotoVerdict
from kiosk.domain.request import Assurance, RequestState
from kiosk.domain.visit import Appointment, Slip

DeviceName = Literal["printer", "scanner", "card", "camera", "speaker", "board"]
Confirmed = Literal["process-id", "barrier", "status"]
ScanFault = Literal["too-long", "control", "undecodable"]
TicketStage = Literal["asked", "issued", "printing", "doubtful"]


@dataclass(frozen=True)
class TimePassed:
    """It is now `now` (wall, for showing) and `monotonic` seconds (for every delay); sent before any other event."""

    now: datetime
    monotonic: float


@dataclass(frozen=True)
class Touched:
    """The citizen pressed an action; `fresh` is a UUID minted for this press and no other."""

    action: str
    fresh: str


@dataclass(frozen=True)
class DocumentScanned:
    """The scanner or camera read a code."""

    text: str = field(repr=False)
    symbology: str = ""


@dataclass(frozen=True)
class ScanRefused:
    """The scanner sent something that is no readable text; only its length and class are known."""

    fault: ScanFault
    length: int


@dataclass(frozen=True)
class CardRead:
    """A resident ID card was read by its chip."""

    number: str = field(repr=False)
    name: str = field(repr=False, default="")
    assurance: Assurance = "card"


@dataclass(frozen=True)
class CardUnread:
    """A card lies on the reader and could not be used; what it says of itself is not known."""

    fault: CardFault


@dataclass(frozen=True)
class CardLifted:
    """The card that was read lies on the reader no more, or the reader cannot see it any longer."""


@dataclass(frozen=True)
class RestartDue:
    """The machine is about to be started anew; where nobody is at the kiosk, nobody begins anything any more."""


@dataclass(frozen=True)
class HealthChanged:
    """A device's condition is no longer what it was."""

    device: DeviceName
    health: Health


@dataclass(frozen=True)
class LobbySeen:
    """The hub answered: so many wait, so long (seconds, None where the branch cannot know), open or closed.

    `suspended` are the services that the supervisor has taken off, each with its reason.
    """

    waiting: int
    low_s: int | None
    high_s: int | None
    open: bool
    suspended: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class HubLost:
    """The hub does not answer."""


@dataclass(frozen=True)
class SubmissionSeen:
    """Whether direct requests may be offered now, and whether the centre answers at this moment."""

    offered: bool
    connected: bool


@dataclass(frozen=True)
class TicketIssued:
    """A label is durably ours, from the hub or (`offline`) from the emergency range."""

    ticket: str
    label: str
    ahead: int | None
    low_s: int | None
    high_s: int | None
    business_date: str
    status_url: str | None
    offline: bool = False


@dataclass(frozen=True)
class TicketUnanswered:
    """The hub did not answer; if `ambiguous` it may have issued a number. `fresh` is an id for the next try."""

    ticket: str
    ambiguous: bool
    fresh: str


@dataclass(frozen=True)
class TicketRefused:
    """The hub said no, e.g. closed or full for today."""

    ticket: str
    code: str


@dataclass(frozen=True)
class NumbersExhausted:
    """Cut off and the emergency range of the day is used up."""

    ticket: str


@dataclass(frozen=True)
class TicketRecovered:
    """At start the journal held a ticket whose journey was cut short `age_s` seconds ago."""

    ticket: str
    service: str
    language: str
    stage: TicketStage
    label: str | None
    ahead: int | None
    low_s: int | None
    high_s: int | None
    status_url: str | None
    offline: bool
    age_s: float
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class PaperPrinted:
    """The paper is out, and this is how it is known."""

    job: str
    confirmed: Confirmed


@dataclass(frozen=True)
class PaperNotPrinted:
    """Certainly no paper came out and none will come later."""

    job: str
    health: Health


@dataclass(frozen=True)
class PaperUnknown:
    """Nobody can say whether the paper came out."""

    job: str
    health: Health


@dataclass(frozen=True)
class PhotoTaken:
    """The camera looked at the document; `preview` names what may be shown of a good picture, or is empty."""

    photo: str
    verdict: PhotoVerdict
    preview: str = ""


@dataclass(frozen=True)
class RequestSaved:
    """The request lies sealed in the outbox; from here on it is never lost."""

    request: str
    masked: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class RequestRefused:
    """The request could not even be saved; nothing was kept."""

    request: str
    code: str


@dataclass(frozen=True)
class RequestAnswered:
    """What is known of a request: the server's state once it is known, the kiosk's own until then."""

    request: str
    state: RequestState
    reference: str | None = None
    status_url: str | None = None
    received_at: str | None = None


@dataclass(frozen=True)
class RequestRecovered:
    """At start the outbox held a request whose receipt was not known to be printed; `printing`: it may have been."""

    request: str
    service: str
    language: str
    state: RequestState
    reference: str | None
    status_url: str | None
    received_at: str | None
    masked: tuple[tuple[str, str], ...]
    age_s: float
    printing: bool = False


@dataclass(frozen=True)
class StaffCalled:
    """The call for staff reached the consoles (or not: then the page points to the counter)."""

    reached: bool


@dataclass(frozen=True)
class ProgressSeen:
    """What became of the request or ticket whose code was scanned; `state` None means that it is not known."""

    token: str = field(repr=False)
    state: str | None = None
    reference: str | None = None
    service: str | None = None
    reachable: bool = True
    reasons: tuple[str, ...] = ()
    may_withdraw: bool = False


@dataclass(frozen=True)
class SlipSeen:
    """What the hub says of the slip with this code; `slip` None: no ticket of today has it."""

    code: str = field(repr=False)
    slip: Slip | None = None
    reachable: bool = True


@dataclass(frozen=True)
class AppointmentSeen:
    """What the hub says of the appointment with this number; None: there is none."""

    number: str
    appointment: Appointment | None = None
    reachable: bool = True


@dataclass(frozen=True)
class VisitRated:
    """The rating is kept; refused (rated before, not served, too late); or nobody answered."""

    ticket: str
    outcome: Literal["kept", "refused", "away"]


Event = (
    TimePassed
    | Touched
    | KeypadPressed
    | FocusMoved
    | HeadsetPlugged
    | HeadsetUnplugged
    | SpeechChanged
    | PresenceChanged
    | TraySeen
    | DocumentScanned
    | ScanRefused
    | CardRead
    | CardUnread
    | CardLifted
    | HealthChanged
    | LobbySeen
    | HubLost
    | SubmissionSeen
    | TicketIssued
    | TicketUnanswered
    | TicketRefused
    | NumbersExhausted
    | TicketRecovered
    | PaperPrinted
    | PaperNotPrinted
    | PaperUnknown
    | PhotoTaken
    | ProofAsked
    | ClerkTook
    | Proven
    | ProofRefused
    | RequestSaved
    | RestartDue
    | RequestRefused
    | RequestAnswered
    | RequestRecovered
    | StaffCalled
    | ProgressSeen
    | SlipSeen
    | AppointmentSeen
    | VisitRated
    | ServiceEvent
)
