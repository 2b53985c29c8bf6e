"""What a kiosk and the centre say to each other about the kiosk itself: keys, its journal of promises, its logs."""

from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, Field, StringConstraints, model_validator

from kiosk.link.models.central import Base64, Line, Short, Wire

Fingerprint = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
MOST_RECORDS = 200
MOST_LINES = 2000


class NewKey(Wire):
    """The public half of a key that the device has just made, handed in under the old one."""

    public_key: Annotated[Base64, Field(max_length=64, description="Ed25519, the 32 raw bytes in base64")]


class KeyMade(Wire):
    """The name of a device's new key. `pending` until the device has signed with it; the old one is good till then."""

    key_id: str
    state: Literal["pending", "active"]


class SignedPromise(Wire):
    """One record of the journal of promises, with the device's signature over its fingerprint."""

    chain: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
    seq: int = Field(ge=1, lt=2**53)
    at: Annotated[str, StringConstraints(min_length=19, max_length=40, pattern=r"^[0-9T:.+Z-]+$")]
    kind: Short
    subject: Short
    word: Line
    digest: Annotated[str, StringConstraints(max_length=64, pattern=r"^[0-9a-f]*$")]
    previous: Fingerprint
    key_id: Short
    signature: Annotated[Base64, Field(max_length=96)]


class PromiseBatch(Wire):
    """The next records of a device's journal, in order; or, once, what stands before the first one that is left.

    `declared` is the checkpoint by which a kiosk that had nobody to counter-sign threw older records away.
    """

    records: tuple[SignedPromise, ...] = Field(default=(), max_length=MOST_RECORDS)
    declared: SignedPromise | None = None

    @model_validator(mode="after")
    def _one_of_the_two(self) -> Self:
        if bool(self.records) == (self.declared is not None):
            raise ValueError("a batch holds records, or declares what went before them")
        return self


class CounterSigned(Wire):
    """The centre has seen a chain up to `seq`; `signature` (Ed25519, base64) is over that, `public_key` checks it."""

    device: str
    chain: str
    seq: int
    fingerprint: str
    at: str
    signature: str
    public_key: str


class PromiseFound(Wire):
    """What stands behind a short code on a receipt."""

    device_id: str
    branch: str
    kiosk: str
    seq: int
    at: str
    kind: str
    subject: str
    word: str


class Diagnostics(Wire):
    """A device's answer to `collect-logs`: redacted lines and counts, nothing of a citizen."""

    command_id: Short | None = None
    version: Short
    taken_at: AwareDatetime
    facts: dict[Short, Line] = Field(default_factory=dict, max_length=40)
    lines: tuple[Annotated[str, StringConstraints(max_length=500)], ...] = Field(default=(), max_length=MOST_LINES)


class ServiceCodeNow(Wire):
    """A one-time code of a kiosk's service menu; its period ends in `good_s`, and it opens for 30 s more."""

    code: str
    good_s: int


class DiagnosticsKept(Wire):
    """Where the centre keeps what a device has sent."""

    id: str


class DiagnosticsSeen(Diagnostics):
    """What a device has sent, for staff."""

    id: str
    device_id: str
    received_at: AwareDatetime
