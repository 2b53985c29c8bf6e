"""The tables of the central service; the same on SQLite and PostgreSQL."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

SCHEMA = 1


class Instant(TypeDecorator[datetime]):
    """A moment, stored in UTC and given back aware; SQLite would lose the offset."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """What all tables share: how Python's types are stored."""

    type_annotation_map = {datetime: Instant, dict[str, Any]: JSON, list[str]: JSON}  # noqa: RUF012 - SQLAlchemy's own name


class Meta(Base):
    """Facts about this database: the schema it has, the vault it belongs to."""

    __tablename__ = "meta"
    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(String(200))


class Branch(Base):
    """A place of the tree: a province, city or county above, a postal branch with its kiosks below."""

    __tablename__ = "branches"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name_zh: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))
    level: Mapped[str] = mapped_column(String(12), default="branch", server_default="branch")
    parent: Mapped[str | None] = mapped_column(ForeignKey("branches.id"), index=True)


class Edition(Base):
    """What one place lays down, over what it inherits: a draft, the published one, or an older one."""

    __tablename__ = "editions"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    place: Mapped[str] = mapped_column(ForeignKey("branches.id"), index=True)
    state: Mapped[str] = mapped_column(String(12))
    version: Mapped[int | None] = mapped_column(unique=True)
    content: Mapped[dict[str, Any]]
    author: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]
    note: Mapped[str] = mapped_column(String(200), default="")
    # One draft and one edition in force for each place; an older one keeps its number.
    __table_args__ = (
        Index(
            "one_edition_of_a_kind",
            "place",
            "state",
            unique=True,
            sqlite_where=state != "older",
            postgresql_where=state != "older",
        ),
    )


class Claim(Base):
    """A one-time claim; only the code's hash is kept."""

    __tablename__ = "claims"
    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    branch: Mapped[str] = mapped_column(ForeignKey("branches.id"))
    kiosk_number: Mapped[int | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    device_id: Mapped[str | None] = mapped_column(String(36))


class Device(Base):
    """An enrolled kiosk: pending until an officer has let it in, accepted, suspended or retired."""

    __tablename__ = "devices"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    branch: Mapped[str] = mapped_column(ForeignKey("branches.id"), index=True)
    kiosk_number: Mapped[int]
    state: Mapped[str] = mapped_column(String(12))
    hardware: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    beat_at: Mapped[datetime | None]
    beat: Mapped[dict[str, Any] | None]
    # Two kiosks of one number would share an emergency range; a retired one has given its number back.
    __table_args__ = (
        Index(
            "one_kiosk_a_number",
            "branch",
            "kiosk_number",
            unique=True,
            sqlite_where=state != "retired",
            postgresql_where=state != "retired",
        ),
    )


class DeviceKey(Base):
    """The public half of a device's signing key."""

    __tablename__ = "device_keys"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    device_id: Mapped[str] = mapped_column(ForeignKey("devices.id"))
    public_key: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]


