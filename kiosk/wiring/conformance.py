"""`kiosk central check`: whether a server keeps the contract, ours or a city's own, asked as a kiosk would ask it."""

import json
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import ValidationError
from stdnum.iso7064 import mod_11_2

from kiosk.domain.errors import Refusal
from kiosk.link.models.central import IDEMPOTENCY_HEADER, Enrolment, Health, HeartbeatAnswer, Request
from kiosk.link.models.problem import PROBLEM_TYPE, Problem
from kiosk.link.sealing import Sealer
from kiosk.link.signing import Signer

_PATHS = (
    "/api/v1/enrolments", "/api/v1/devices/me/config", "/api/v1/catalogue", "/api/v1/requests",
    "/api/v1/registry/queries", "/api/v1/devices/me/heartbeat", "/api/v1/devices/me/commands",
)  # fmt: skip
_WAIT_S = 15.0


@dataclass(frozen=True)
class Finding:
    """One rule of the contract: whether it holds (None: could not be asked), and what was seen instead."""

    name: str
    ok: bool | None
    seen: str = ""


class Missed(Exception):
    """A rule does not hold; the text is what was seen."""


class Conformance:
    """Asks one server. With a claim code a kiosk is enrolled and hands in one request, which is withdrawn again."""

    def __init__(self, url: str, claim: str = "", ca: str = "") -> None:
        if urlsplit(url).scheme not in ("http", "https"):
            raise Refusal(f"{url!r} is no address; give https://HOST")
        self._url = url.rstrip("/")
        self._claim = claim
        self._http = requests.Session()
        self._http.verify = ca or True
        self._key = Ed25519PrivateKey.generate()
        self._device: Enrolment | None = None
        self._order: dict[str, Any] = {}
        self._catalogue: dict[str, Any] = {}

    def run(self) -> Iterator[Finding]:
        """All findings, in the order of a kiosk's life."""
        open_to_all: tuple[Callable[[], None], ...] = (
            self.health_is_told, self.the_contract_is_described, self.the_catalogue_has_a_tag,
            self.a_wrong_claim_is_a_problem, self.an_unsigned_request_is_refused,
        )  # fmt: skip
        enrolled: tuple[Callable[[], None], ...] = (
            self.a_claim_makes_a_device, self.the_configuration_has_a_tag, self.a_heartbeat_is_answered,
        )  # fmt: skip
        let_in: tuple[Callable[[], None], ...] = (
            self.a_request_is_taken_once, self.another_body_under_the_same_key_is_refused,
            self.an_unanswered_request_is_settled, self.a_signature_is_good_once, self.withdrawing_is_idempotent,
        )  # fmt: skip
        for rule in open_to_all:
            yield self._ask(rule)
        for rule in enrolled:
            yield self._ask(rule) if self._claim else Finding(_name(rule), None, "needs --claim CODE")
        waits = self._device is not None and self._device.state == "pending"
        if waits:
            yield self._ask(self.a_device_that_waits_hands_nothing_in)
        why_not = "needs --claim CODE" if not self._claim else "the device waits to be let in" if waits else ""
        for rule in let_in:
            yield Finding(_name(rule), None, why_not) if why_not else self._ask(rule)

    def health_is_told(self) -> None:
        self._model(self._get("/healthz"), Health)

    def the_contract_is_described(self) -> None:
        paths = self._json(self._get("/openapi.json")).get("paths", {})
        missing = [path for path in _PATHS if path not in paths]
        _must(not missing, f"openapi.json lacks {', '.join(missing)}")

    def the_catalogue_has_a_tag(self) -> None:
        answer = self._get("/api/v1/catalogue")
        self._catalogue = self._json(answer)
        tag = answer.headers.get("ETag", "")
        _must(bool(tag), "no ETag")
        _must(self._get("/api/v1/catalogue", {"If-None-Match": tag}).status_code == 304, "the tag is not honoured")

    def a_wrong_claim_is_a_problem(self) -> None:
        body = {"claim_code": "AAAA-AAAA-AAAA", "public_key": self._public(), "hardware": {}}
        self._problem(self._post("/api/v1/enrolments", body), {400, 404, 410})

    def an_unsigned_request_is_refused(self) -> None:
        self._problem(self._get("/api/v1/devices/me/config"), {401})

    def a_claim_makes_a_device(self) -> None:
        body = {"claim_code": self._claim, "public_key": self._public(), "hardware": {"machine": "conformance check"}}
        answer = self._post("/api/v1/enrolments", body)
        _must(answer.status_code == 201, f"answered {answer.status_code}")
        self._device = self._model(answer, Enrolment)

    def the_configuration_has_a_tag(self) -> None:
        answer = self._signed("GET", "/api/v1/devices/me/config")
        tag = answer.headers.get("ETag", "")
        _must(answer.status_code == 200 and bool(tag), f"answered {answer.status_code}, ETag {tag!r}")
        again = self._signed("GET", "/api/v1/devices/me/config", headers={"If-None-Match": tag})
        _must(again.status_code == 304, "the tag is not honoured")

    def a_heartbeat_is_answered(self) -> None:
        self._model(
            self._signed("POST", "/api/v1/devices/me/heartbeat", {"version": "0", "health": {}}), HeartbeatAnswer
        )

    def a_device_that_waits_hands_nothing_in(self) -> None:
        self._problem(self._submit(self._sealed()), {403})

    def a_request_is_taken_once(self) -> None:
        self._order = self._sealed()
        first = self._submit(self._order)
        _must(first.status_code == 201, f"answered {first.status_code}: {first.text[:200]}")
        told = self._model(first, Request)
        again = self._submit(self._order)
        _must(again.status_code == 200, f"the retry was answered {again.status_code}")
        _must(again.headers.get("Idempotent-Replayed") == "true", "the retry is not marked Idempotent-Replayed")
        _must(self._model(again, Request).id == told.id, "the retry is another request")

    def another_body_under_the_same_key_is_refused(self) -> None:
        other = self._sealed(self._pressed(), postcode="437000")
        self._problem(self._submit(other), {422})

    def an_unanswered_request_is_settled(self) -> None:
        wanted = self._pressed()
        told = self._model(self._signed("GET", f"/api/v1/requests?client_request_id={wanted}"), Request)
        _must(str(told.client_request_id) == wanted, "another request was given")
        self._problem(self._signed("GET", f"/api/v1/requests?client_request_id={uuid4()}"), {404})

    def a_signature_is_good_once(self) -> None:
        headers = self._signer().headers("GET", self._url + "/api/v1/devices/me/commands", None, None)
        first = self._get("/api/v1/devices/me/commands", headers)
        _must(first.status_code == 200, f"answered {first.status_code}")
        self._problem(self._get("/api/v1/devices/me/commands", headers), {401})

    def withdrawing_is_idempotent(self) -> None:
        wanted = self._pressed()
        found = self._model(self._signed("GET", f"/api/v1/requests?client_request_id={wanted}"), Request)
        for _ in range(2):
            told = self._model(self._signed("POST", f"/api/v1/requests/{found.id}/cancellation"), Request)
            _must(told.state == "withdrawn", f"it is {told.state}")

    def _ask(self, rule: Callable[[], None]) -> Finding:
        try:
            rule()
        except Missed as missed:
            return Finding(_name(rule), False, str(missed))
        except requests.RequestException as error:
            return Finding(_name(rule), False, f"no answer ({type(error).__name__})")
        except ValidationError as error:
            places = ", ".join("/".join(map(str, one["loc"])) for one in error.errors()[:5])
            return Finding(_name(rule), False, f"the answer's form differs at {places}")
        return Finding(_name(rule), True)

    def _sealed(self, request: str = "", **fields: str) -> dict[str, Any]:
        device = self._enrolled()
        request = request or str(uuid4())
        service = next(
            (code for code, one in sorted(self._catalogue.get("services", {}).items())
             if one.get("enabled") and one.get("mode") != "ticket" and one.get("min_assurance") in ("none", "typed")
             and [field["name"] for field in one.get("fields", ()) if field["required"]] == ["mobile"]),
            "A4",
        )  # fmt: skip
        boxes = [box["id"] for box in self._catalogue.get("services", {}).get(service, {}).get("consents", ())]
        body = "42120219580307999"
        person = {"kind": "resident_id", "number": body + mod_11_2.calc_check_digit(body), "name": ""}
        clear = json.dumps({"applicant": person, "fields": {"mobile": "139" + "0" * 8, **fields}}).encode()
        sealed = Sealer(device.device_id, lambda: device.config.sealing_keys).seal(request, service, clear)
        return {
            "client_request_id": request,
            "service": service,
            "assurance": "typed",
            "consents": boxes,
            "sealed": {"kid": sealed.kid, "alg": sealed.alg, "ciphertext": sealed.ciphertext},
            "captured_at": datetime.now(UTC).isoformat(),
        }

    def _pressed(self) -> str:
        if not self._order:
            raise Missed("no request was handed in")
        return str(self._order["client_request_id"])

    def _submit(self, order: dict[str, Any]) -> requests.Response:
        return self._signed("POST", "/api/v1/requests", order, key=order["client_request_id"])

    def _signed(
        self, method: str, path: str, body: Any = None, key: str | None = None, headers: dict[str, str] | None = None
    ) -> requests.Response:
        content = json.dumps(body).encode() if body is not None else (b"" if method == "POST" else None)
        signed = self._signer().headers(method, self._url + path, content, key)
        signed |= {"Content-Type": "application/json", **(headers or {})}
        if key is not None:
            signed.setdefault(IDEMPOTENCY_HEADER, key)
        return self._http.request(method, self._url + path, data=content, headers=signed, timeout=_WAIT_S)

    def _signer(self) -> Signer:
        return Signer(self._enrolled().key_id, self._key, lambda: datetime.now(UTC))

    def _enrolled(self) -> Enrolment:
        if self._device is None:
            raise Missed("no device was enrolled")
        return self._device

    def _get(self, path: str, headers: dict[str, str] | None = None) -> requests.Response:
        return self._http.get(self._url + path, headers=headers, timeout=_WAIT_S)

    def _post(self, path: str, body: Any) -> requests.Response:
        return self._http.post(self._url + path, json=body, timeout=_WAIT_S)

    def _public(self) -> str:
        return b64encode(self._key.public_key().public_bytes_raw()).decode()

    def _json(self, answer: requests.Response) -> dict[str, Any]:
        _must(answer.status_code == 200, f"answered {answer.status_code}")
        try:
            return dict(answer.json())
        except (ValueError, TypeError):
            raise Missed("the answer is no JSON object") from None

    def _model(self, answer: requests.Response, model: Any) -> Any:
        _must(answer.status_code < 300, f"answered {answer.status_code}: {answer.text[:120]}")
        return model.model_validate_json(answer.content)

    def _problem(self, answer: requests.Response, statuses: set[int]) -> None:
        _must(answer.status_code in statuses, f"answered {answer.status_code}, not {min(statuses)}")
        kind = answer.headers.get("Content-Type", "").partition(";")[0]
        _must(kind == PROBLEM_TYPE, f"the error is {kind or 'without a type'}, not {PROBLEM_TYPE}")
        Problem.model_validate_json(answer.content)


def _must(holds: bool, seen: str) -> None:
    if not holds:
        raise Missed(seen)


def _name(rule: Callable[[], None]) -> str:
    return getattr(rule, "__name__", "rule").replace("_", "-")
