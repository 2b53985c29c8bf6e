"""The ways in which the hub says no: one code each, with its HTTP status and whether trying again helps."""

from typing import Literal

from kiosk.link.models.problem import FieldProblem, Retry

Code = Literal[
    "malformed", "token-missing", "token-invalid", "role-forbidden", "csrf", "another-counter", "not-found",
    "method-not-allowed", "state-conflict", "counter-closed", "counter-busy", "counter-taken", "label-taken",
    "ticket-void", "closed", "service-closed", "service-full", "limit-reached",
    "appointment-early", "appointment-another-day", "appointment-used",
    "too-large", "validation-failed", "key-reused", "unknown-service", "label-out-of-range",
    "note-personal", "code-early", "code-wrong", "code-spent", "code-expired", "confirmation-refused",
    "slow-down", "internal", "storage-failed", "hub-superseded", "range-exhausted",
]  # fmt: skip

CODES: dict[Code, tuple[int, str, Retry]] = {
    "malformed": (400, "The request cannot be read", "never"),
    "token-missing": (401, "A token is needed", "reauth"),
    "token-invalid": (401, "The token is not known", "reauth"),
    "role-forbidden": (403, "This token's role may not do that", "never"),
    "csrf": (403, "The page's own header is missing", "never"),
    "another-counter": (403, "The ticket or counter is another clerk's", "never"),
    "not-found": (404, "There is no such thing", "never"),
    "method-not-allowed": (405, "That method is not for this address", "never"),
    "state-conflict": (409, "That is not possible in the present state", "never"),
    "counter-closed": (409, "The counter is not open", "never"),
    "counter-busy": (409, "The counter still has a ticket", "never"),
    "counter-taken": (409, "Another clerk has this counter", "never"),
    "label-taken": (409, "The label belongs to another ticket", "never"),
    "ticket-void": (409, "The ticket was voided before it arrived", "never"),
    "closed": (409, "The branch gives no tickets now", "later"),
    "service-closed": (409, "The service is suspended", "later"),
    "service-full": (409, "The service has no numbers left today", "later"),
    "limit-reached": (409, "No numbers are left today", "later"),
    "appointment-early": (409, "It is too early to check in", "later"),
    "appointment-another-day": (409, "The appointment is on another day", "never"),
    "appointment-used": (409, "The appointment has been used", "never"),
    "too-large": (413, "The body is too large", "never"),
    "validation-failed": (422, "The request does not fit the contract", "never"),
    "key-reused": (422, "The id was used with another body", "never"),
    "unknown-service": (422, "The service is not offered here", "never"),
    "label-out-of-range": (422, "The label is not in the kiosk's emergency range", "never"),
    "note-personal": (422, "A note may hold no identity or phone number", "never"),
    "code-early": (409, "No clerk has taken it yet", "later"),
    "code-wrong": (422, "The code is not right", "later"),
    "code-spent": (409, "The code was wrong too often", "never"),
    "code-expired": (409, "The confirmation is over", "never"),
    "confirmation-refused": (409, "A clerk has refused it", "never"),
    "slow-down": (429, "Too many attempts", "after"),
    "internal": (500, "The hub made a mistake", "later"),
    "storage-failed": (503, "The hub cannot store anything now", "later"),
    "hub-superseded": (503, "Another hub has taken over; this one is read-only", "never"),
    "range-exhausted": (409, "All numbers of this category are given out today", "never"),
}


class Declined(Exception):
    """The hub understood and says no; nothing was changed. `detail` is one sentence: what is wrong, how to mend it."""

    def __init__(
        self, code: Code, detail: str = "", errors: tuple[FieldProblem, ...] = (), retry_after_s: int | None = None
    ) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail
        self.errors = errors
        self.retry_after_s = retry_after_s

    @property
    def status(self) -> int:
        """The HTTP status that goes with the code."""
        return CODES[self.code][0]
