"""Screens in the hall, which a token signs in once: the lobby board, and a counter's tablet for ratings."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import RedirectResponse, Response

from branch.auth import BOARD_COOKIE
from branch.declined import Declined
from branch.hub import Hub, hub_of
from branch.routes.pages import language_of, with_language
from branch.store.accounts import BOARD_MS, start_session

router = APIRouter(include_in_schema=False)


@router.get("/board")
async def board(request: Request, token: str = "", sound: str = "") -> Response:
    """The lobby board; `sound=1` speaks. A token in the address becomes a cookie and leaves the address at once."""
    hub, language = hub_of(request), language_of(request)
    if token:
        return await _signed(request, token, "/board?sound=1" if sound == "1" else "/board")
    if not await _known(hub, request):
        return _no_board(hub, language)
    words, options = hub.pages.words, hub.options
    small = None if language != "zh" else lambda key: words.say("en", key)
    small_name = options.name_en if language == "zh" else ""
    config = hub.pages.board_config(language)
    page = hub.pages.page("board.html", language, config=config, small=small, small_name=small_name, sound=sound)
    return with_language(request, page)


@router.get("/rate/{number}")
async def tablet(request: Request, number: Annotated[int, Path(ge=1, le=999)], token: str = "") -> Response:
    """The tablet at a counter: asks about the visit that has just ended there."""
    hub, language = hub_of(request), language_of(request)
    if number not in hub.options.numbers:
        raise Declined("not-found", f"Counters are numbered 1 to {hub.options.counters}.")
    if token:
        return await _signed(request, token, f"/rate/{number}")
    try:
        found = await hub.guard.identify(request)
    except Declined:
        found = None
    if found is None or found.account.role != "board":
        return _no_board(hub, language)
    config = hub.pages.tablet_config(language, found.account.csrf or "")
    return with_language(request, hub.pages.page("rate.html", language, counter=number, config=config))


async def _signed(request: Request, token: str, home: str) -> Response:
    hub = hub_of(request)
    account = await hub.guard.look_up(token)
    if account is None:
        return _no_board(hub, language_of(request))
    session = await hub.do(lambda tx: start_session(tx, account.id, BOARD_MS))
    response = RedirectResponse(home, 303)
    response.set_cookie(
        BOARD_COOKIE,
        session.token,
        max_age=BOARD_MS // 1000,
        httponly=True,
        samesite="lax",
        secure=hub.options.secure,
        path="/",
    )
    return with_language(request, response)


async def _known(hub: Hub, request: Request) -> bool:
    try:
        return await hub.guard.identify(request) is not None
    except Declined:
        return False


def _no_board(hub: Hub, language: str) -> Response:
    words = hub.pages.words
    title, text = words.say(language, "board.denied.title"), words.say(language, "board.denied.text")
    return hub.pages.page("message.html", language, 401, title=title, text=text)