class Nonce(Base):
    """A signature that has been used; remembered for longer than it would be accepted."""

    __tablename__ = "nonces"
    key_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    nonce: Mapped[str] = mapped_column(String(80), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(index=True)


class Request(Base):
    """A citizen's request. What she typed is in `sealed` alone; everything else here may be read by anyone."""

    __tablename__ = "requests"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    device_id: Mapped[str] = mapped_column(ForeignKey("devices.id"))
    branch: Mapped[str] = mapped_column(ForeignKey("branches.id"))
    client_request_id: Mapped[str] = mapped_column(String(36))
    service: Mapped[str] = mapped_column(String(12))
    assurance: Mapped[str] = mapped_column(String(12))
    consents: Mapped[list[str]]
    catalogue_version: Mapped[str] = mapped_column(String(64))
    consents_known: Mapped[bool]
    sealed_kid: Mapped[str] = mapped_column(String(64))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    photographs: Mapped[bool] = mapped_column(default=False, server_default=false())
    person: Mapped[str] = mapped_column(String(64), default="", server_default="", index=True)
    checked: Mapped[str] = mapped_column(String(12), default="unchecked", server_default="unchecked")
    checked_codes: Mapped[list[str] | None]
    double_of: Mapped[str] = mapped_column(String(32), default="", server_default="")
    due_on: Mapped[date | None]
    proposed_by: Mapped[str] = mapped_column(String(80), default="", server_default="")
    proposed: Mapped[list[str] | None]
    body_hash: Mapped[str] = mapped_column(String(64))
    content_mark: Mapped[str] = mapped_column(String(64))
    captured_at: Mapped[datetime]
    received_at: Mapped[datetime] = mapped_column(index=True)
    updated_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(16), index=True)
    reference: Mapped[str] = mapped_column(String(32), unique=True)
    status_hash: Mapped[str] = mapped_column(String(64), unique=True)
    acceptance_number: Mapped[str | None] = mapped_column(String(40), unique=True)
    accepted_at: Mapped[datetime | None]
    reasons: Mapped[list[str]]
    ems: Mapped[str] = mapped_column(String(20), default="")
    __table_args__ = (UniqueConstraint("device_id", "client_request_id", name="one_request_a_press"),)


class Supplement(Base):
    """What a citizen added to her request after she was asked for more; sealed like the request itself."""

    __tablename__ = "supplements"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    request_id: Mapped[str] = mapped_column(ForeignKey("requests.id"), index=True)
    device_id: Mapped[str] = mapped_column(ForeignKey("devices.id"))
    client_answer_id: Mapped[str] = mapped_column(String(36))
    sealed_kid: Mapped[str] = mapped_column(String(64))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    body_hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("device_id", "client_answer_id", name="one_answer_a_press"),)


class Step(Base):
    """One step in the life of a request; only ever added to."""

    __tablename__ = "steps"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    request_id: Mapped[str] = mapped_column(ForeignKey("requests.id"), index=True)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(80))
    action: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(16))
    note: Mapped[str] = mapped_column(Text, default="")


class Sequence(Base):
    """A counter without gaps inside one transaction: references and acceptance numbers."""

    __tablename__ = "sequences"
    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    n: Mapped[int]


class Staff(Base):
    """A person of the office, who signs in with a name and a PIN."""

    __tablename__ = "staff"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    role: Mapped[str] = mapped_column(String(20))
    pin_hash: Mapped[str] = mapped_column(String(200))
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]


class Pass(Base):
    """A bearer token (which does not expire) or a browser session (which does); only its hash is kept."""

    __tablename__ = "passes"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), index=True)
    expires_at: Mapped[datetime | None]


class Audit(Base):
    """Who saw or did what; only ever added to, and never what was seen."""

    __tablename__ = "audit"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(index=True)
    actor: Mapped[str] = mapped_column(String(80))
    action: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(80))


class Command(Base):
    """An order to a device from the allow-list."""

    __tablename__ = "commands"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    device_id: Mapped[str] = mapped_column(ForeignKey("devices.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(12))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    detail: Mapped[str] = mapped_column(String(200), default="")


class BranchEvent(Base):
    """What happened at a branch, as its hub's kiosk passed it on."""

    __tablename__ = "branch_events"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    branch: Mapped[str] = mapped_column(ForeignKey("branches.id"))
    origin_device: Mapped[str] = mapped_column(String(64))
    origin_seq: Mapped[int] = mapped_column(BigInteger)
    type: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    ticket_id: Mapped[str | None] = mapped_column(String(64))
    data: Mapped[dict[str, Any]]
    received_at: Mapped[datetime] = mapped_column(index=True)
    __table_args__ = (
        UniqueConstraint("branch", "origin_device", "origin_seq", name="one_event_a_number"),
        Index("ix_branch_events_at", "branch", "at"),
    )


class Progress(Base):
    """Up to which number the events of one origin are all there."""

    __tablename__ = "event_progress"
    branch: Mapped[str] = mapped_column(String(64), primary_key=True)
    origin_device: Mapped[str] = mapped_column(String(64), primary_key=True)
    contiguous: Mapped[int] = mapped_column(BigInteger)
