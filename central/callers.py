"""Who is calling: a device by its signature, an officer by her bearer token. Routes ask for one of these."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Path, Request
from fastapi.concurrency import run_in_threadpool
from sqlalchemy import Connection, bindparam, exists, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from central import staff
from central.care_tables import RetiredKey
from central.centre import Centre
from central.gateway import Sms
from central.prepared import Prepared
from central.rejection import Rejection
from central.signature import Message, Signed, replayed, verify
from central.staff import Officer, Right
from central.tables import Device, DeviceKey, Nonce
from kiosk.link.models.central import IDEMPOTENCY_HEADER


async def centre_of(request: Request) -> Centre:
    """The parts of the service that answers this request."""
    centre: Centre = request.app.state.centre
    return centre


def sms_of(request: Request) -> Sms | None:
    """The gateway for text messages, if there is one."""
    found: Sms | None = getattr(request.app.state, "sms", None)
    return found


Id = Annotated[str, Path(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9-]+$")]
"""An id in an address."""

CentreOf = Annotated[Centre, Depends(centre_of)]


def own_url(request: Request) -> str:
    """The origin under which the client addressed this service."""
    return f"{request.url.scheme}://{request.headers.get('host', request.url.netloc)}"


def address(request: Request) -> str:
    """The network address of the caller, for limits only; it is not stored."""
    return request.client.host if request.client else ""


def _use(insert: Any) -> Any:
    values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in ("key_id", "nonce", "seen_at")}
    return insert(Nonce).values(values).on_conflict_do_nothing().returning(Nonce.nonce)


_USE = Prepared(_use(sqlite.insert), postgresql=_use(postgresql.insert))

# One question for each request of each kiosk: plain columns, no objects.
_DEVICE = Prepared(
    select(DeviceKey.public_key, Device.id, Device.branch, Device.state)
    .join(Device, Device.id == DeviceKey.device_id)
    .where(DeviceKey.id == bindparam("wanted"), ~exists().where(RetiredKey.key_id == DeviceKey.id))
)

_LARGE = 65_536  # bytes; digesting more would keep the event loop from its other callers


@dataclass(frozen=True)
class DeviceCaller:
    """A device whose signature holds, and that may. Its nonce is used up by `remember`, in the caller's transaction."""

    id: str
    branch: str
    key_id: str
    nonce: str
    idempotency_key: str | None
    at: datetime

    def remember(self, inside: Session | Connection) -> None:
        """Use up the nonce; Rejection (401) if it has been used before. A request that fails may be sent again."""
        connection = inside if isinstance(inside, Connection) else inside.connection()
        row = {"new_key_id": self.key_id, "new_nonce": self.nonce, "new_seen_at": self.at}
        if _USE.first(connection, row) is None:
            raise replayed()


def device_may(state: str) -> None:
    """Let an accepted device through; Rejection (403) for any other."""
    if state == "pending":
        detail = "This device waits until the centre has accepted it; until then nothing of it is taken."
        raise Rejection(403, "device-pending", detail, "later")
    if state != "accepted":
        raise Rejection(403, f"device-{state}", "This device may not hand in anything; call the centre.")


async def _body(request: Request) -> bytes:
    return await request.body()


BodyOf = Annotated[bytes, Depends(_body)]


def device_caller(request: Request, centre: CentreOf, body: BodyOf) -> DeviceCaller:
    """The signing device; Rejection (401, 403) for a signature that does not hold or a device that may not."""
    caller, state = _calling(request, centre, body)
    device_may(state)
    return caller


def newcomer(request: Request, centre: CentreOf, body: BodyOf) -> DeviceCaller:
    """The signing device, also one that waits to be accepted: it may say how it is and fetch what it will need."""
    caller, state = _calling(request, centre, body)
    if state != "pending":
        device_may(state)
    return caller


def _calling(request: Request, centre: Centre, body: bytes) -> tuple[DeviceCaller, str]:
    found: dict[str, Any] = {}

    def find(key_id: str) -> str | None:
        found["device"] = centre.store.ask(_DEVICE, {"wanted": key_id})
        return None if found["device"] is None else str(found["device"][0])

    signed, now = _checked(request, centre, body, find)
    _key, device, branch, state = found["device"]
    return DeviceCaller(device, branch, signed.key_id, signed.nonce, signed.idempotency_key, now), state


