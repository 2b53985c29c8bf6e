"""Writes a new request down: used nonce, row and first step, whole or not at all, in one way to the disk."""

from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, insert, literal, or_, select, true
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from central import codes, standing
from central.callers import DeviceCaller
from central.centre import Centre
from central.codes import Claim
from central.prepared import Prepared
from central.rejection import Rejection
from central.signature import replayed
from central.tables import Nonce, Request, Step
from kiosk.domain.request import Assurance

Draft = dict[str, Any]
"""The columns of a request that has been checked; its reference and what it doubles are known as it is stored."""


def store(centre: Centre, caller: DeviceCaller, draft: Draft, claim: Claim) -> Request:
    """Store a request; Rejection (401) for a used signature, (409, 422) where it may not be; IntegrityError for a twin.

    Where the database is across a wire, one question does it all; what needs a look in between takes several.
    """
    assurance: Assurance = draft["assurance"]
    series = f"{draft['received_at']:%Y%m%d}"
    if not (centre.store.is_sqlite or assurance in codes.PROVED or centre.options.double_open == "refuse"):
        number = centre.numbers.reserve(f"reference {series}")
        values = draft | {"reference": _reference(centre, series, number)}
        return _at_once(centre, caller, values)

    def work(connection: Connection) -> Request:
        caller.remember(connection)
        if assurance in codes.PROVED:
            with Session(connection) as session:
                codes.require(session, centre, caller, assurance, claim)
                session.flush()
        doubled = _double(centre, connection, draft["person"], draft["service"])
        number = centre.numbers.next(connection, f"reference {series}")
        values = draft | {"reference": _reference(centre, series, number), "double_of": doubled}
        _REQUEST.rows(connection, _named(values))
        _STEP.rows(connection, {"new_id": values["id"], "new_received_at": values["received_at"]})
        return Request(**values)

    return centre.store.work(work)


def _reference(centre: Centre, day: str, number: int) -> str:
    return f"{centre.options.reference_prefix}-{day}-{number:06d}"


def _at_once(centre: Centre, caller: DeviceCaller, values: Draft) -> Request:
    nonce = {"new_key_id": caller.key_id, "new_nonce": caller.nonce, "new_seen_at": caller.at}
    row = centre.store.ask(_AT_ONCE, nonce | _named(values))
    if row is None:
        raise replayed()
    return Request(**values, double_of=str(row[0]))


def _double(centre: Centre, connection: Connection, person: str, service: str) -> str:
    """The reference of her open request for the same service, if there is one."""
    row = _STILL_OPEN.first(connection, {"new_person": person, "new_service": service})
    found = str(row[0]) if row else ""
    if found and centre.options.double_open == "refuse":
        raise Rejection(
            409, "already-open", f"The request {found} for this service is still open; see what became of it."
        )
    return found


def _named(values: Draft) -> Draft:
    return {f"new_{name}": value for name, value in values.items()}


_COLUMNS = (
    "id", "device_id", "branch", "client_request_id", "service", "assurance", "consents", "catalogue_version",
    "consents_known", "sealed_kid", "sealed", "photographs", "person", "checked", "checked_codes", "double_of",
    "due_on", "body_hash", "content_mark", "captured_at", "received_at", "updated_at", "state", "reference",
    "status_hash", "reasons", "ems", "proposed_by",
)  # fmt: skip
_REQUESTS: Any = Request.__table__
_STEPS: Any = Step.__table__


def _new(name: str) -> Any:
    return bindparam(f"new_{name}", type_=_REQUESTS.c[name].type)


def _still_open() -> Select[str]:
    return (
        select(Request.reference)
        .where(
            Request.person == _new("person"),
            Request.service == _new("service"),
            or_(*(Request.state == state for state in standing.STILL_OPEN)),
        )
        .order_by(Request.received_at)
        .limit(1)
    )


_FIRST_STEP = {"actor": "device", "action": "submit", "state": "submitted", "note": ""}
_STILL_OPEN = Prepared(_still_open())
_REQUEST = Prepared(insert(_REQUESTS).values({name: _new(name) for name in _COLUMNS}).inline())
_STEP = Prepared(
    insert(_STEPS).values({"request_id": _new("id"), "at": _new("received_at"), **_FIRST_STEP}).inline()
)  # fmt: skip


def _all_in_one() -> Select[str]:
    """The nonce, and only if it was new the request, and only with the request its first step."""
    nonce: dict[str, Any] = {name: bindparam(f"new_{name}") for name in ("key_id", "nonce", "seen_at")}
    used = postgresql.insert(Nonce).values(nonce).on_conflict_do_nothing().returning(Nonce.nonce).cte("used")
    doubled = func.coalesce(_still_open().scalar_subquery(), "")
    row = select(*(doubled if name == "double_of" else _new(name) for name in _COLUMNS)).select_from(used)
    request = insert(_REQUESTS).from_select(list(_COLUMNS), row, include_defaults=False)
    stored = request.returning(_REQUESTS.c.id, _REQUESTS.c.received_at, _REQUESTS.c.double_of).cte("stored")
    begun = select(stored.c.id, stored.c.received_at, *(literal(word) for word in _FIRST_STEP.values()))
    step = insert(_STEPS).from_select(["request_id", "at", *_FIRST_STEP], begun, include_defaults=False)
    first = step.returning(_STEPS.c.request_id).cte("first")
    return select(stored.c.double_of).select_from(stored).join(first, true())


_AT_ONCE = Prepared(_all_in_one())
