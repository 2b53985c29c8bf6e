"""What kiosk and central service say to each other: one set of wire models, used by both ends."""

import json
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field, StringConstraints

from kiosk.domain.health import HealthWord
from kiosk.domain.photo import MOST_SEALED
from kiosk.domain.request import Assurance, DeviceState, ServerState
from kiosk.link.models.common import PLAIN as PLAIN
from kiosk.link.models.common import Base64 as Base64
from kiosk.link.models.common import Line as Line
from kiosk.link.models.common import ServiceCode as ServiceCode
from kiosk.link.models.common import Short as Short
from kiosk.link.models.common import Wire as Wire
from kiosk.link.models.desk import Acceptance as Acceptance
from kiosk.link.models.desk import DeskAction as DeskAction
from kiosk.link.models.desk import DeskAnswer as DeskAnswer
from kiosk.link.models.desk import DeskItem as DeskItem
from kiosk.link.models.desk import DeskRequest as DeskRequest
from kiosk.link.models.desk import DeskVerb as DeskVerb
from kiosk.link.models.desk import HistoryStep as HistoryStep
from kiosk.link.models.desk import RegistryMark as RegistryMark
from kiosk.link.models.updates import UpdateTold as UpdateTold

SEALING_ALG = "HPKE-X25519-SHA256-A256GCM"
"""RFC 9180 base mode: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM; the ephemeral key leads the ciphertext."""

SIGNED_ALWAYS = ("@method", "@target-uri")
SIGNED_BODY = "content-digest"
SIGNED_KEY = "idempotency-key"
"""What a device's signature covers (RFC 9421): the first two always, each of the others where the request has it."""

MOST_CIPHERTEXT = (MOST_SEALED + 48 + 2) // 3 * 4
"""Characters of base64: what may be sealed, the ephemeral key and the tag."""

IDEMPOTENCY_HEADER = "Idempotency-Key"
REPLAYED_HEADER = "Idempotent-Replayed"


def sealing_context(device: str, request: str | UUID, service: str) -> bytes:
    """What a sealed part is bound to: opened for another device, request or service it is not opened at all."""
    return json.dumps(["police-post request v1", device, str(UUID(str(request))), service]).encode()


class EnrolmentOrder(Wire):
    """A new device shows its one-time claim code and the public half of the key it has just made."""

    claim_code: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    public_key: Annotated[Base64, Field(max_length=64, description="Ed25519, the 32 raw bytes in base64")]
    hardware: dict[Short, Line] = Field(default_factory=dict, max_length=20)


class SealingKey(Wire):
    """A public key to which personal fields are sealed; two live ones exist while the centre changes keys."""

    kid: Short
    alg: Short
    public_key: Base64
    preferred: bool = True


class NumberRange(Wire):
    """Ticket numbers from first to last, both included."""

    first: int
    last: int


class BranchName(Wire):
    """A postal branch."""

    id: Short
    name_zh: str
    name_en: str


class KioskPlace(Wire):
    """Which kiosk of its branch a device is; one beyond the fourth has no emergency range."""

    name: str
    number: int
    emergency_range: NumberRange | None


class OfflinePolicy(Wire):
    """Past any of these, direct requests are no longer offered; tickets know no such limit."""

    max_age_h: float = Field(default=24, gt=0, le=72)
    max_items: int = Field(default=200, ge=1)
    max_last_contact_h: float = Field(default=24, gt=0, le=72)


class TicketRanges(Wire):
    """The number ranges of a branch's tickets; the fields of kiosk.domain.ticket.Ranges."""

    first: int = Field(default=1, ge=1, le=999_999)
    last: int = Field(default=499, ge=1, le=999_999)
    overflow: int = Field(default=1000, ge=1, le=999_999)
    emergency_base: int = Field(default=401, ge=0, le=999_999)
    emergency_step: int = Field(default=100, ge=1, le=999_999)
    emergency_size: int = Field(default=99, ge=1, le=999_999)


class DeviceConfig(Wire):
    """What the centre decides for one device; kept on the device, refreshed by ETag.

    `version` is the newest edition on the branch's way up the tree of places. `texts` are the branch's own wording:
    language, then text key. Before `opens_on` the branch takes no direct requests. Empty values leave the settings.
    """

    version: int
    device_id: str
    branch: BranchName
    kiosk: KioskPlace
    sealing_keys: tuple[SealingKey, ...] = Field(min_length=1)
    offline: OfflinePolicy = OfflinePolicy()
    heartbeat_s: int = 60
    config_poll_s: int = 1800
    min_client_version: str = "0"
    public_url: str | None = None
    hours: str = ""
    opens_on: date | None = None
    texts: dict[str, dict[str, str]] = Field(default_factory=dict)
    ranges: TicketRanges | None = None


class Enrolment(Wire):
    """The device is known from now on. `service_secret` (base32) is that of its service menu's one-time codes."""

    device_id: str
    key_id: str
    state: Literal["pending", "accepted"]
    config: DeviceConfig
    service_secret: Annotated[str, StringConstraints(pattern=r"^([A-Z2-7]{32})?$")] = Field(default="", repr=False)


