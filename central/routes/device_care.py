"""What a kiosk hands in about itself: a new key, its journal of promises, collected logs."""

from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy import select

from central import fleet, ids, keys, staff, witness
from central.callers import AuditOfficer, CentreOf, DeviceOf, FleetOfficer, Id
from central.care_tables import DiagnosticsRow
from central.centre import Centre
from central.rejection import not_found
from central.tables import Device
from kiosk.domain import one_time
from kiosk.link.models import care

router = APIRouter(prefix="/api/v1", tags=["devices"])


@router.post("/devices/me/keys", status_code=201)
def add_key(new: care.NewKey, centre: CentreOf, caller: DeviceOf) -> care.KeyMade:
    """Take in the device's next key; the one that signs this request is good until the new one is confirmed."""
    with centre.store.write() as session:
        caller.remember(session)
        return keys.add(session, caller.id, new.public_key, centre.at())


@router.post("/devices/me/keys/{key_id}/confirmation")
def confirm_key(key_id: Id, centre: CentreOf, caller: DeviceOf) -> care.KeyMade:
    """The device signs with its new key, which ends the old one."""
    with centre.store.write() as session:
        caller.remember(session)
        return keys.confirm(session, caller.id, key_id, caller.key_id, centre.at())


@router.post("/devices/me/journal")
def journal(batch: care.PromiseBatch, centre: CentreOf, caller: DeviceOf) -> care.CounterSigned:
    """Store what was promised on paper, and counter-sign the chain; or the place at which it begins here."""
    key = witness.witness_key(centre.vault.server_secret)
    with centre.store.write() as session:
        caller.remember(session)
        if batch.declared is not None:
            return witness.begin(session, key, caller.id, batch.declared, centre.at())
        return witness.take_in(session, key, caller.id, batch.records, centre.at())


@router.get("/journal")
def look_up(
    centre: CentreOf, officer: AuditOfficer, code: Annotated[str, Query(min_length=8, max_length=12)]
) -> list[care.PromiseFound]:
    """The paper behind the short code of a receipt."""
    with centre.store.read() as session:
        found = witness.find(session, code)
    fleet.write_down(centre, officer.name, "code-looked-up", found[0].device_id if found else "none")
    return found


@router.post("/devices/me/diagnostics", status_code=201)
def diagnostics(bundle: care.Diagnostics, centre: CentreOf, caller: DeviceOf) -> care.DiagnosticsKept:
    """Keep collected logs."""
    now = centre.at()
    row = DiagnosticsRow(
        id=ids.uuid7(now), device_id=caller.id, received_at=now, content=bundle.model_dump(mode="json")
    )
    with centre.store.write() as session:
        caller.remember(session)
        session.add(row)
    return care.DiagnosticsKept(id=row.id)


@router.post("/fleet/devices/{device_id}/service-code")
def service_code(device_id: Id, centre: CentreOf, officer: FleetOfficer) -> care.ServiceCodeNow:
    """The code that opens a kiosk's service menu now; told to the technician who stands before it, and written down."""
    return code_now(centre, device_id, officer.name)


@router.get("/fleet/devices/{device_id}/diagnostics")
def collected(device_id: Id, centre: CentreOf, _officer: FleetOfficer) -> list[care.DiagnosticsSeen]:
    """The last ten bundles of a device, newest first."""
    return bundles(centre, device_id)


def code_now(centre: Centre, device_id: str, officer: str) -> care.ServiceCodeNow:
    """The code of this half minute for a device; that the officer asked for it is written down first."""
    with centre.store.write() as session:
        if session.get(Device, device_id) is None:
            raise not_found("device")
        staff.write_down(session, centre.at(), officer, "service-code", device_id)
    seconds = int(centre.at().timestamp())
    code = one_time.code(one_time.secret_of(centre.vault.server_secret, device_id), seconds // one_time.PERIOD_S)
    return care.ServiceCodeNow(code=code, good_s=one_time.PERIOD_S - seconds % one_time.PERIOD_S)


def bundles(centre: Centre, device_id: str) -> list[care.DiagnosticsSeen]:
    """The last ten bundles of a device, newest first."""
    with centre.store.read() as session:
        rows = session.scalars(
            select(DiagnosticsRow)
            .where(DiagnosticsRow.device_id == device_id)
            .order_by(DiagnosticsRow.received_at.desc())
            .limit(10)
        ).all()
    return [
        care.DiagnosticsSeen.model_validate(
            {**row.content, "id": row.id, "device_id": row.device_id, "received_at": centre.local(row.received_at)}
        )
        for row in rows
    ]
