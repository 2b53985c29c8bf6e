"""What a place of the tree may lay down for itself and all below it, and how that adds up along the way to a branch."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from kiosk.domain.catalogue import Catalogue, Service
from kiosk.link.models.central import OfflinePolicy, TicketRanges
from kiosk.link.models.common import PLAIN, ServiceCode, Wire

Level = Literal["province", "city", "county", "branch"]
LEVELS: tuple[Level, ...] = ("province", "city", "county", "branch")

Hours = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$")]
TextKey = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,79}$")]
TextValue = Annotated[str, StringConstraints(min_length=1, max_length=400, pattern=r"^[^\x00-\x09\x0b-\x1f\x7f]*$")]


class ServiceChange(Wire):
    """What a place says of one service; what it does not say is inherited."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    enabled: bool | None = None
    opens_on: date | None = Field(default=None, description="offered from this day on")
    fee_fen: int | None = Field(default=None, ge=0, le=10_000_000)


class Laid(Wire):
    """All that one place lays down."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    services: dict[ServiceCode, ServiceChange] = Field(default_factory=dict, max_length=100)
    hours: Hours | None = None
    opens_on: date | None = Field(default=None, description="direct requests are taken from this day on")
    texts: dict[Literal["zh", "en"], dict[TextKey, TextValue]] = Field(default_factory=dict)
    ranges: TicketRanges | None = None
    offline: OfflinePolicy | None = None
    remark: Annotated[str, StringConstraints(max_length=200, pattern=PLAIN)] = ""

    @model_validator(mode="after")
    def _fits(self) -> "Laid":
        if self.hours is not None and self.hours[:5] >= self.hours[6:]:
            raise ValueError("hours end after they begin")
        if self.ranges is not None and not (
            self.ranges.first <= self.ranges.last
            and self.ranges.last < self.ranges.emergency_base + self.ranges.emergency_step
            and self.ranges.emergency_size <= self.ranges.emergency_step
            and self.ranges.emergency_base + 4 * self.ranges.emergency_step + self.ranges.emergency_size
            <= self.ranges.overflow
        ):
            raise ValueError("the shared range, the emergency ranges and the overflow overlap")
        if sum(len(texts) for texts in self.texts.values()) > 200:
            raise ValueError("at most 200 texts")
        return self


@dataclass(frozen=True)
class Effective:
    """What holds at a branch on a day. `version` is the newest edition on its way; 1 is a tree without any."""

    version: int
    catalogue: Catalogue
    hours: str = ""
    opens_on: date | None = None
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    ranges: TicketRanges | None = None
    offline: OfflinePolicy | None = None
    tag: str = ""
    """The entity tag of the catalogue, worked out once: its text is long."""


def add_up(base: Catalogue, laid: Iterable[tuple[int, Laid]], day: date) -> Effective:
    """Put what is laid down from the root to the branch, (version, content), over the catalogue; the lower one wins."""
    version, hours, opens_on = 1, "", None
    ranges: TicketRanges | None = None
    offline: OfflinePolicy | None = None
    texts: dict[str, dict[str, str]] = {}
    changes: dict[str, ServiceChange] = {}
    for number, one in laid:
        version = max(version, number)
        hours = one.hours or hours
        opens_on = one.opens_on or opens_on
        ranges, offline = one.ranges or ranges, one.offline or offline
        for language, words in one.texts.items():
            texts.setdefault(language, {}).update(words)
        for code, change in one.services.items():
            said = change.model_dump(exclude_none=True)
            changes[code] = changes.get(code, ServiceChange()).model_copy(update=said)
    services = {
        code: _changed(service, changes[code], day) if code in changes else service
        for code, service in base.services.items()
    }
    catalogue = base
    if services != dict(base.services):
        catalogue = replace(base, services=services, version=f"{base.version}+{version}")
    tag = f'"{sha256(repr(catalogue).encode()).hexdigest()[:32]}"'
    return Effective(version, catalogue, hours, opens_on, texts, ranges, offline, tag)


def unknown(base: Catalogue, laid: Laid) -> list[str]:
    """The services that are named and do not exist."""
    return sorted(set(laid.services) - set(base.services))


def _changed(service: Service, change: ServiceChange, day: date) -> Service:
    enabled = service.enabled if change.enabled is None else change.enabled
    if change.opens_on is not None:
        enabled = enabled and day >= change.opens_on
    if change.fee_fen is None or change.fee_fen == service.fee_fen:
        return replace(service, enabled=enabled)
    yuan = f"{change.fee_fen / 100:.2f}".removesuffix(".00")
    note = {"zh": f"{yuan} 元", "en": f"{yuan} yuan"} if change.fee_fen else {"zh": "免费", "en": "free"}
    return replace(service, enabled=enabled, fee_fen=change.fee_fen, fee_note=note)
