"""What every route shares: which roles may use it, which problems it may answer with."""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import Depends, Request
from pydantic_core import to_json
from starlette.responses import Response

from branch.hub import hub_of
from branch.store.accounts import ROLES, Account, Role
from branch.store.clerk import Clerk
from kiosk.link.models.problem import Problem

JSON = "application/json"


def needs(*roles: Role) -> Any:
    """The account behind a request, for those roles only; without roles any good token will do."""
    allowed = roles or ROLES

    async def admit(request: Request) -> Account:
        return await hub_of(request).guard.admit(request, allowed)

    return Depends(admit)


AsKiosk = Annotated[Account, needs("kiosk")]
AsClerk = Annotated[Account, needs("clerk")]
AsKioskOrClerk = Annotated[Account, needs("kiosk", "clerk")]
AsRater = Annotated[Account, needs("kiosk", "board")]
AsStaff = Annotated[Account, needs("clerk", "admin")]
AsAdmin = Annotated[Account, needs("admin")]
Anybody = Annotated[Account, needs()]


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The problems that a route documents beside those that every route may answer with."""
    words = {
        400: "Malformed", 401: "No good token", 403: "Another role, or another clerk's", 404: "Not found",
        409: "Not in this state", 413: "Body too large", 422: "Does not fit", 429: "Too many tries",
        503: "Nothing can be stored now",
    }  # fmt: skip
    return {
        status: {"model": Problem, "description": words[status]}
        for status in sorted({400, 401, 403, 413, 422, 503, *statuses})
    }


def answer(data: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """JSON, in UTF-8 as it is spoken."""
    return Response(to_json(data), status, headers, media_type=JSON)


def clerk_of(account: Account) -> Clerk:
    """The clerk that an account is at a counter."""
    return Clerk(account.id, account.name, account.role)


Endpoint = Callable[..., Coroutine[Any, Any, Response]]
