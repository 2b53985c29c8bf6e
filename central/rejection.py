"""What is answered with a problem instead of what was asked for; commands raise it too, so it knows no web."""

from collections.abc import Mapping, Sequence

from kiosk.link.models.problem import FieldProblem, Retry


class Rejection(Exception):
    """A request that is answered with a problem. `detail` is one sentence for a person, without personal data."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        retry: Retry = "never",
        errors: Sequence[FieldProblem] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.detail = detail
        self.retry: Retry = retry
        self.errors = list(errors)
        self.headers = dict(headers or {})


def not_found(what: str) -> Rejection:
    """It is not there, or not the caller's to see; the answer does not tell which."""
    return Rejection(404, "not-found", f"There is no such {what}.")
