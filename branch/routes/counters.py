"""Counters: opened by a clerk, paused, closed; and the calls that come from them."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from branch.declined import Declined
from branch.hub import Hub, hub_of
from branch.routes.common import AsAdmin, AsClerk, answer, clerk_of, problems
from branch.store import calling, clerk
from branch.store.rows import ticket_at
from branch.store.transaction import Tx, Work
from branch.ticket import Counter, Ticket, counter_record, ticket_record
from kiosk.link.models.branch import CallRequest, CounterOpen, CounterPause, CounterView, TicketRecord

router = APIRouter(prefix="/api/v1/counters", tags=["counters"])

Number = Annotated[int, Path(ge=0, le=9999)]


@router.post("/{number}/open", response_model=CounterView, responses=problems(404, 409))
async def open_counter(request: Request, number: Number, account: AsClerk, body: CounterOpen | None = None) -> Response:
    """Open a counter for this clerk, or end its pause; the branch may have a rule of what she and it serve."""
    hub = _known(request, number)
    asked = _services(hub, body.services) if body and body.services is not None else None
    who = clerk_of(account)
    services = hub.options.profiles.serve(number, who.name, asked, sorted(hub.catalogue.services))
    return await _counter(hub, number, lambda tx: clerk.open_counter(tx, number, who, services))


@router.post("/{number}/pause", response_model=CounterView, responses=problems(404, 409))
async def pause_counter(request: Request, number: Number, body: CounterPause, account: AsClerk) -> Response:
    """Call nobody for a while."""
    who = clerk_of(account)
    return await _counter(_known(request, number), number, lambda tx: clerk.pause_counter(tx, number, who, body.reason))


@router.post("/{number}/close", response_model=CounterView, responses=problems(404, 409))
async def close_counter(request: Request, number: Number, account: AsClerk) -> Response:
    """Let go of a counter."""
    who = clerk_of(account)
    return await _counter(_known(request, number), number, lambda tx: clerk.close_counter(tx, number, who))


@router.post("/{number}/release", response_model=CounterView, responses=problems(404))
async def release_counter(request: Request, number: Number, account: AsAdmin) -> Response:
    """Take a counter away from a clerk who is gone; her ticket goes back to its place."""
    who = clerk_of(account)
    return await _counter(_known(request, number), number, lambda tx: clerk.release_counter(tx, number, who))


@router.post(
    "/{number}/call-next",
    response_model=TicketRecord,
    responses={204: {"description": "Nobody waits"}, **problems(404, 409)},
)
async def call_next(request: Request, number: Number, account: AsClerk) -> Response:
    """Call whom the policy chooses."""
    hub, who = _known(request, number), clerk_of(account)
    ticket = await hub.do(lambda tx: calling.call_next(tx, number, who, hub.options.policy))
    return Response(status_code=204) if ticket is None else answer(ticket_record(ticket, staff=True))


@router.post("/{number}/call", response_model=TicketRecord, responses=problems(404, 409))
async def call_label(request: Request, number: Number, body: CallRequest, account: AsClerk) -> Response:
    """Call a number by hand."""
    hub, who = _known(request, number), clerk_of(account)
    ticket = await hub.do(lambda tx: calling.call_label(tx, number, who, body.label))
    return answer(ticket_record(ticket, staff=True))


def _known(request: Request, number: int) -> Hub:
    hub = hub_of(request)
    if number not in hub.options.numbers:
        raise Declined("not-found", f"Counters are numbered 1 to {hub.options.counters}.")
    return hub


async def _counter(hub: Hub, number: int, work: Work[Counter]) -> Response:
    def with_ticket(tx: Tx) -> tuple[Counter, Ticket | None]:
        return work(tx), ticket_at(tx.connection, tx.branch, number)

    counter, ticket = await hub.do(with_ticket)
    return answer(counter_record(counter, ticket, staff=True))


def _services(hub: Hub, asked: list[str]) -> list[str]:
    """The service codes that were asked for; a category's letter stands for all of its services."""
    codes: list[str] = []
    for code in asked:
        within = [service.code for service in hub.catalogue.within(code)]
        if not within and hub.catalogue.service(code) is None:
            raise Declined("unknown-service", "Name services or categories of the catalogue.")
        codes.extend(within or [code])
    return codes