class SealedPart(Wire):
    """Personal fields, readable by the central service alone."""

    kid: Short
    alg: Short
    ciphertext: Annotated[Base64, Field(max_length=MOST_CIPHERTEXT)]


class RequestOrder(Wire):
    """One citizen's request as a kiosk hands it in."""

    client_request_id: UUID
    service: ServiceCode
    assurance: Assurance
    consents: tuple[Short, ...] = Field(default=(), max_length=20)
    sealed: SealedPart
    captured_at: AwareDatetime


class AnswerOrder(Wire):
    """What the citizen adds to her request after she was asked for more.

    Sealed for (device, `client_answer_id`, service) with `fields` and `photos` as in a request, no applicant.
    """

    client_answer_id: UUID
    sealed: SealedPart


class Request(Wire):
    """What the centre says of a request; nothing personal is in it."""

    id: str
    client_request_id: UUID
    service: str
    state: ServerState
    reference: str
    received_at: AwareDatetime
    updated_at: AwareDatetime
    status_token: str
    status_url: str | None
    acceptance: Acceptance | None = None
    reasons: tuple[str, ...] = ()
    time_limit: str = ""
    due_on: date | None = None
    registry: RegistryMark = "unchecked"
    refusal_proposed: bool = False


class Status(Wire):
    """What the holder of a receipt may see; name and number are masked."""

    service: str
    service_name: dict[str, str]
    state: ServerState
    reference: str
    received_at: AwareDatetime
    updated_at: AwareDatetime
    branch: BranchName
    name_masked: str
    number_masked: str
    acceptance: Acceptance | None = None
    reasons: tuple[str, ...] = ()
    note: str = ""
    may_withdraw: bool = False


class WithdrawalOrder(Wire):
    """She takes her request back at a kiosk; the token in her receipt's code says that it is hers."""

    status_token: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{22}$")] = Field(repr=False)


class Outbox(Wire):
    """What waits on a kiosk: counts and ages, never content."""

    count: int = Field(ge=0)
    oldest_age_s: float | None = Field(default=None, ge=0)
    states: dict[DeviceState, int] = Field(default_factory=dict)


class Undelivered(Wire):
    """A request that waited for too long on a kiosk: its sealed part is deleted, its citizen was promised something."""

    client_request_id: UUID
    service: ServiceCode
    captured_at: AwareDatetime
    expired_at: AwareDatetime


class Heartbeat(Wire):
    """A kiosk tells how it is."""

    version: Short
    health: dict[Short, HealthWord] = Field(default_factory=dict, max_length=30)
    outbox: Outbox | None = None
    clock: AwareDatetime | None = None
    config_version: int | None = None
    catalogue_version: Short | None = None
    temperature_c: float | None = Field(default=None, ge=-60, le=150)
    uptime_s: float | None = Field(default=None, ge=0)
    expired: tuple[Undelivered, ...] = Field(default=(), max_length=50)
    rolled_back: tuple[Line, ...] = Field(
        default=(), max_length=10, description="tags of versions under which the kiosk did not come back healthy"
    )
    clock_trusted: bool | None = None
    update: UpdateTold | None = None


class HeartbeatAnswer(Wire):
    """The centre tells the time and whether there is something to fetch."""

    server_time: AwareDatetime
    commands_pending: int
    config_etag: str
    catalogue_etag: str
    device_state: Literal["pending", "accepted"] = "accepted"


CommandKind = Literal["refresh-config", "restart", "reboot", "collect-logs", "test-print", "rotate-key", "update"]
CommandState = Literal["queued", "in_progress", "succeeded", "failed", "rejected", "cancelled"]


class Command(Wire):
    """One order to a device from the allow-list; there is no shell."""

    id: str
    kind: CommandKind
    state: CommandState
    created_at: AwareDatetime


class CommandUpdate(Wire):
    """The device tells how far it is with an order."""

    state: Literal["in_progress", "succeeded", "failed", "rejected"]
    detail: Line = ""


class BranchEvent(Wire):
    """One thing that happened at a branch; (origin_device, origin_seq) names it for ever."""

    origin_device: Short
    origin_seq: int = Field(ge=1, lt=2**53)
    type: Short
    at: AwareDatetime
    ticket_id: Short | None = None
    data: dict[Short, str | int | float | bool | None] = Field(default_factory=dict, max_length=40)


class EventBatch(Wire):
    """At most 500 events, each answered by itself; one that cannot be read never holds up the others."""

    events: tuple[dict[str, object], ...] = Field(max_length=500)


class EventResult(Wire):
    """What became of one event of a batch."""

    index: int
    result: Literal["accepted", "duplicate", "rejected"]
    code: str = ""


class EventBatchAnswer(Wire):
    """A result for each event, and for each origin the number up to which nothing is missing."""

    results: tuple[EventResult, ...]
    acknowledged: dict[str, int]


class Health(Wire):
    """Whether the service works."""

    ok: bool
    service: Literal["central"] = "central"
    version: str
    database: Literal["ok", "failing"]
    clock: Literal["system clock", "test clock"]
    now: AwareDatetime
