"""Claims and devices: a one-time code makes one machine a kiosk of one branch."""

import re
from base64 import b64decode, b64encode
from datetime import datetime, timedelta
from typing import Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from central import ids, staff
from central.centre import Centre
from central.options import BranchNames, Options
from central.rejection import Rejection
from central.store import Store
from central.tables import Branch, Claim, Device, DeviceKey
from kiosk.domain.errors import Refusal
from kiosk.domain.one_time import secret_of
from kiosk.domain.ticket import Ranges
from kiosk.link.models.central import (
    BranchName,
    DeviceConfig,
    Enrolment,
    EnrolmentOrder,
    KioskPlace,
    NumberRange,
    TicketRanges,
)

LONGEST_DAYS = 30
"""How long a claim of a county may live: kiosks lie packed for weeks before their branch opens."""


def claim(
    store: Store, options: Options, branch: str, kiosk: int | None, now: datetime, days: int | None = None
) -> str:
    """Give out a claim code for a branch, and for one kiosk of it if a number is named; Refusal for a wrong branch.

    It lives for the options' hours, or for so many `days` (1 to 30).
    """
    if not re.fullmatch(r"[A-Za-z0-9-]{1,64}", branch):
        raise Refusal(f"--branch {branch!r} is no branch code; it looks like 421202-001")
    if kiosk is not None and not 1 <= kiosk <= 99:
        raise Refusal("--kiosk takes a number from 1 to 99")
    if days is not None and not 1 <= days <= LONGEST_DAYS:
        raise Refusal(f"--days takes a number from 1 to {LONGEST_DAYS}")
    life = timedelta(hours=options.claim_h) if days is None else timedelta(days=days)
    code = ids.claim_code()
    names = options.branches.get(branch, BranchNames(branch, branch))
    with store.write() as session:
        known = session.get(Branch, branch)
        if known is None:
            session.add(Branch(id=branch, name_zh=names.zh, name_en=names.en))
        elif branch in options.branches:
            known.name_zh, known.name_en = names.zh, names.en
        session.flush()
        session.add(
            Claim(
                code_hash=ids.fingerprint(ids.plain_claim(code)),
                branch=branch,
                kiosk_number=kiosk,
                created_at=now,
                expires_at=now + life,
            )
        )
        staff.write_down(session, now, "console", "claimed", branch)
    return code


def enrol(centre: Centre, order: EnrolmentOrder, own_url: str) -> tuple[Enrolment, bool]:
    """Make a device of the bearer of a claim code; True where this very key had done so (its answer was lost)."""
    try:
        public_key = b64encode(Ed25519PublicKey.from_public_bytes(b64decode(order.public_key)).public_bytes_raw())
    except ValueError:
        raise Rejection(400, "public-key-malformed", "public_key is no Ed25519 key: 32 bytes in base64.") from None
    key = public_key.decode()
    now = centre.at()
    with centre.store.write() as session:
        found = session.scalars(
            select(Claim).where(Claim.code_hash == ids.fingerprint(ids.plain_claim(order.claim_code))).with_for_update()
        ).one_or_none()
        if found is None:
            raise Rejection(404, "claim-unknown", "This claim code is not known; ask the centre for a new one.")
        owner = session.scalars(select(DeviceKey).where(DeviceKey.public_key == key)).one_or_none()
        if found.device_id is not None:
            if owner is None or owner.device_id != found.device_id:
                raise Rejection(409, "claim-used", "This claim code has been used; ask the centre for a new one.")
            device = session.get_one(Device, found.device_id)
            if device.state == "retired":
                raise Rejection(403, "device-retired", "This device was refused or retired; ask for a new claim code.")
            return _enrolment(centre, session, device, owner.id, own_url), True
        if found.expires_at <= now:
            raise Rejection(410, "claim-expired", "This claim code has expired; ask the centre for a new one.")
        if owner is not None:
            raise Rejection(409, "key-known", "This key belongs to another device; make a new one.")
        number = _number(session, found)
        device = Device(
            id=ids.uuid7(now),
            branch=found.branch,
            kiosk_number=number,
            state="pending" if centre.options.admission == "officer" else "accepted",
            hardware=order.hardware,
            created_at=now,
        )
        session.add(device)
        session.flush()
        key_id = "device-key-" + ids.uuid7(now)
        session.add(DeviceKey(id=key_id, device_id=device.id, public_key=key, created_at=now))
        found.device_id = device.id
        staff.write_down(session, now, "device", "enrolled" if device.state == "accepted" else "applied", device.id)
        session.flush()
        return _enrolment(centre, session, device, key_id, own_url), False


def config_of(centre: Centre, session: Session, device: Device, own_url: str) -> DeviceConfig:
    """What the centre decides for a device now."""
    branch = session.get_one(Branch, device.branch)
    holds = centre.tree.of(session, device.branch, centre.at().date())
    return DeviceConfig(
        version=holds.version,
        device_id=device.id,
        branch=branch_name(branch),
        kiosk=KioskPlace(
            name=f"K{device.kiosk_number}",
            number=device.kiosk_number,
            emergency_range=_emergency(centre.options, holds.ranges, device.kiosk_number),
        ),
        sealing_keys=centre.vault.live(),
        offline=holds.offline or centre.options.offline,
        heartbeat_s=centre.options.heartbeat_s,
        config_poll_s=centre.options.config_poll_s,
        min_client_version=centre.options.min_client_version,
        public_url=centre.public_url(own_url),
        hours=holds.hours,
        opens_on=holds.opens_on,
        texts={language: dict(texts) for language, texts in holds.texts.items()},
        ranges=holds.ranges,
    )


def branch_name(branch: Branch) -> BranchName:
    """A branch as it goes over the wire."""
    return BranchName(id=branch.id, name_zh=branch.name_zh, name_en=branch.name_en)


def _enrolment(centre: Centre, session: Session, device: Device, key_id: str, own_url: str) -> Enrolment:
    config = config_of(centre, session, device, own_url)
    secret = secret_of(centre.vault.server_secret, device.id)
    state: Literal["pending", "accepted"] = "pending" if device.state == "pending" else "accepted"
    return Enrolment(device_id=device.id, key_id=key_id, state=state, config=config, service_secret=secret)


def _number(session: Session, found: Claim) -> int:
    taken = set(
        session.scalars(select(Device.kiosk_number).where(Device.branch == found.branch, Device.state != "retired"))
    )
    if found.kiosk_number is None:
        return next(number for number in range(1, len(taken) + 2) if number not in taken)
    if found.kiosk_number in taken:
        raise Rejection(409, "kiosk-number-taken", "A kiosk of this number is enrolled; retire that one first.")
    return found.kiosk_number


def _emergency(options: Options, laid: TicketRanges | None, number: int) -> NumberRange | None:
    ranges = Ranges(**laid.model_dump()) if laid else options.ranges
    try:
        numbers = ranges.emergency(number)
    except ValueError:
        return None
    return NumberRange(first=numbers.start, last=numbers.stop - 1)
