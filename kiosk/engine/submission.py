"""A request that comes by command instead of by touch: the same sealing, the same outbox, the same client."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import get_args
from uuid import UUID

from kiosk.domain.errors import Refusal
from kiosk.domain.masking import mask, mask_name
from kiosk.domain.request import Assurance
from kiosk.engine.clock import Clock
from kiosk.engine.journal.journal import Journal
from kiosk.engine.journal.rows import OutboxRow
from kiosk.engine.ports import RequestOrder, Sealer

POLL_S = 0.05
LONGEST_TEXT = 200
_APPLICANT = {"kind", "number", "name"}
_KNOWN = {"client_request_id", "service", "applicant", "fields", "consents", "assurance"}


@dataclass(frozen=True)
class Submitted:
    """What became of it so far, as `kiosk submit` prints it."""

    client_request_id: str
    state: str
    reference: str | None

    def as_json(self) -> dict[str, str | None]:
        return {"client_request_id": self.client_request_id, "state": self.state, "reference": self.reference}


class Submission:
    """Saves and follows requests; `kick` makes the outbox look at once."""

    def __init__(
        self,
        journal: Journal,
        sealer: Sealer,
        clock: Clock,
        mint: Callable[[], str],
        kick: Callable[[], None],
        why_not: str = "",
    ) -> None:
        self._journal = journal
        self._sealer = sealer
        self._clock = clock
        self._mint = mint
        self._kick = kick
        self._why_not = why_not

    def save(self, data: object) -> str:
        """Seal and keep one request; Refusal says everything that is wrong with its shape. Gives its id."""
        request = checked(data)
        if self._why_not:
            raise Refusal(self._why_not)
        name = str(request.get("client_request_id") or self._mint())
        service = str(request["service"])
        kept = self._journal.outbox.get(name)
        if kept is not None:
            # Sealing is never the same twice, so what is kept cannot be compared; the id alone decides.
            if kept.service != service:
                raise Refusal(
                    "this client_request_id stands for another service already; leave it out to get a new one"
                )
            return name
        personal = json.dumps({"applicant": request["applicant"], "fields": request["fields"]}, ensure_ascii=False)
        sealed = self._sealer.seal(name, service, personal.encode())
        consents = tuple(str(consent) for consent in _list(request.get("consents")))
        order = RequestOrder(name, service, str(request.get("assurance", "typed")), consents, sealed, self._clock.now())
        self._journal.outbox.enqueue(order, {"rows": _masked(request), "by": "command"})
        self._kick()
        return name

    def follow(self, name: str, patience_s: float) -> Submitted:
        """Wait until the centre has spoken or patience ends; give what is known then."""
        until = time.monotonic() + patience_s
        while True:
            row = self._journal.outbox.get(name)
            if row is None:
                raise KeyError(name)
            if row.server_state or row.state in ("quarantined", "expired") or time.monotonic() >= until:
                return _known(row)
            time.sleep(POLL_S)


def checked(data: object) -> Mapping[str, object]:
    """Check the shape of a request; Refusal names every mistake in one line. What it says is the centre's to judge."""
    if not isinstance(data, dict):
        raise Refusal("a request is a JSON object with service, applicant and fields")
    applicant, fields = data.get("applicant"), data.get("fields", {})
    wrong = [f"{key!r:.40} is no part of a request" for key in data if key not in _KNOWN]
    if not isinstance(data.get("service"), str):
        wrong.append('service is a code like "A4"')
    if not isinstance(applicant, dict) or not all(isinstance(applicant.get(k, ""), str) for k in _APPLICANT):
        wrong.append("applicant is an object with the texts kind, number and name")
    elif not applicant.get("number"):
        wrong.append("applicant.number is missing")
    if not isinstance(fields, dict) or not all(isinstance(v, str) and len(v) <= LONGEST_TEXT for v in fields.values()):
        wrong.append(f"fields is an object of texts of at most {LONGEST_TEXT} characters")
    if not all(isinstance(consent, str) for consent in _list(data.get("consents"), [None])):
        wrong.append("consents is a list of texts")
    if data.get("client_request_id") is not None and not _is_uuid(data["client_request_id"]):
        wrong.append("client_request_id is a UUID; leave it out to get one")
    if data.get("assurance", "typed") not in get_args(Assurance):
        wrong.append(f"assurance is one of {', '.join(get_args(Assurance))}")
    if wrong:
        raise Refusal("the request is refused: " + "; ".join(wrong))
    return {**data, "fields": fields}


def _known(row: OutboxRow) -> Submitted:
    return Submitted(row.id, row.server_state or row.state, row.reference)


def _masked(request: Mapping[str, object]) -> list[tuple[str, str]]:
    applicant = request["applicant"]
    assert isinstance(applicant, dict)  # noqa: S101 - `checked` saw to it
    rows = [("id", mask(str(applicant.get("kind", "")), str(applicant["number"])))]
    return [*rows, ("name", mask_name(str(applicant["name"])))] if applicant.get("name") else rows


def _list(value: object, otherwise: list[object] | None = None) -> list[object]:
    if value is None:
        return []
    return value if isinstance(value, list) else (otherwise or [])


def _is_uuid(value: object) -> bool:
    try:
        UUID(str(value))
    except ValueError:
        return False
    return isinstance(value, str)
