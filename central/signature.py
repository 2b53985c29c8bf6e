"""Checks a device's signature (RFC 9421, Ed25519): who sent this request, unchanged, just now, and once."""

from base64 import b64decode
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from http_message_signatures import (
    HTTPMessageSignaturesException,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    algorithms,
)

from central.rejection import Rejection
from kiosk.link.models.central import IDEMPOTENCY_HEADER, SIGNED_ALWAYS, SIGNED_BODY, SIGNED_KEY

WINDOW = timedelta(seconds=300)
"""How far a device's clock may be off; beyond that it is told so and mends it by the Date header."""

NONCE_KEPT = timedelta(seconds=600)
"""How long a used nonce is remembered: as long as its signature could be accepted, from either side of the window."""

_NONCE_LENGTH = range(8, 81)


@dataclass(frozen=True)
class Signed:
    """A request whose signature holds; whether its nonce is new is for the database to say."""

    key_id: str
    nonce: str
    idempotency_key: str | None


class _Headers:
    """Header lines in their order, repeated ones kept apart."""

    def __init__(self, lines: Iterable[tuple[str, str]]) -> None:
        self._lines = list(lines)

    def items(self) -> list[tuple[str, str]]:
        return self._lines


@dataclass(frozen=True)
class Message:
    """A request as it arrived. `url` is absolute, as the client addressed it."""

    method: str
    url: str
    headers: _Headers
    body: bytes

    @classmethod
    def of(cls, method: str, url: str, lines: Iterable[tuple[str, str]], body: bytes) -> "Message":
        """Build one from header lines."""
        return cls(method, url, _Headers(lines), body)

    def has(self, header: str) -> bool:
        """Whether a header is there at all."""
        return any(name.lower() == header for name, _ in self.headers.items())


class _Keys(HTTPSignatureKeyResolver):
    def __init__(self, find: Callable[[str], str | None]) -> None:
        self._find = find
        self.unknown = False

    def resolve_public_key(self, key_id: str) -> Ed25519PublicKey | None:
        raw = self._find(key_id)
        self.unknown = raw is None
        return None if raw is None else _public(raw)


@lru_cache(maxsize=20_000)  # as many as there are kiosks in a province
def _public(raw: str) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(b64decode(raw))


class _Verifier(HTTPMessageVerifier):
    """The library's verifier; the window is checked after the signature, by the injected clock."""

    def validate_created_and_expires(self, sig_input: Any, max_age: timedelta | None = None) -> None:  # noqa: ARG002
        """Only see that there is a time to check."""
        if type(sig_input.params.get("created")) is not int:
            raise HTTPMessageSignaturesException("created is missing")


def verify(message: Message, now: datetime, find_key: Callable[[str], str | None]) -> Signed:
    """Say who signed; raise Rejection (401) for a signature that is missing, wrong, too old or covers too little.

    `find_key` gives the raw public key in base64 by key id, or None.
    """
    wanted = set(SIGNED_ALWAYS)
    if message.body or message.method in ("POST", "PUT", "PATCH"):
        wanted.add(SIGNED_BODY)
    if message.has(IDEMPOTENCY_HEADER.lower()):
        wanted.add(SIGNED_KEY)
    keys = _Keys(find_key)
    verifier = _Verifier(signature_algorithm=algorithms.ED25519, key_resolver=keys)
    try:
        [result] = verifier.verify(
            message, max_age=None, require_components=tuple(sorted(wanted)), body=message.body or None
        )
    except (HTTPMessageSignaturesException, ValueError) as error:
        if keys.unknown:
            raise key_unknown() from error
        raise _invalid("The signature is missing, or does not hold.") from error
    parameters: dict[str, Any] = result.parameters
    nonce = parameters.get("nonce")
    if not isinstance(nonce, str) or len(nonce) not in _NONCE_LENGTH:
        raise _invalid("The signature has no nonce of 8 to 80 characters.")
    if abs(now.timestamp() - parameters["created"]) > WINDOW.total_seconds():
        raise Rejection(
            401, "clock-skew", "The signature was made too long ago, or in the future; see the Date header.", "reauth"
        )
    covered: dict[str, str] = result.covered_components
    return Signed(str(parameters["keyid"]), nonce, covered.get(f'"{SIGNED_KEY}"'))


def key_unknown() -> Rejection:
    """The answer to a key that nobody has, or that was replaced."""
    return Rejection(401, "key-unknown", "The signing key is not known here; enrol again.", "reauth")


def replayed() -> Rejection:
    """The answer to a nonce that has been used before."""
    return Rejection(401, "signature-replayed", "This signature has been used before; sign each try anew.", "reauth")


def _invalid(detail: str) -> Rejection:
    return Rejection(401, "signature-invalid", detail, "reauth")
