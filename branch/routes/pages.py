"""Pages for browsers: the console and its sign-in, the supervisor's overview, a ticket's status."""

import math
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from branch.auth import CONSOLE_COOKIE, Pass, check_csrf, check_pin
from branch.hub import Hub, hub_of
from branch.life import QUEUED
from branch.pages.words import LANGUAGE_COOKIE, LANGUAGES
from branch.store.accounts import SESSION_MS, count_failure, end_session, start_session
from branch.store.reading import count_ahead, read_by_status_token, read_pace
from branch.ticket import Ticket
from branch.wait import Range, ahead, estimate

router = APIRouter(include_in_schema=False)

HOMES = {"clerk": "/console", "admin": "/supervisor"}
_LANGUAGE_S = 400 * 86_400


@router.get("/")
async def home() -> Response:
    """Send a browser to the console."""
    return RedirectResponse("/console", 303)


@router.get("/console")
async def console(request: Request) -> Response:
    """The clerk's console, or its sign-in."""
    hub, language = hub_of(request), language_of(request)
    found = await signed_in(hub, request)
    if found is None or found.account.role != "clerk":
        return with_language(request, _sign_in(hub, language, "console"))
    csrf = found.account.csrf or ""
    config = hub.pages.console_config(language, found.account.name, csrf)
    return with_language(request, hub.pages.page("console.html", language, config=config, csrf=csrf))


@router.get("/supervisor")
async def supervisor(request: Request) -> Response:
    """The supervisor's overview, or its sign-in."""
    hub, language = hub_of(request), language_of(request)
    found = await signed_in(hub, request)
    if found is None or found.account.role != "admin":
        return with_language(request, _sign_in(hub, language, "supervisor"))
    csrf = found.account.csrf or ""
    config = hub.pages.console_config(language, found.account.name, csrf)
    return with_language(request, hub.pages.page("supervisor.html", language, config=config, csrf=csrf))


@router.post("/console/sign-in")
async def sign_in(request: Request) -> Response:
    """Take a name and a PIN; a good one gets a cookie, five wrong ones a lock."""
    hub, language = hub_of(request), language_of(request)
    form = await request.form(max_fields=8, max_files=0, max_part_size=1024)
    name, pin, page = (str(form.get(key, "")) for key in ("name", "pin", "page"))
    page = page if page in {"console", "supervisor"} else "console"
    if not _own_page(request):
        return _sign_in(hub, language, page, "sign-in.foreign", 403)
    if not hub.tries.allow(request.client.host if request.client else ""):
        return _sign_in(hub, language, page, "sign-in.slow", 429, name)
    role = "admin" if page == "supervisor" else "clerk"
    answer = await run_in_threadpool(check_pin, hub.store, name.strip(), pin, role)
    if answer.locked_s:
        minutes = math.ceil(answer.locked_s / 60)
        return _sign_in(hub, language, page, "sign-in.locked", 429, name, n=minutes)
    account = answer.account
    if account is None:
        if answer.failed:
            await hub.do(lambda tx: count_failure(tx, list(answer.failed)))
        return _sign_in(hub, language, page, "sign-in.wrong", 401, name)
    session = await hub.do(lambda tx: start_session(tx, account, SESSION_MS))
    response = RedirectResponse(HOMES[session.account.role], 303)
    response.set_cookie(
        CONSOLE_COOKIE, session.token, httponly=True, samesite="strict", secure=hub.options.secure, path="/"
    )
    return response


@router.post("/console/sign-out")
async def sign_out(request: Request) -> Response:
    """End the session; the counter stays as it is, so that a closed browser loses nobody's place."""
    hub = hub_of(request)
    form = await request.form(max_fields=4, max_files=0, max_part_size=1024)
    found = await signed_in(hub, request)
    home = "/console"
    if found is not None:
        check_csrf(found.account, str(form.get("csrf", "")))
        home = HOMES.get(found.account.role, home)
        await hub.do(lambda tx: end_session(tx, found.token))
        hub.guard.forget(found.token)
    response = RedirectResponse(home, 303)
    response.delete_cookie(CONSOLE_COOKIE, path="/")
    return response


@router.get("/t/{token}")
async def status(request: Request, token: str) -> Response:
    """A ticket's place in the queue, for the phone of whoever holds the slip."""
    hub, language = hub_of(request), language_of(request)
    ticket = await run_in_threadpool(hub.store.read, lambda connection: read_by_status_token(connection, token))
    if ticket is None or not hub.options.public_url:
        words = hub.pages.words
        title, text = words.say(language, "status.title"), words.say(language, "status.unknown")
        return hub.pages.page("message.html", language, 404, title=title, text=text)
    return with_language(request, await run_in_threadpool(_status_page, hub, language, ticket))


def _status_page(hub: Hub, language: str, ticket: Ticket) -> Response:
    words = hub.pages.words
    people, wait = "", ""
    if ticket.state in QUEUED:
        before, range_ = hub.store.read(lambda connection: _place(hub, connection, ticket))
        people = words.say(language, "status.ahead", n=before)
        if range_ is not None:
            wait = words.say(language, "status.wait", low=range_.low_s // 60, high=math.ceil(range_.high_s / 60))
    state = words.say(language, f"status.{ticket.state}", n=ticket.counter or "")
    return hub.pages.page("status.html", language, label=ticket.label, state=state, ahead=people, wait=wait)


def _place(hub: Hub, connection: Connection, ticket: Ticket) -> tuple[int, Range | None]:
    pace = read_pace(connection, hub.options.id, ticket.business_date, hub.store.now_ms())
    before = ahead(count_ahead(connection, hub.options.id, ticket), ticket.service, pace)
    return before, estimate(before, ticket.service, pace)


async def signed_in(hub: Hub, request: Request) -> Pass | None:
    """Whose page this is, by its cookie."""
    token = request.cookies.get(CONSOLE_COOKIE, "")
    account = await hub.guard.look_up(token)
    return None if account is None else Pass(account, token, cookie=True)


def _sign_in(
    hub: Hub, language: str, page: str, message: str = "", status: int = 200, name: str = "", **values: object
) -> Response:
    words = hub.pages.words
    title = words.say(language, "sign-in.title" if page == "console" else "sign-in.title.supervisor")
    said = words.say(language, message, **values) if message else ""
    return hub.pages.page("sign_in.html", language, status, title=title, page=page, message=said, name=name)


def _own_page(request: Request) -> bool:
    """Say whether a form was sent by our own page; a browser of this century always tells."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host", "")


def language_of(request: Request) -> str:
    """The language of the page: asked for in the address, or as last time."""
    asked = request.query_params.get("lang") or request.cookies.get(LANGUAGE_COOKIE)
    return hub_of(request).pages.words.language(asked)


def with_language(request: Request, response: Response) -> Response:
    """The page, and a cookie for the language that was asked for."""
    asked = request.query_params.get("lang")
    if asked in LANGUAGES:
        response.set_cookie(LANGUAGE_COOKIE, asked, max_age=_LANGUAGE_S, httponly=True, samesite="lax", path="/")
    return response
