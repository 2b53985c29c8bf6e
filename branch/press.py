"""The press of the button, past the framework: the one request that many kiosks send at once, checked all the same."""

import logging
from collections.abc import Awaitable, Callable

from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from branch.declined import Declined
from branch.hub import Hub
from branch.problems import invalid, problem_response
from kiosk.link.models.branch import TicketRequest

logger = logging.getLogger(__name__)

PATH = "/api/v1/tickets"

Issue = Callable[[Hub, TicketRequest], Awaitable[Response]]


class Press:
    """Answers POST /api/v1/tickets as its route would; everything else goes on to the framework.

    The route stands there for the description of the API. Finding a route, its dependencies and its models again for
    each press costs more than the ticket.
    """

    def __init__(self, app: ASGIApp, hub: Hub, issue: Issue) -> None:
        self._app = app
        self._hub = hub
        self._issue = issue

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["path"] != PATH or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        message = await receive()
        response = await self._answer(Request(scope), message)
        await response(scope, receive, send)

    async def _answer(self, request: Request, message: Message) -> Response:
        try:
            await self._hub.guard.admit(request, ("kiosk",))
            return await self._issue(self._hub, TicketRequest.model_validate_json(message.get("body", b"")))
        except Declined as declined:
            return problem_response(declined)
        except ValidationError as error:
            found = [{**one, "loc": ("body", *one["loc"])} for one in error.errors(include_url=False)]
            return invalid(RequestValidationError(found))
        except DBAPIError:
            return problem_response(Declined("storage-failed", "Try again shortly; free the hub's disk."))
        except Exception:
            logger.exception("press-failed")
            return problem_response(Declined("internal", "The hub's log says more; try again."))
