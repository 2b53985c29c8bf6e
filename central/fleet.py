"""All kiosks as the centre knows them: their last word, who is silent, and what is to become of them."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Literal, get_args

from pydantic import AwareDatetime, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from central import staff
from central.centre import Centre
from central.enrolments import branch_name
from central.rejection import Rejection, not_found
from central.tables import Branch, Device, DeviceKey
from kiosk.domain.health import HealthWord
from kiosk.domain.key_mark import key_mark
from kiosk.domain.program_version import older
from kiosk.link.models.central import BranchName, CommandKind, Outbox, UpdateTold, Wire

COMMANDS: tuple[CommandKind, ...] = get_args(CommandKind)

_FINE: frozenset[HealthWord] = frozenset({"ready"})
_SILENT_AFTER = 3
HOT_C = 75.0
"""The board slows itself down from 80 degrees on; somebody should look at the fan before."""

OLD_S = 3600.0
"""A request that waits for an hour on a kiosk that is heard of is not merely cut off."""

Fate = Literal["suspend", "resume", "retire", "accept", "refuse"]

_FATES: dict[Fate, tuple[str, str]] = {
    "suspend": ("accepted", "suspended"),
    "resume": ("suspended", "accepted"),
    "retire": ("*", "retired"),
    "accept": ("pending", "accepted"),
    "refuse": ("pending", "retired"),
}


_IN_THE_BOOK: dict[Fate, str] = {"accept": "let-in", "refuse": "turned-away"}
"""What the book calls a decision on a kiosk whose own name is that of a decision on a request."""


class Kiosk(Wire):
    """One kiosk and its last heartbeat."""

    device_id: str
    name: str
    number: int
    branch: BranchName
    state: Literal["pending", "accepted", "suspended", "retired"]
    enrolled_at: AwareDatetime
    last_contact: AwareDatetime | None
    silent: bool
    version: str
    config_version: int | None
    config_wanted: int
    catalogue_version: str
    health: dict[str, str]
    trouble: tuple[str, ...]
    outbox: Outbox | None
    temperature_c: float | None
    update: UpdateTold | None = None
    too_old: bool = False
    key_mark: str = ""
    hardware: dict[str, str] = Field(default_factory=dict)


def kiosks(centre: Centre) -> list[Kiosk]:
    """Every kiosk that is not retired, by branch and number."""
    with centre.store.read() as session:
        rows = session.execute(
            select(Device, Branch)
            .join(Branch, Branch.id == Device.branch)
            .where(Device.state != "retired")
            .order_by(Device.branch, Device.kiosk_number)
        ).all()
        today = centre.at().date()
        found = [
            _kiosk(centre, device, branch, centre.tree.of(session, branch.id, today).version) for device, branch in rows
        ]
        return [_applicant(session, kiosk) if kiosk.state == "pending" else kiosk for kiosk in found]


def by_branch(found: Sequence[Kiosk]) -> list[tuple[BranchName, list[Kiosk]]]:
    """The kiosks of each branch together."""
    groups: dict[str, tuple[BranchName, list[Kiosk]]] = {}
    for kiosk in found:
        groups.setdefault(kiosk.branch.id, (kiosk.branch, []))[1].append(kiosk)
    return list(groups.values())


def alarms(kiosk: Kiosk) -> tuple[str, ...]:
    """What somebody has to see to, as keys of texts: devices, heat, requests that wait too long, an old version."""
    found = ["alarm.device"] if kiosk.trouble else []
    if kiosk.temperature_c is not None and kiosk.temperature_c >= HOT_C:
        found.append("alarm.hot")
    if kiosk.outbox and (kiosk.outbox.oldest_age_s or 0) > OLD_S:
        found.append("alarm.outbox")
    if kiosk.too_old:
        found.append("alarm.version")
    if kiosk.update and kiosk.update.ending in ("rolled-back", "refused"):
        found.append("alarm.update")
    return tuple(found)


def decide(centre: Centre, device_id: str, fate: Fate, actor: str) -> Kiosk:
    """Accept or refuse, suspend, resume or retire; Rejection (409) where that is not possible.

    One that is refused or retired never comes back: its machine enrols anew with another claim.
    """
    before, after = _FATES[fate]
    with centre.store.write() as session:
        device = session.get(Device, device_id)
        if device is None:
            raise not_found("device")
        if device.state == "retired" or (before not in ("*", device.state)):
            raise Rejection(409, "state-conflict", f"The device is {device.state}.")
        device.state = after
        staff.write_down(session, centre.at(), actor, _IN_THE_BOOK.get(fate, fate), device_id)
        wanted = centre.tree.of(session, device.branch, centre.at().date()).version
        return _kiosk(centre, device, _branch(session, device), wanted)


def write_down(centre: Centre, actor: str, action: str, subject: str) -> None:
    """Add a line to the book."""
    with centre.store.write() as session:
        staff.write_down(session, centre.at(), actor, action, subject)


def _applicant(session: Session, kiosk: Kiosk) -> Kiosk:
    """One that waits, with what an officer compares before she lets it in: its machine, and the mark of its key."""
    device = session.get_one(Device, kiosk.device_id)
    key = session.scalars(select(DeviceKey.public_key).where(DeviceKey.device_id == device.id)).first() or ""
    return kiosk.model_copy(update={"key_mark": key_mark(key), "hardware": dict(device.hardware)})


def _branch(session: Session, device: Device) -> Branch:
    return session.get_one(Branch, device.branch)


def _kiosk(centre: Centre, device: Device, branch: Branch, wanted: int) -> Kiosk:
    beat: dict[str, Any] = device.beat or {}
    health: dict[str, str] = beat.get("health", {})
    limit = timedelta(seconds=_SILENT_AFTER * centre.options.heartbeat_s)
    return Kiosk.model_validate(
        {
            "device_id": device.id,
            "name": f"K{device.kiosk_number}",
            "number": device.kiosk_number,
            "branch": branch_name(branch),
            "state": device.state,
            "enrolled_at": centre.local(device.created_at),
            "last_contact": centre.local(device.beat_at) if device.beat_at else None,
            "silent": device.beat_at is None or centre.at() - device.beat_at > limit,
            "version": beat.get("version", ""),
            "too_old": older(beat.get("version", ""), centre.options.min_client_version),
            "config_version": beat.get("config_version"),
            "config_wanted": wanted,
            "catalogue_version": beat.get("catalogue_version") or "",
            "health": health,
            "trouble": tuple(name for name, word in health.items() if word not in _FINE),
            "outbox": beat.get("outbox"),
            "temperature_c": beat.get("temperature_c"),
            "update": beat.get("update"),
        }
    )