async def signer(request: Request, centre: CentreOf, body: BodyOf) -> Signed:
    """Whose signature holds; Rejection (401) if none does. Whether that device may, the caller has yet to ask.

    The public key of a key's id never changes, so it is remembered; whether the key was replaced is not.
    """
    missed: list[str] = []

    def recall(key_id: str) -> str | None:
        known = centre.public_keys.get(key_id)
        if known is None:
            missed.append(key_id)
        return known

    def find(key_id: str) -> str | None:
        row = centre.store.ask(_DEVICE, {"wanted": key_id})
        if row is not None:
            centre.public_keys.keep(key_id, str(row[0]))
        return None if row is None else str(row[0])

    if len(body) <= _LARGE:
        try:
            return _checked(request, centre, body, recall)[0]
        except Rejection:
            if not missed:
                raise
    signed, _ = await run_in_threadpool(_checked, request, centre, body, find)
    return signed


def _checked(
    request: Request, centre: Centre, body: bytes, find: Callable[[str], str | None]
) -> tuple[Signed, datetime]:
    path = request.scope.get("raw_path") or request.url.path.encode()
    query = request.scope.get("query_string", b"")
    origin = centre.public_url(own_url(request)) if centre.options.public_url else None
    target = path.decode("latin-1") + ("?" + query.decode("latin-1") if query else "")
    lines = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw]
    if len([name for name, _ in lines if name == IDEMPOTENCY_HEADER.lower()]) > 1:
        raise Rejection(400, "idempotency-key-malformed", f"{IDEMPOTENCY_HEADER} is there more than once.")
    # Behind a proxy the client signed the public address; on the service's own port it signed that one.
    tried = own_url(request)
    now = centre.at()
    try:
        return verify(Message.of(request.method, tried + target, lines, body), now, find), now
    except Rejection:
        if origin is None or origin == tried:
            raise
        return verify(Message.of(request.method, origin + target, lines, body), now, find), now


SignerOf = Annotated[Signed, Depends(signer)]
DeviceOf = Annotated[DeviceCaller, Depends(device_caller)]
NewcomerOf = Annotated[DeviceCaller, Depends(newcomer)]


def bearer(request: Request, centre: Centre) -> Officer | None:
    """The officer whose bearer token comes with a request, or None."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        return None
    with centre.store.read() as session:
        return staff.whose(session, token.strip(), centre.at(), browser=False)


def needs(officer: Officer | None, right: Right) -> Officer:
    """Let an officer with this right through; Rejection (401) without a good token, (403) without the right."""
    if officer is None:
        raise Rejection(
            401,
            "token-missing",
            "A staff token is needed: Authorization: Bearer.",
            "reauth",
            headers={"WWW-Authenticate": "Bearer"},
        )
    if not officer.may(right):
        raise Rejection(403, "role-missing", "Your role does not include this.")
    return officer


def desk_officer(request: Request, centre: CentreOf) -> Officer:
    """An officer who works on requests."""
    return needs(bearer(request, centre), "desk")


def audit_officer(request: Request, centre: CentreOf) -> Officer:
    """An officer who may read the book."""
    return needs(bearer(request, centre), "audit")


def fleet_officer(request: Request, centre: CentreOf) -> Officer:
    """An officer who may see the kiosks."""
    return needs(bearer(request, centre), "fleet")


def fleet_manager(request: Request, centre: CentreOf) -> Officer:
    """An officer who may manage the kiosks."""
    return needs(bearer(request, centre), "manage")


def rights_officer(request: Request, centre: CentreOf) -> Officer:
    """An officer who answers for a person's rights."""
    return needs(bearer(request, centre), "rights")


DeskOfficer = Annotated[Officer, Depends(desk_officer)]
AuditOfficer = Annotated[Officer, Depends(audit_officer)]
FleetOfficer = Annotated[Officer, Depends(fleet_officer)]
FleetManager = Annotated[Officer, Depends(fleet_manager)]
RightsOfficer = Annotated[Officer, Depends(rights_officer)]


def device_or_officer(request: Request, centre: CentreOf, body: BodyOf) -> DeviceCaller | Officer:
    """A request may be looked up and withdrawn by the device that handed it in, and by the desk."""
    if request.headers.get("authorization"):
        return desk_officer(request, centre)
    return device_caller(request, centre, body)


CallerOf = Annotated[DeviceCaller | Officer, Depends(device_or_officer)]
