"""Puts the central service's routes, errors and headers together."""

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response

from central import problems
from central.body_limit import BodyLimit
from central.centre import Centre
from central.headers import Headers
from central.metrics import Measured, Metrics
from central.pages import Pages
from central.rejection import Rejection
from central.routes import (
    branches,
    codes,
    desk,
    desk_pages,
    device_care,
    devices,
    fleet_pages,
    health,
    kiosk_pages,
    place_pages,
    places,
    registry,
    requests,
    rights,
    status,
    updates,
    withdrawals,
)
from central.sessions import GOALS, SignInNeeded
from central.updates import Updates
from kiosk.link.models.problem import PROBLEM_TYPE, Problem

_PAGES = ("/desk", "/fleet", "/places", "/sign-in", "/sign-out")


def _problem_schema() -> dict[str, Any]:
    """The form of a problem, whole in itself."""
    schema = Problem.model_json_schema()
    schema["properties"]["errors"]["items"] = schema.pop("$defs")["FieldProblem"]
    return schema


_PROBLEM: dict[str, Any] = {
    "description": "a problem with `code` and `retry` (RFC 9457)",
    "content": {PROBLEM_TYPE: {"schema": _problem_schema()}},
}
_PROBLEMS: dict[int | str, dict[str, Any]] = {"default": _PROBLEM, 422: _PROBLEM}
"""What every address may answer besides; 422 is named so that FastAPI's own form of it is not described."""


def build(centre: Centre) -> FastAPI:
    """The ASGI application of one centre."""
    app = FastAPI(
        title="Police-Post central service",
        version="1",
        description="Enrolment, requests, status and fleet. Devices sign by RFC 9421, staff send bearer tokens.",
        docs_url=None,
        redoc_url=None,
    )
    app.state.centre = centre
    app.state.pages = Pages()
    app.state.sms = centre.options.sms
    app.state.updates = Updates(centre.options.updates)
    app.state.metrics = metrics = Metrics(centre)
    # The first is found first: what comes most often, and carries most.
    for part in (
        requests,
        devices,
        device_care,
        registry,
        codes,
        rights,
        places,
        branches,
        desk,
        status,
        withdrawals,
        desk_pages,
        kiosk_pages,
        fleet_pages,
        place_pages,
        health,
        updates,
    ):
        app.include_router(part.router, responses=_PROBLEMS)
    problems.install(app)
    app.exception_handler(devices.NotModified)(devices.not_modified)
    app.exception_handler(SignInNeeded)(_sign_in_page)
    app.exception_handler(Rejection)(_for_people_or_programs)
    app.exception_handler(RequestValidationError)(_for_people_or_programs)
    larger = {requests.router.prefix: centre.options.max_request}
    app.add_middleware(BodyLimit, most=centre.options.max_body, larger=larger)
    app.add_middleware(Headers, now=centre.now)
    app.add_middleware(Measured, metrics=metrics)
    return app


def _sign_in_page(request: Request, _error: SignInNeeded) -> Response:
    state = request.app.state
    goal = next((page for page in GOALS if request.url.path.startswith(page)), "/desk")
    page: Response = state.pages.draw(
        request,
        state.centre,
        "sign_in",
        {"to": goal, "failed": False, "name": ""},
        401 if request.method != "GET" else 200,
    )
    return page


def _for_people_or_programs(request: Request, error: Rejection | RequestValidationError) -> Response:
    """A person at the desk gets a page that says what to do, a program gets the problem."""
    found = problems.malformed(error) if isinstance(error, RequestValidationError) else error
    if not request.url.path.startswith(_PAGES):
        return problems.answer(found)
    page: Response = request.app.state.pages.draw(
        request, request.app.state.centre, "message", {"code": found.code}, found.status
    )
    page.headers.update(found.headers)
    return page
