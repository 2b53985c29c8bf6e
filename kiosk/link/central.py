"""The kiosk's client of the central service: signed requests, and one honest answer to each."""

import logging
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import TypeVar
from urllib.parse import quote
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import BaseModel, ValidationError

from kiosk.engine import ports
from kiosk.engine.ports import Away, Done, Rejected, RequestAnswer
from kiosk.link.http import Answer, Peer, Times, grace_s, refusal
from kiosk.link.models import central as wire
from kiosk.link.models import codes
from kiosk.link.models.central import REPLAYED_HEADER
from kiosk.link.signing import Signer

CONNECT_S = 3.0
READ_S = 8.0
WHOLE_S = 10.0
"""A citizen waits so long at most; then the receipt says what is known."""

_STATUS_TOKEN = re.compile(r"(?:^|/s/)([A-Za-z0-9_-]{22})/?(?:[?#].*)?$")
_REFERENCE = re.compile(r"[A-Za-z]{2,4}-20\d{6}-\d{4,8}")

Model = TypeVar("Model", bound=BaseModel)
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Unchanged:
    """What the kiosk has is still what the centre has."""


@dataclass(frozen=True)
class Fetched:
    """A new configuration and the tag to ask with next time."""

    config: wire.DeviceConfig
    etag: str


_TURNED_AWAY = frozenset({"device-suspended", "device-retired", "device-pending", "key-unknown"})
"""What the centre says of a device, not of what it asks for: until it says otherwise, nothing of it is taken."""


