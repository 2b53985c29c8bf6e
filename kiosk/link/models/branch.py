"""What goes over the wire between the branch hub, its kiosks, consoles and boards: one model a body."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from kiosk.domain.health import HealthWord
from kiosk.domain.ticket import Need, PrintedBy, TicketState
from kiosk.domain.visit import Arrival

Code = Annotated[str, StringConstraints(min_length=1, max_length=16, pattern=r"^[A-Za-z0-9_-]+$")]
Name = Annotated[str, StringConstraints(min_length=1, max_length=32, pattern=r"^[A-Za-z0-9._-]+$")]
Word = Annotated[str, StringConstraints(min_length=1, max_length=32, pattern=r"^[a-z0-9_-]+$")]
LabelText = Annotated[str, StringConstraints(pattern=r"^[A-Z][0-9]{3,6}$")]
CounterNumber = Annotated[int, Field(ge=1, le=999)]
CounterState = Literal["open", "paused", "closed"]


EPOCH_HEADER = "X-Hub-Epoch"
"""On every answer the hub's epoch, on every request of a kiosk the highest that it has followed."""

LOG_HEADER = "X-Hub-Log"
"""On every request of a kiosk the name of the log that it follows: two promotions at once make two of one epoch."""


class Body(BaseModel):
    """What every body has in common: unknown fields are ignored, nothing changes after parsing.

    Ids and labels never come again: pydantic would keep the last 16,384 of them for the life of the process.
    """

    model_config = ConfigDict(extra="ignore", frozen=True, cache_strings="keys")


class Origin(Body):
    """Which kiosk took the ticket, and the place in that kiosk's own journal."""

    kiosk: Name
    seq: int = Field(ge=0, le=2**53)


Outcome = Literal["done", "partly", "documents-missing", "not-eligible", "elsewhere", "withdrawn"]


class TicketRequest(Body):
    """POST /tickets. `label` and `printed` stand there only for a ticket that was issued while cut off.

    `sent_at` is the kiosk's clock at sending: the hub corrects `issued_at` by what that clock is off.
    """

    id: UUID
    service: Code
    language: Annotated[str, StringConstraints(min_length=2, max_length=8, pattern=r"^[A-Za-z-]+$")] = "zh"
    priority: Word | None = None
    origin: Origin
    issued_at: AwareDatetime
    label: LabelText | None = None
    printed: PrintedBy | None = None
    sent_at: AwareDatetime | None = None
    needs: list[Need] = Field(default_factory=list, max_length=8)
    also: list[Code] = Field(default_factory=list, max_length=4)


class WaitRange(Body):
    """The honest wait in seconds: half of the people wait up to `low_s`, four in five up to `high_s`."""

    low_s: int = Field(ge=0)
    high_s: int = Field(ge=0)


class TicketIssued(Body):
    """The answer to POST /tickets; `ahead` counts the people who may be called before this one."""

    id: UUID
    label: str
    service: str
    state: TicketState
    ahead: int
    wait: WaitRange | None
    business_date: str
    status_url: str | None


class TicketRecord(Body):
    """A ticket as anybody with a token may read it; times are RFC 3339 or null."""

    id: UUID
    label: str
    service: str
    state: TicketState
    counter: int | None
    priority: str | None
    issued_at: str
    called_at: str | None
    started_at: str | None
    ended_at: str | None
    recalls: int
    business_date: str
    printed: str | None = None
    kiosk: str | None = None
    target_counter: int | None = None
    priority_confirmed: bool = False
    note: str | None = None


class SlipView(TicketRecord):
    """GET /slips/{label}: the ticket, who is ahead, the wait, and what its holder may do: cancel, rejoin, rate."""

    ahead: int | None = None
    wait: WaitRange | None = None
    may: list[str] = []


class ConfirmRequest(Body):
    """POST /tickets/{id}/confirm: how it is known that the paper is out."""

    printed: PrintedBy


class VoidRequest(Body):
    """POST /tickets/{id}/void."""

    reason: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class CounterOpen(Body):
    """POST /counters/{n}/open: the services it serves, by code or category letter; all of them where left out."""

    services: Annotated[list[Code], Field(min_length=1, max_length=64)] | None = None


class CounterPause(Body):
    """POST /counters/{n}/pause."""

    reason: Annotated[str, StringConstraints(min_length=1, max_length=40)]


class CallRequest(Body):
    """POST /counters/{n}/call: a number called by hand."""

    label: LabelText


class TransferRequest(Body):
    """POST /tickets/{id}/transfer: to another service, to one counter, or both."""

    service: Code | None = None
    counter: CounterNumber | None = None


class PriorityRequest(Body):
    """POST /tickets/{id}/priority: what staff confirmed on sight of a certificate; null takes it back."""

    priority: Word | None


