"""Orders, in the imperative: everything the core can ask the engine to do."""

from dataclasses import dataclass, field

from kiosk.core.fittings import LookAtTray as LookAtTray
from kiosk.core.fittings import MindTray as MindTray
from kiosk.core.fittings import SetDisplay as SetDisplay
from kiosk.core.fittings import SetLamps as SetLamps
from kiosk.core.fittings import SetPreview as SetPreview
from kiosk.core.technician import ServiceEffect
from kiosk.domain.request import Assurance, Proof
from kiosk.domain.ticket import Need, PrintedBy
from kiosk.domain.visit import Booking


@dataclass(frozen=True)
class AskTicket:
    """Write the intent down, then ask the hub for a label; `also` are further services on the same ticket.

    `needs` ride with it and change no order; with `booking` she checks in for an appointment.
    """

    ticket: str
    service: str
    language: str
    also: tuple[str, ...] = ()
    needs: tuple[Need, ...] = ()
    booking: Booking | None = None


@dataclass(frozen=True)
class IssueEmergency:
    """Take the next number of this kiosk's emergency range; `orphan` is an attempt to be voided at the hub later."""

    ticket: str
    service: str
    language: str
    orphan: str | None
    also: tuple[str, ...] = ()
    needs: tuple[Need, ...] = ()


@dataclass(frozen=True)
class PrintTicket:
    """Print the ticket's paper; `reprint` marks it 补打. The job id is the press that asked for it."""

    job: str
    ticket: str
    reprint: bool = False


@dataclass(frozen=True)
class ConfirmTicket:
    """The citizen holds it: by paper, or by the number on the screen."""

    ticket: str
    printed: PrintedBy


@dataclass(frozen=True)
class DoubtTicket:
    """Nobody knows whether she holds it: it stays reserved, and the clerks see that."""

    ticket: str


@dataclass(frozen=True)
class VoidTicket:
    """Nobody holds it and nobody will."""

    ticket: str
    reason: str


@dataclass(frozen=True)
class TakePhoto:
    """Photograph the document under the camera; a good picture is kept under the press's id, in memory alone."""

    photo: str


@dataclass(frozen=True)
class WipePhotos:
    """Forget these pictures at once: nobody in this session needs them any more."""

    photos: tuple[str, ...]


@dataclass(frozen=True)
class SendCode:
    """Have the centre send a one-time code to her phone; the number leaves this machine sealed."""

    code: str
    service: str
    mobile: str = field(repr=False)


@dataclass(frozen=True)
class AskClerk:
    """Ask on the consoles that a clerk compare her document; `tail` are the last four characters of its number."""

    confirmation: str
    service: str
    tail: str = field(repr=False)


@dataclass(frozen=True)
class WatchClerk:
    """Look whether a clerk has taken or refused it."""

    confirmation: str


@dataclass(frozen=True)
class DropClerk:
    """Nobody waits for the clerk any more: take the request off the consoles."""

    confirmation: str


@dataclass(frozen=True)
class CheckProof:
    """Compare what was typed with the code, where that is known: at the centre, or at the hub."""

    proof: Proof
    typed: str = field(repr=False)


@dataclass(frozen=True)
class SubmitRequest:
    """Seal the personal fields, write the request down, send it within the interactive budget.

    `photos` are field names and the ids of their pictures, which are sealed with the fields and then forgotten.
    """

    request: str
    service: str
    assurance: Assurance
    language: str
    applicant: tuple[tuple[str, str], ...] = field(repr=False)
    fields: tuple[tuple[str, str], ...] = field(repr=False)
    consents: tuple[str, ...] = ()
    masked: tuple[tuple[str, str], ...] = ()
    photos: tuple[tuple[str, str], ...] = ()
    proof: Proof | None = None


@dataclass(frozen=True)
class PrintReceipt:
    """Print what is known of the request now; its title follows the state."""

    job: str
    request: str
    reprint: bool = False


@dataclass(frozen=True)
class SettleReceipt:
    """She has what she needs of this receipt, on paper or from the screen: no restart shows it again."""

    request: str


@dataclass(frozen=True)
class PrintGuide:
    """Print what to bring for a service, with everything that stands in the way (一次告知) and what else to bring."""

    job: str
    service: str
    language: str
    reasons: tuple[str, ...] = ()
    bring: tuple[str, ...] = ()


@dataclass(frozen=True)
class CallStaff:
    """Raise a named alert on the consoles; never more than the page's name goes with it."""

    view: str


@dataclass(frozen=True)
class FollowCode:
    """Ask what became of the thing whose code was scanned."""

    token: str = field(repr=False)


@dataclass(frozen=True)
class WithdrawRequest:
    """Take back the request whose receipt was scanned."""

    token: str = field(repr=False)


@dataclass(frozen=True)
class LookUpSlip:
    """Ask the hub for today's ticket by its label, or by the address in its QR code."""

    code: str = field(repr=False)


@dataclass(frozen=True)
class LookUpAppointment:
    """Ask the hub for an appointment by its number."""

    number: str


@dataclass(frozen=True)
class GiveNumberBack:
    """Her slip is here and she does not want its number any more; then look at it again."""

    code: str = field(repr=False)
    ticket: str


@dataclass(frozen=True)
class RejoinQueue:
    """She missed her call and queues again; then look at the slip again."""

    code: str = field(repr=False)
    label: str


@dataclass(frozen=True)
class RateVisit:
    """Tell the hub how a visit was, 5 the best."""

    ticket: str
    level: int


@dataclass(frozen=True)
class SetTrigger:
    """Let the scanner read, or rest."""

    on: bool


Effect = (
    AskTicket
    | IssueEmergency
    | PrintTicket
    | ConfirmTicket
    | DoubtTicket
    | VoidTicket
    | TakePhoto
    | WipePhotos
    | SendCode
    | AskClerk
    | WatchClerk
    | DropClerk
    | CheckProof
    | SubmitRequest
    | PrintReceipt
    | SettleReceipt
    | PrintGuide
    | CallStaff
    | FollowCode
    | WithdrawRequest
    | LookUpSlip
    | LookUpAppointment
    | GiveNumberBack
    | RejoinQueue
    | RateVisit
    | SetTrigger
    | SetDisplay
    | SetLamps
    | SetPreview
    | MindTray
    | LookAtTray
    | ServiceEffect
)