class CentreLink:
    """Satisfies the engine's CentralLink. Every call ends within ten seconds, and none raises.

    A request with photographs may take longer on a slow line: a second for each 100 kB.
    """

    def __init__(
        self,
        url: str,
        key_id: str,
        key: Ed25519PrivateKey,
        now: Callable[[], datetime],
        ca_file: str | None = None,
        times: Times | None = None,
        proxy: str = "",
    ) -> None:
        self._times = times or Times(CONNECT_S, READ_S, WHOLE_S)
        self._peer = Peer(url, self._times, ca_file, proxy)
        self._now = now
        self._ahead = timedelta()
        self._turned_away = ""
        self._signer = Signer(key_id, key, lambda: self._now() + self._ahead)

    def __repr__(self) -> str:
        return f"CentreLink({self._peer.url!r}, {self._signer.key_id!r})"

    @property
    def clock_offset_s(self) -> float:
        """By how many seconds the centre's clock is ahead of this machine's, as far as a signature has needed it."""
        return self._ahead.total_seconds()

    def admits(self) -> bool:
        """Whether the centre takes anything from this device, by its word on the last call that was signed."""
        return not self._turned_away

    def submit(self, order: ports.RequestOrder) -> RequestAnswer | Away | Rejected:
        """POST /requests; the same order may be sent for ever and is one request."""
        try:
            body = wire.RequestOrder.model_validate(
                {
                    "client_request_id": order.id,
                    "service": order.service,
                    "assurance": order.assurance,
                    "consents": order.consents,
                    "sealed": asdict(order.sealed),
                    "captured_at": order.captured_at,
                }
            )
        except ValidationError:
            return Rejected("malformed", 400)  # the centre would say the same
        answer = self._call("POST", "/api/v1/requests", body, idempotency_key=str(body.client_request_id))
        return _request(answer, {200, 201})

    def settle(self, request: str) -> RequestAnswer | Away | Rejected:
        """GET by client_request_id: what became of an unanswered request. 404 is Rejected("not-found", 404)."""
        return _request(self._call("GET", f"/api/v1/requests?client_request_id={quote(request, safe='')}"), {200})

    def follow(self, token: str) -> RequestAnswer | Away | Rejected:
        """What a receipt says now: by the address in its QR code, the token alone, its reference, or its request id."""
        text = token.strip()
        if _is_uuid(text):
            return self.settle(text)
        if _REFERENCE.fullmatch(text):
            return _request(self._call("GET", f"/api/v1/requests?reference={text.upper()}"), {200})
        found = _STATUS_TOKEN.search(text)
        if found is None:
            return Rejected("not-found", 404)
        return _status(found[1], self._peer.call("GET", f"/s/{found[1]}", {"Accept": "application/json"}))

    def withdraw(self, token: str) -> RequestAnswer | Away | Rejected:
        """POST /withdrawals: by the token in a receipt's QR code, or its address; nothing else says that it is hers."""
        found = _STATUS_TOKEN.search(token.strip())
        if found is None or _is_uuid(token.strip()):
            return Rejected("not-found", 404)
        order = wire.WithdrawalOrder(status_token=found[1])
        return _status(found[1], self._call("POST", "/api/v1/withdrawals", order))

    def cancel(self, request: str) -> RequestAnswer | Away | Rejected:
        """Withdraw a request by the centre's own id; idempotent, 409 once it was accepted."""
        return _request(self._call("POST", f"/api/v1/requests/{quote(request, safe='')}/cancellation"), {200})

    def send_code(self, code: str, service: str, sealed: ports.Sealed) -> Done | Away | Rejected:
        """POST /codes: have a one-time code sent to the phone in the sealed part."""
        order = codes.CodeOrder.model_validate({"id": code, "service": service, "sealed": asdict(sealed)})
        answer = _model(self._call("POST", "/api/v1/codes", order), {200, 201}, codes.CodeState)
        return Done() if isinstance(answer, codes.CodeState) else answer

    def check_code(self, code: str, typed: str) -> Done | Away | Rejected:
        """Done: what was typed is the code that was sent."""
        path = f"/api/v1/codes/{quote(code, safe='')}/check"
        answer = _model(self._call("POST", path, codes.CodeTyped(code=typed)), {200}, codes.CodeState)
        return Done() if isinstance(answer, codes.CodeState) else answer

    def config(self, etag: str = "") -> Fetched | Unchanged | Away | Rejected:
        """What the centre decides for this device, if it is not what `etag` stands for."""
        answer = self._call("GET", "/api/v1/devices/me/config", etag=etag)
        if isinstance(answer, Away):
            return answer
        if answer.status == 304:
            return Unchanged()
        config = answer.read(wire.DeviceConfig) if answer.status == 200 else None
        return Fetched(config, answer.headers.get("etag", "")) if config else refusal(answer)

    def heartbeat(self, beat: wire.Heartbeat) -> wire.HeartbeatAnswer | Away | Rejected:
        """Tell how this kiosk is."""
        return _model(self._call("POST", "/api/v1/devices/me/heartbeat", beat), {200}, wire.HeartbeatAnswer)

    def post_events(self, branch: str, events: wire.EventBatch) -> wire.EventBatchAnswer | Away | Rejected:
        """Pass events of the branch on; each is stored once, however often it is sent."""
        path = f"/api/v1/branches/{quote(branch, safe='')}/events"
        return _model(self._call("POST", path, events), {200}, wire.EventBatchAnswer)

    def reachable(self) -> bool:
        """Whether the centre answers at all."""
        answer = self._peer.call("GET", "/healthz", {"Accept": "application/json"})
        return isinstance(answer, Answer) and answer.status == 200 and answer.read(wire.Health) is not None

    def ask(self, method: str, path: str, message: BaseModel | None = None, etag: str = "") -> Answer | Away:
        """Any signed call; what the answer means is the caller's to say."""
        return self._call(method, path, message, etag=etag)

    def sign_as(self, key_id: str, key: Ed25519PrivateKey) -> None:
        """Sign with another key of the same device from now on."""
        self._signer = Signer(key_id, key, lambda: self._now() + self._ahead)

    def close(self) -> None:
        """Let go of the connections."""
        self._peer.close()

    def _call(
        self,
        method: str,
        path: str,
        message: BaseModel | None = None,
        idempotency_key: str | None = None,
        etag: str = "",
    ) -> Answer | Away:
        body = message.model_dump_json().encode() if message is not None else (b"" if method == "POST" else None)

        def signed() -> dict[str, str]:
            headers = self._signer.headers(method, self._peer.url + path, body, idempotency_key)
            headers["Accept"] = "application/json"
            if body:
                headers["Content-Type"] = "application/json"
            if etag:
                headers["If-None-Match"] = etag
            return headers

        end = monotonic() + self._times.whole + grace_s(body)
        answer = self._peer.call(method, path, signed, body, within_s=end - monotonic())
        if isinstance(answer, Answer) and self._mends_clock(answer):
            answer = self._peer.call(method, path, signed, body, within_s=end - monotonic())
        if isinstance(answer, Answer):
            self._note_standing(answer)
        return answer

    def _note_standing(self, answer: Answer) -> None:
        """Remember whether this device was turned away as such; a proxy's page or a centre in trouble says nothing."""
        if answer.status in (401, 403):
            refused = refusal(answer)
            if not isinstance(refused, Rejected) or refused.code not in _TURNED_AWAY:
                return
            if refused.code != self._turned_away:
                log.error("the centre takes nothing from this kiosk (%s); tickets go on, call the centre", refused.code)
            self._turned_away = refused.code
        elif answer.status < 400:
            self._turned_away = ""

    def _mends_clock(self, answer: Answer) -> bool:
        """After a refusal for the clock's sake, take the centre's time and say that a second try makes sense."""
        if answer.status != 401:
            return False
        refused = refusal(answer)
        if not isinstance(refused, Rejected) or refused.code != "clock-skew":
            return False
        try:
            theirs = parsedate_to_datetime(answer.headers.get("date", ""))
            ahead = theirs - self._now()
        except (ValueError, TypeError):
            return False
        log.warning(
            "this machine's clock is %+.0f s off the centre's; signatures follow the centre", -ahead.total_seconds()
        )
        self._ahead = ahead
        return True


def _model(answer: Answer | Away, good: set[int], model: type[Model]) -> Model | Away | Rejected:
    if isinstance(answer, Away):
        return answer
    found = answer.read(model) if answer.status in good else None
    return found if found is not None else refusal(answer)


def _status(token: str, answer: Answer | Away) -> RequestAnswer | Away | Rejected:
    status = _model(answer, {200}, wire.Status)
    if not isinstance(status, wire.Status):
        return status
    return RequestAnswer(
        token, status.state, status.reference, None, status.received_at.isoformat(),
        reasons=status.reasons, may_withdraw=status.may_withdraw,
    )  # fmt: skip


def _request(answer: Answer | Away, good: set[int]) -> RequestAnswer | Away | Rejected:
    if isinstance(answer, Away):
        return answer
    request = answer.read(wire.Request) if answer.status in good else None
    if request is None:
        return refusal(answer)
    return RequestAnswer(
        id=str(request.client_request_id),
        state=request.state,
        reference=request.reference,
        status_url=request.status_url,
        received_at=request.received_at.isoformat(),
        replayed=answer.headers.get(REPLAYED_HEADER.lower()) == "true",
        reasons=request.reasons,
    )


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