class NoteRequest(Body):
    """POST /tickets/{id}/note: a remark for colleagues; identity and phone numbers are refused."""

    text: Annotated[str, StringConstraints(max_length=200)]


class HelpRequest(Body):
    """POST /help: a citizen at a kiosk calls staff."""

    kiosk: Name
    view: Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9._:-]+$")]


class HelpAlert(Body):
    """A call for staff, as consoles and the calling kiosk see it; `taken` once a clerk said that she goes."""

    id: int
    kiosk: str
    view: str
    at: str
    taken: bool


class ConfirmationState(Body):
    """GET /confirmations/{id} as a kiosk reads it."""

    state: str


class KioskHealthRequest(Body):
    """POST /kiosks/{name}/health: the condition of each of a kiosk's devices, by device."""

    health: Annotated[dict[Word, HealthWord], Field(max_length=16, json_schema_extra={"additionalProperties": False})]


class KioskSeen(Body):
    """What the hub last heard of a kiosk."""

    name: str
    health: dict[str, str]
    seen_at: str
    paper_change: bool = False


class CounterView(Body):
    """A counter as everybody may see it."""

    number: int
    state: CounterState
    services: list[str] | None
    reason: str | None
    since: str | None
    ticket: TicketRecord | None


class CallView(Body):
    """One call of a number to a counter; a recall repeats it with a higher `recalls`."""

    id: UUID
    label: str
    counter: int
    called_at: str
    recalls: int
    seq: int


class FinishRequest(Body):
    """POST /tickets/{id}/finish: how the visit ended; done where nothing is said."""

    outcome: Outcome = "done"


class BookingRequest(Body):
    """POST /appointments: a number that its holder knows, a service, a time; nothing about the holder."""

    number: Annotated[str, StringConstraints(min_length=4, max_length=40)]
    service: Code
    starts_at: AwareDatetime


class CheckInRequest(Body):
    """POST /appointments/{number}/check-in: one press at a kiosk, as for a ticket."""

    id: UUID
    language: Annotated[str, StringConstraints(min_length=2, max_length=8, pattern=r"^[A-Za-z-]+$")] = "zh"
    origin: Origin
    issued_at: AwareDatetime
    sent_at: AwareDatetime | None = None
    needs: Annotated[list[Need], Field(max_length=8)] = []


class AppointmentView(Body):
    """GET /appointments/{number}: what is booked; `opens_at` is when its holder may check in from."""

    number: str
    service: str
    starts_at: AwareDatetime
    opens_at: AwareDatetime
    arrival: Arrival
    checked_in: bool


class RatingRequest(Body):
    """POST /tickets/{id}/rating: 5 is the best of the five levels."""

    level: int = Field(ge=1, le=5)


class FollowUpRequest(Body):
    """POST /ratings/{ticket}/follow-up: what was done about it; identity and phone numbers are refused."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]


class PinRequest(Body):
    """POST /staff/pin: a clerk's new PIN."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    pin: Annotated[str, StringConstraints(min_length=4, max_length=64)]


class SuspensionRequest(Body):
    """PUT /suspensions/{service}: why it is not offered, and until when; without an end, until it is taken up."""

    reason: Annotated[str, StringConstraints(min_length=1, max_length=80, strip_whitespace=True)]
    until: AwareDatetime | None = None


class SuspensionView(Body):
    """A service that is not offered now; `by` is for staff."""

    service: str
    reason: str
    since: str
    until: str | None
    by: str | None = None


class StateView(Body):
    """GET /state: the whole hall at `seq`. Consoles get more fields than these."""

    epoch: int
    seq: int
    now: str
    business_date: str
    open: bool = Field(description="Whether tickets are given now.")
    standing: Literal["open", "lunch", "closed", "day-off"] = "open"
    opens_at: str | None = Field(None, description="When tickets are given again, while they are not.")
    suspended: list[SuspensionView] = Field([], description="Services that are not offered now.")
    waiting_total: int
    wait: WaitRange | None
    counters: list[CounterView]
    waiting: dict[str, int] = Field(description="People waiting by service code.")
    waiting_by_category: dict[str, int]
    calls: list[CallView] = Field(description="Last calls, newest first.")
    help: list[HelpAlert]
    kiosks: list[KioskSeen]
    test_clock: bool = False
    read_only: bool = Field(default=False, description="A hub of a higher epoch has taken over.")


class LogEntry(Body):
    """One entry of the hub's log, as a kiosk keeps it: the thing as it was afterwards, without the clerks' notes."""

    epoch: int
    seq: int
    type: str
    subject: str
    verb: str
    actor: str
    at_ms: int
    data: dict[str, object]


class LogPage(Body):
    """GET /log: what follows a place in the log, oldest first; ask again from the last entry while there is `more`.

    `log` names the log for ever. `epoch` and `seq` are where it stands now.
    """

    log: str
    epoch: int
    seq: int
    entries: list[LogEntry]
    more: bool
