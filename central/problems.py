"""Errors as answers: RFC 9457 problems with a code and what the caller may do; never anything that was sent."""

import logging
import secrets
from collections.abc import Sequence
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException

from central.rejection import Rejection
from kiosk.link.models.problem import PROBLEM_TYPE, FieldProblem, Problem, Retry

log = logging.getLogger("central")

_BY_STATUS: dict[int, tuple[str, Retry]] = {
    400: ("malformed", "never"),
    404: ("not-found", "never"),
    405: ("method-not-allowed", "never"),
    413: ("too-large", "never"),
    415: ("media-type", "never"),
}


def answer(rejection: Rejection) -> Response:
    """The problem as it goes over the wire, with a random word by which the log line can be found."""
    problem = Problem(
        type=f"urn:police-post:problem:{rejection.code}",
        title=HTTPStatus(rejection.status).phrase,
        status=rejection.status,
        detail=rejection.detail,
        code=rejection.code,
        retry=rejection.retry,
        errors=rejection.errors,
    )
    trace = secrets.token_hex(8)
    if rejection.status >= 500:
        log.error("answered %d %s, trace %s", rejection.status, rejection.code, trace)
    return JSONResponse(
        problem.model_dump() | {"trace_id": trace},
        rejection.status,
        {"Cache-Control": "no-store", **rejection.headers},
        PROBLEM_TYPE,
    )


def install(app: FastAPI) -> None:
    """Let errors that nobody raised on purpose leave as problems too."""
    app.exception_handler(HTTPException)(_http)
    app.exception_handler(OperationalError)(_busy)
    app.exception_handler(Exception)(_unforeseen)


def _http(_request: Request, error: HTTPException) -> Response:
    code, retry = _BY_STATUS.get(error.status_code, ("refused", "never"))
    detail = HTTPStatus(error.status_code).description or HTTPStatus(error.status_code).phrase
    return answer(Rejection(error.status_code, code, detail + ".", retry, headers=error.headers))


def malformed(error: RequestValidationError) -> Rejection:
    """Which parts of a message have the wrong form; never what stands there."""
    errors = [FieldProblem(pointer=_pointer(found["loc"]), code=str(found["type"])) for found in error.errors()]
    return Rejection(400, "malformed", "The message does not have the form that is asked for.", errors=errors)


def _busy(_request: Request, error: OperationalError) -> Response:
    log.error("the database does not answer: %s", type(getattr(error, "orig", error)).__name__)
    return answer(Rejection(503, "unavailable", "The database does not answer.", "after", headers={"Retry-After": "5"}))


def _unforeseen(_request: Request, error: Exception) -> Response:
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f"{place.tb_frame.f_code.co_filename}:{place.tb_lineno}" if place else "?"
    # The message of an exception may carry what a citizen typed; its kind and place are enough to find it.
    log.error("unforeseen %s at %s", type(error).__name__, where)
    return answer(Rejection(500, "internal", "Something went wrong at the central service.", "later"))


def _pointer(place: Sequence[object]) -> str:
    head, *rest = [str(part) for part in place]
    return "/" + "/".join(rest) if head == "body" else "/".join([head, *rest])
