"""Tables about devices themselves: keys that were replaced, journals of promises, collected logs."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from central.tables import Base


class RetiredKey(Base):
    """A device key that was replaced: it signs nothing any more, and old records are still checked with it."""

    __tablename__ = "retired_keys"
    key_id: Mapped[str] = mapped_column(ForeignKey("device_keys.id"), primary_key=True)
    retired_at: Mapped[datetime]


class PromiseRow(Base):
    """One record of a device's journal, as the device signed it."""

    __tablename__ = "promises"
    __table_args__ = (UniqueConstraint("device_id", "chain", "seq"), Index("promise_code", "code"))
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    device_id: Mapped[str] = mapped_column(ForeignKey("devices.id"))
    chain: Mapped[str] = mapped_column(String(16))
    seq: Mapped[int]
    fingerprint: Mapped[str] = mapped_column(String(64))
    code: Mapped[str] = mapped_column(String(9))
    record: Mapped[dict[str, Any]]
    received_at: Mapped[datetime] = mapped_column(index=True)


class DiagnosticsRow(Base):
    """One bundle of logs that a device has sent; never about a citizen."""

    __tablename__ = "diagnostics"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    device_id: Mapped[str] = mapped_column(ForeignKey("devices.id"), index=True)
    received_at: Mapped[datetime]
    content: Mapped[dict[str, Any]]
