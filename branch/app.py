"""The hub as a web application: its parts put together, nothing started before the server starts it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from branch import problems
from branch.auth import Guard, Tries
from branch.edge import Edge
from branch.feed import Feed
from branch.hub import Hub
from branch.pages.render import Pages
from branch.pages.words import Words
from branch.press import Press
from branch.routes import (
    appointments,
    calls,
    confirmations,
    counters,
    hall,
    health,
    kiosks,
    log,
    ratings,
    reports,
    screens,
    slips,
    staff,
    suspensions,
    tickets,
)
from branch.routes import pages as browser
from branch.snapshots import Snapshots
from branch.store.store import Store
from kiosk.domain.catalogue import Catalogue
from kiosk.link.models.problem import PROBLEM_TYPE

SIGN_INS, SIGN_INS_S = 30, 600.0
"""So many sign-ins from one address in so many seconds; each account has a lock of its own besides."""

STATIC = Path(__file__).parent / "pages" / "static"


def create_app(store: Store, catalogue: Catalogue) -> FastAPI:
    """Give the application of a started store; `app.state.hub.feed.close()` ends its streams before it stops."""
    snapshots = Snapshots(store, catalogue)
    feed = Feed(store, snapshots)
    pages = Pages(Words(store.options.words), store.options, catalogue)
    hub = Hub(store, catalogue, Guard(store), feed, snapshots, pages, Tries(SIGN_INS, SIGN_INS_S))

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        feed.start()
        store.listen(feed.publish)
        yield
        feed.close()

    app = FastAPI(
        title="Branch hub",
        version="1",
        description="Queue, counters, calls and board of one branch.",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        redirect_slashes=False,
        strict_content_type=False,
    )
    app.state.hub = hub
    problems.install(app)
    for module in (
        tickets,
        counters,
        hall,
        kiosks,
        suspensions,
        confirmations,
        calls,
        log,
        appointments,
        ratings,
        slips,
        staff,
        reports,
        screens,
        health,
        browser,
    ):
        app.include_router(module.router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    if store.options.fonts is not None:
        app.mount("/fonts", StaticFiles(directory=store.options.fonts), name="fonts")
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]
    return app


def front(app: FastAPI) -> ASGIApp:
    """The application as it is served: limits and headers, and the press of the button, stand before the framework."""
    hub: Hub = app.state.hub
    return Edge(Press(app, hub, tickets.press), lambda: hub.store.standing.epoch)


def _openapi(app: FastAPI) -> dict[str, Any]:
    """The description of the API, with the bearer token in it."""
    if app.openapi_schema is None:
        schema = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
        schema.setdefault("components", {})["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer"}}
        for path, operations in schema["paths"].items():
            if path.startswith("/api/"):
                for operation in operations.values():
                    operation["security"] = [{"bearer": []}]
                    _name_problems(operation["responses"])
        app.openapi_schema = schema
    return app.openapi_schema


def _name_problems(responses: dict[str, Any]) -> None:
    for status, response in responses.items():
        if status >= "400":
            response["content"] = {PROBLEM_TYPE: response["content"]["application/json"]}
