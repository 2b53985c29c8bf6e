"""Appointments: booked by program or CSV, checked in at a kiosk by number or QR code."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from branch.appointments import Booking, read_csv, read_number
from branch.declined import Declined
from branch.hub import Hub, hub_of
from branch.moment import date_of, to_ms
from branch.orders import order_of
from branch.routes.common import AsAdmin, AsKiosk, AsStaff, answer, clerk_of, problems
from branch.routes.tickets import issued_view
from branch.store.admission import admit
from branch.store.appointments import book, cancel, check_in, read_appointments, read_one, service_of
from branch.store.issuing import Issued
from branch.store.transaction import Tx
from kiosk.link.models.branch import AppointmentView, BookingRequest, CheckInRequest, TicketRequest

router = APIRouter(prefix="/api/v1/appointments", tags=["appointments"])

Number = Annotated[str, Path(min_length=1, max_length=40)]
Day = Annotated[str | None, Query(alias="date", pattern=r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]
_CSV = {"requestBody": {"required": True, "content": {"text/csv": {"schema": {"type": "string"}}}}}


@router.post("", status_code=201, responses=problems())
async def book_one(request: Request, body: BookingRequest, account: AsAdmin) -> Response:
    """Book one, or move it: the same number again takes the new time."""
    hub, actor = hub_of(request), clerk_of(account).actor
    if hub.catalogue.service(body.service) is None:
        raise Declined("unknown-service", "Name a service of the catalogue.")
    try:
        booking = Booking(read_number(body.number), body.service, to_ms(body.starts_at))
    except ValueError as error:
        raise Declined("validation-failed", f"Correct the number: {error}.") from error
    kept = await hub.do(lambda tx: book(tx, [booking], actor))
    return answer({"number": booking.number, "kept": kept == 1}, 201)


@router.post("/import", openapi_extra=_CSV, responses=problems())
async def book_many(request: Request, account: AsAdmin) -> Response:
    """Import a CSV file with the columns number, service, starts_at; good lines are kept, wrong ones are named."""
    hub, actor = hub_of(request), clerk_of(account).actor
    try:
        text = (await request.body()).decode("utf-8")
    except UnicodeDecodeError as error:
        raise Declined("validation-failed", "Save the file as CSV in UTF-8.") from error
    offered = frozenset(code for code, service in hub.catalogue.services.items() if service.enabled)
    good, wrong = read_csv(text, offered)
    kept = await hub.do(lambda tx: book(tx, good, actor)) if good else 0
    return answer({"kept": kept, "wrong": [{"line": line, "problem": problem} for line, problem in wrong]})


@router.get("", responses=problems())
async def list_day(request: Request, account: AsStaff, day: Day = None) -> Response:
    """The appointments of a day, by time; today without a date."""
    del account
    hub = hub_of(request)
    date = day or date_of(hub.store.now_ms())
    found = await run_in_threadpool(
        hub.store.read, lambda connection: read_appointments(connection, hub.options.id, date)
    )
    return answer({"date": date, "appointments": found})


@router.get("/{number}", response_model=AppointmentView, responses=problems(404))
async def read_booked(request: Request, number: Number, account: AsKiosk) -> Response:
    """What is booked under a number, for the kiosk at which its holder stands."""
    del account
    hub, kept = hub_of(request), _number(number)
    options, now_ms = hub.options, hub.store.now_ms()
    found = await run_in_threadpool(
        hub.store.read, lambda connection: read_one(connection, options.id, kept, options.windows, now_ms)
    )
    return answer(found)


@router.post("/{number}/cancel", status_code=204, responses=problems(404, 409))
async def cancel_one(request: Request, number: Number, account: AsStaff) -> Response:
    """Take a booking back."""
    actor = clerk_of(account).actor
    await hub_of(request).do(lambda tx: cancel(tx, _number(number), actor))
    return Response(status_code=204)


@router.post("/{number}/check-in", status_code=201, responses={200: {}, **problems(404, 409)})
async def check_in_one(request: Request, number: Number, body: CheckInRequest, _account: AsKiosk) -> Response:
    """Give the holder her ticket, in the queue by the booked time; 409 while it is too early, or on another day."""
    hub, kept = hub_of(request), _number(number)
    store = hub.store
    order = order_of(await _request(hub, kept, body), hub.catalogue, hub.options.ranges, store.now_ms())

    def work(tx: Tx) -> tuple[Issued, str]:
        admit(tx, order, hub.options.opening)
        return check_in(tx, kept, order, hub.options.windows, store.numbering, store.pace_of)

    issued, arrival = await hub.do(work)
    view = {**issued_view(hub, issued), "arrival": arrival}
    return answer(view, 200, {"Idempotent-Replayed": "true"}) if issued.replayed else answer(view, 201)


async def _request(hub: Hub, number: str, body: CheckInRequest) -> TicketRequest:
    service = await run_in_threadpool(hub.store.read, lambda connection: service_of(connection, hub.options.id, number))
    return TicketRequest(
        id=body.id,
        service=service,
        language=body.language,
        origin=body.origin,
        issued_at=body.issued_at,
        sent_at=body.sent_at,
        needs=body.needs,
    )


def _number(text: str) -> str:
    try:
        return read_number(text)
    except ValueError as error:
        raise Declined("not-found", f"No appointment has this number: {error}.") from error
