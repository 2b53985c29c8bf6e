"""Tickets: issued by kiosks, confirmed, voided, and moved through their life by clerks."""

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from branch.declined import Declined
from branch.hub import Hub, hub_of
from branch.life import CLERK_VERBS, ClerkVerb
from branch.orders import order_of
from branch.routes.common import (
    Anybody,
    AsClerk,
    AsKiosk,
    AsKioskOrClerk,
    AsStaff,
    Endpoint,
    answer,
    clerk_of,
    problems,
)
from branch.store.accounts import STAFF, Account
from branch.store.admission import admit
from branch.store.also import keep_also
from branch.store.issuing import Issued, confirm, give_up, issue, void
from branch.store.rows import ticket_by_id
from branch.store.transaction import Tx
from branch.store.verbs import Counters, Transfer, annotate, apply, confirm_priority
from branch.store.visits import keep_outcome, keep_visit
from branch.ticket import Ticket, ticket_record
from kiosk.link.models.branch import (
    ConfirmRequest,
    FinishRequest,
    NoteRequest,
    PriorityRequest,
    TicketIssued,
    TicketRecord,
    TicketRequest,
    TransferRequest,
    VoidRequest,
)

router = APIRouter(prefix="/api/v1/tickets", tags=["tickets"])


@router.post(
    "", status_code=201, response_model=TicketIssued, responses={200: {"model": TicketIssued}, **problems(409)}
)
async def issue_ticket(request: Request, body: TicketRequest, _account: AsKiosk) -> Response:
    """Issue a ticket for a press of the button, or take in one that was issued while the kiosk was cut off."""
    return await press(hub_of(request), body)


async def press(hub: Hub, body: TicketRequest) -> Response:
    """The same for whoever has checked the token and read the body."""
    store = hub.store
    order = order_of(body, hub.catalogue, hub.options.ranges, store.now_ms(), store.standing.epoch)

    def work(tx: Tx) -> Issued:
        admit(tx, order, hub.options.opening)
        issued = issue(tx, order, store.numbering, store.pace_of)
        keep_visit(tx, order.id, order.needs)
        keep_also(tx, order.id, order.also)
        return issued

    issued = await hub.do(work, order.id)
    if issued.replayed:
        return answer(issued_view(hub, issued), 200, {"Idempotent-Replayed": "true"})
    return answer(issued_view(hub, issued), 201)


@router.get("/{ticket_id}", response_model=TicketRecord, responses=problems(404))
async def read_ticket(request: Request, ticket_id: UUID, account: Anybody) -> Response:
    """Read one ticket."""
    hub = hub_of(request)
    ticket = await run_in_threadpool(
        hub.store.read, lambda connection: ticket_by_id(connection, hub.options.id, str(ticket_id))
    )
    if ticket is None:
        raise Declined("not-found", "No ticket has this id.")
    return _record(ticket, account)


@router.post("/{ticket_id}/confirm", response_model=TicketRecord, responses=problems(404, 409))
async def confirm_ticket(request: Request, ticket_id: UUID, body: ConfirmRequest, account: AsKiosk) -> Response:
    """Say that the paper is out."""
    actor = clerk_of(account).actor
    ticket = await hub_of(request).do(lambda tx: confirm(tx, str(ticket_id), body.printed, actor))
    return _record(ticket, account)


@router.post("/{ticket_id}/void", response_model=TicketRecord, responses=problems(404, 409))
async def void_ticket(request: Request, ticket_id: UUID, body: VoidRequest, account: AsKioskOrClerk) -> Response:
    """Take a ticket out of the queue. A kiosk's id that never arrived is 404, and makes no ticket later either."""
    way = give_up if account.role == "kiosk" else void
    actor = clerk_of(account).actor
    ticket = await hub_of(request).do(lambda tx: way(tx, str(ticket_id), body.reason, actor))
    if ticket is None:
        raise Declined("not-found", "No ticket has this id; should the attempt arrive yet, it will make none.")
    return _record(ticket, account)


