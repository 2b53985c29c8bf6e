"""A call as sound, for a board that has a loudspeaker."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from branch.declined import Declined
from branch.hub import hub_of
from branch.routes.common import Anybody, problems
from branch.store.rows import ticket_by_id

router = APIRouter(tags=["calls"])

_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"content": {"audio/wav": {}}, "description": "Chime, words, twice"},
    204: {"description": "Quiet hours: nothing is spoken"},
    **problems(404),
}


@router.get("/calls/{ticket_id}.wav", responses=_RESPONSES, response_class=Response)
@router.get("/api/v1/calls/{ticket_id}.wav", responses=_RESPONSES, response_class=Response)
async def call_sound(request: Request, ticket_id: UUID, account: Anybody) -> Response:
    """Speak the last call of a ticket; `id` is that of the call in the state. Nothing is said in quiet hours.

    A board plays calls of the last 15 seconds only, by `called_at` and the hub's own clock.
    """
    del account
    hub = hub_of(request)
    ticket = await run_in_threadpool(
        hub.store.read, lambda connection: ticket_by_id(connection, hub.options.id, str(ticket_id))
    )
    if ticket is None or ticket.called_ms is None or ticket.counter is None:
        raise Declined("not-found", "No call has this id; a ticket is called before it is spoken.")
    voice = hub.options.voice
    if not voice.packs:
        raise Declined("not-found", "This hub has no voice pack.")
    if not voice.speaks(hub.store.now_ms()):
        return Response(status_code=204)
    sound = await run_in_threadpool(voice.call, ticket.label, ticket.counter)
    return Response(sound, media_type="audio/wav")
