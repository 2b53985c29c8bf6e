"""Every error of the hub as an RFC 9457 problem: `code` for programs, `detail` for a person, never what was sent."""

import json
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from branch.declined import CODES, Code, Declined
from kiosk.link.models.problem import PROBLEM_TYPE, FieldProblem, Problem

_BY_STATUS: dict[int, Code] = {
    400: "malformed",
    401: "token-invalid",
    403: "role-forbidden",
    404: "not-found",
    405: "method-not-allowed",
    413: "too-large",
}
_HINTS: dict[int, str] = {
    404: "See /openapi.json for the addresses of this hub.",
    405: "See /openapi.json for the methods of this address.",
    413: "A body may have up to one megabyte.",
}


def install(app: FastAPI) -> None:
    """Have every error answered as a problem."""
    app.add_exception_handler(Declined, _declined)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(DBAPIError, _storage)
    app.add_exception_handler(Exception, _internal)


def problem_response(declined: Declined, headers: Mapping[str, str] | None = None) -> Response:
    """The answer to a request that is declined."""
    status, title, retry = CODES[declined.code]
    problem = Problem(
        title=title,
        status=status,
        detail=declined.detail,
        code=declined.code,
        retry=retry,
        errors=list(declined.errors),
    )
    sent = dict(headers or {})
    if status == 401:
        sent["WWW-Authenticate"] = "Bearer"
    if declined.retry_after_s is not None:
        sent["Retry-After"] = str(declined.retry_after_s)
    body = json.dumps(problem.model_dump(exclude_defaults=False), ensure_ascii=False)
    return Response(body.encode(), status, sent, media_type=PROBLEM_TYPE)


async def _declined(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Declined)  # noqa: S101 - by registration
    return problem_response(error)


async def _invalid(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - by registration
    return invalid(error)


def invalid(error: RequestValidationError) -> Response:
    """The answer to a request that does not fit the contract: the places and the rules, never what was sent."""
    fields = tuple(FieldProblem(pointer=_pointer(one["loc"]), code=one["type"]) for one in error.errors())
    where = ", ".join(sorted({field.pointer for field in fields}))
    return problem_response(Declined("validation-failed", f"Correct {where}; see /openapi.json.", fields))


async def _http(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - by registration
    code = _BY_STATUS.get(error.status_code, "malformed")
    allowed = {"Allow": error.headers["Allow"]} if error.headers and "Allow" in error.headers else None
    return problem_response(Declined(code, _HINTS.get(error.status_code, "See /openapi.json.")), allowed)


async def _storage(_request: Request, _error: Exception) -> Response:
    return problem_response(Declined("storage-failed", "Try again shortly; free the hub's disk."))


async def _internal(_request: Request, _error: Exception) -> Response:
    return problem_response(Declined("internal", "The hub's log says more; try again."))


def _pointer(location: tuple[Any, ...]) -> str:
    place, *rest = location
    if place == "body":
        return "/" + "/".join(str(part) for part in rest)
    return "/".join(str(part) for part in location)
