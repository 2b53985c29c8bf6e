"""A kiosk asks that a clerk confirm a citizen; a clerk takes or refuses it; her code typed at the kiosk settles it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import StringConstraints
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from branch.declined import Declined
from branch.hub import hub_of
from branch.routes.common import Anybody, AsClerk, AsKiosk, AsStaff, answer, clerk_of, problems
from branch.store import confirmations as store
from branch.store.accounts import STAFF
from kiosk.link.models.branch import Body, Code, Name

router = APIRouter(prefix="/api/v1/confirmations", tags=["confirmations"])


class Asked(Body):
    """POST /confirmations: what a clerk has to know: where, for which service, and the end of the citizen's number."""

    id: UUID
    kiosk: Name
    service: Code
    tail: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z]{4}$")]


class Typed(Body):
    """POST /confirmations/{id}/check: the digits typed at the kiosk."""

    kiosk: Name
    code: Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]


class Told(Body):
    """A confirmation as kiosks see it; clerks read `tail`, `clerk`, and the `code` of what they have taken."""

    id: UUID
    kiosk: str
    service: str
    state: store.State
    asked_at: str
    until: str
    tail: str | None = None
    clerk: str | None = None
    code: str | None = None


@router.post("", status_code=201, response_model=Told, responses=problems(429))
async def ask(request: Request, body: Asked, account: AsKiosk) -> Response:
    """Raise the request on every console; the same id again is answered as it stands."""
    del account
    hub = hub_of(request)
    if hub.catalogue.service(body.service) is None:
        raise Declined("unknown-service", "Name a service of the catalogue.")
    wanted = store.Confirmation(str(body.id), body.kiosk, body.service, body.tail, "open", hub.store.now_ms())
    return answer(store.record(await hub.do(lambda tx: store.ask(tx, wanted))), 201)


@router.get("", response_model=list[Told], responses=problems())
async def live(request: Request, account: AsStaff) -> Response:
    """What waits for a clerk, and what a clerk has taken."""
    hub = hub_of(request)
    now_ms = hub.store.now_ms()
    found = await run_in_threadpool(hub.store.read, lambda connection: store.live(connection, hub.options.id, now_ms))
    return answer([store.record(one, account.id) for one in found])


@router.get("/{name}", response_model=Told, responses=problems(404))
async def read(request: Request, name: UUID, account: Anybody) -> Response:
    """How one stands."""
    hub = hub_of(request)
    now_ms = hub.store.now_ms()
    found = await run_in_threadpool(
        hub.store.read, lambda connection: store.find(connection, hub.options.id, str(name), now_ms)
    )
    if found is None:
        raise Declined("not-found", "No confirmation has this id.")
    return answer(store.record(found, account.id if account.role in STAFF else None))


@router.post("/{name}/take", response_model=Told, responses=problems(404, 409))
async def take(request: Request, name: UUID, account: AsClerk) -> Response:
    """The clerk goes to the kiosk; the answer holds the code to be typed there once she has seen the document."""
    done = await hub_of(request).do(lambda tx: store.take(tx, str(name), clerk_of(account)))
    return answer(store.record(done, account.id))


@router.post("/{name}/refuse", response_model=Told, responses=problems(404, 409))
async def refuse(request: Request, name: UUID, account: AsClerk) -> Response:
    """The clerk cannot confirm it: the kiosk says so and offers a ticket."""
    done = await hub_of(request).do(lambda tx: store.refuse(tx, str(name), clerk_of(account)))
    return answer(store.record(done, account.id))


@router.post("/{name}/check", response_model=Told, responses=problems(404, 409))
async def check(request: Request, name: UUID, body: Typed, account: AsKiosk) -> Response:
    """Compare what was typed: 200 `confirmed`, or a problem that says whether it may be typed again."""
    del account
    done, why = await hub_of(request).do(lambda tx: store.check(tx, str(name), body.code, body.kiosk))
    if why is not None:
        raise Declined(why)
    return answer(store.record(done))


@router.post("/{name}/withdraw", response_model=Told, responses=problems(404))
async def withdraw(request: Request, name: UUID, account: AsKiosk) -> Response:
    """Nobody waits at the kiosk any more."""
    done = await hub_of(request).do(lambda tx: store.withdraw(tx, str(name), account.name))
    return answer(store.record(done))