@router.post("/{ticket_id}/transfer", response_model=TicketRecord, responses=problems(404, 409))
async def transfer_ticket(request: Request, ticket_id: UUID, body: TransferRequest, account: AsClerk) -> Response:
    """Send a ticket to another service or counter; it keeps the wait that it has."""
    hub = hub_of(request)
    if body.service is None and body.counter is None:
        raise Declined("validation-failed", "Say where to: a service, a counter, or both.")
    if body.service is not None and hub.catalogue.service(body.service) is None:
        raise Declined("unknown-service", "Choose a service of the catalogue.")
    if body.counter is not None and body.counter not in hub.options.numbers:
        raise Declined("validation-failed", f"Counters are numbered 1 to {hub.options.counters}.")
    return await _do(request, ticket_id, "transfer", account, Transfer(body.service, body.counter))


@router.post("/{ticket_id}/finish", response_model=TicketRecord, responses=problems(404, 409))
async def finish_ticket(
    request: Request, ticket_id: UUID, account: AsClerk, body: FinishRequest | None = None
) -> Response:
    """End a visit, and say how it ended."""
    hub, clerk = hub_of(request), clerk_of(account)
    counters = Counters(hub.options.numbers, hub.options.missed_s * 1000)

    def work(tx: Tx) -> Ticket:
        ticket = apply(tx, str(ticket_id), "finish", clerk, counters, None)
        if body is not None and body.outcome != "done":
            keep_outcome(tx, ticket.id, body.outcome, clerk.actor)
        return ticket

    return _record(await hub.do(work), account)


@router.post("/{ticket_id}/priority", response_model=TicketRecord, responses=problems(404, 409))
async def set_priority(request: Request, ticket_id: UUID, body: PriorityRequest, account: AsStaff) -> Response:
    """Confirm a priority on sight of a certificate, or take it back with null."""
    clerk = clerk_of(account)
    ticket = await hub_of(request).do(lambda tx: confirm_priority(tx, str(ticket_id), body.priority, clerk))
    return _record(ticket, account)


@router.post("/{ticket_id}/note", response_model=TicketRecord, responses=problems(404, 409))
async def set_note(request: Request, ticket_id: UUID, body: NoteRequest, account: AsStaff) -> Response:
    """Keep a remark for colleagues; an empty one removes it."""
    clerk = clerk_of(account)
    ticket = await hub_of(request).do(lambda tx: annotate(tx, str(ticket_id), body.text, clerk))
    return _record(ticket, account)


def _verb(verb: ClerkVerb) -> Endpoint:
    async def act(request: Request, ticket_id: UUID, account: AsClerk) -> Response:
        return await _do(request, ticket_id, verb, account)

    return act


for _name in CLERK_VERBS:
    if _name not in {"transfer", "finish"}:
        router.add_api_route(
            f"/{{ticket_id}}/{_name}",
            _verb(_name),
            methods=["POST"],
            response_model=TicketRecord,
            responses=problems(404, 409),
            summary=f"A clerk's {_name}",
            operation_id=f"ticket_{_name.replace('-', '_')}",
        )


async def _do(
    request: Request, ticket_id: UUID, verb: ClerkVerb, account: Account, to: Transfer | None = None
) -> Response:
    hub, clerk = hub_of(request), clerk_of(account)
    counters = Counters(hub.options.numbers, hub.options.missed_s * 1000)
    ticket = await hub.do(lambda tx: apply(tx, str(ticket_id), verb, clerk, counters, to))
    return _record(ticket, account)


def _record(ticket: Ticket, account: Account) -> Response:
    return answer(ticket_record(ticket, staff=account.role in STAFF))


def issued_view(hub: Hub, issued: Issued) -> dict[str, object]:
    """A ticket as its kiosk reads it."""
    ticket, wait = issued.ticket, issued.wait
    token, base = ticket.status_token, hub.options.public_url.rstrip("/")
    return {
        "id": ticket.id,
        "label": ticket.label,
        "service": ticket.service,
        "state": ticket.state,
        "ahead": issued.ahead,
        "wait": {"low_s": wait.low_s, "high_s": wait.high_s} if wait else None,
        "business_date": ticket.business_date,
        "status_url": f"{base}/t/{token}" if token and base else None,
    }
