"""Tables of proofs: one-time codes sent to a phone, and which request each proof was used for."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from central.tables import Base


class OneTimeCode(Base):
    """A code sent to a phone. Neither code nor number is stored: only their keyed marks."""

    __tablename__ = "one_time_codes"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    device_id: Mapped[str] = mapped_column(ForeignKey("devices.id"), index=True)
    service: Mapped[str] = mapped_column(String(12))
    phone_mark: Mapped[str] = mapped_column(String(64), index=True)
    code_mark: Mapped[str] = mapped_column(String(64))
    sent_at: Mapped[datetime] = mapped_column(index=True)
    tries: Mapped[int] = mapped_column(default=0)
    proved_at: Mapped[datetime | None]


class UsedProof(Base):
    """A proof is good for one request, however often that request is sent."""

    __tablename__ = "used_proofs"
    kind: Mapped[str] = mapped_column(String(8), primary_key=True)
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    device_id: Mapped[str] = mapped_column(String(36))
    client_request_id: Mapped[str] = mapped_column(String(36))
    at: Mapped[datetime]


class MessageRow(Base):
    """A text message that a citizen is owed about her request; the number it goes to stays sealed in the request."""

    __tablename__ = "messages"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    request_id: Mapped[str] = mapped_column(ForeignKey("requests.id"), index=True)
    state: Mapped[str] = mapped_column(String(16))
    tries: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime | None] = mapped_column(index=True)
