"""Signs a device's requests (RFC 9421, Ed25519): method, target, body and idempotency key, now, and once."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from http_message_signatures import HTTPMessageSigner, MappingKeyResolver, algorithms

from kiosk.link.models.central import IDEMPOTENCY_HEADER, SIGNED_ALWAYS, SIGNED_KEY

_LABEL = "device"
_NONCE_BYTES = 16


@dataclass
class _Message:
    """A request as the library wants to see it; it writes digest and signature into the headers."""

    method: str
    url: str
    headers: dict[str, str]


@dataclass(frozen=True)
class Signer:
    """One device key. `key_id` is the name under which the centre knows its public half."""

    key_id: str
    key: Ed25519PrivateKey = field(repr=False)
    now: Callable[[], datetime] = field(repr=False)

    def headers(
        self, method: str, url: str, body: bytes | None = None, idempotency_key: str | None = None
    ) -> dict[str, str]:
        """The headers that make this request ours: idempotency key, content digest and signature.

        `url` is the absolute address as it will be sent. Each call makes a new nonce, so a retry is signed anew.
        """
        headers: dict[str, str] = {}
        covered = list(SIGNED_ALWAYS)
        if idempotency_key is not None:
            headers[IDEMPOTENCY_HEADER] = idempotency_key
            covered.append(SIGNED_KEY)
        message = _Message(method, url, headers)
        signer = HTTPMessageSigner(
            signature_algorithm=algorithms.ED25519,
            key_resolver=MappingKeyResolver(public_keys={}, private_keys={self.key_id: self.key}),
        )
        signer.sign(
            message,
            key_id=self.key_id,
            created=self.now(),
            nonce=secrets.token_urlsafe(_NONCE_BYTES),
            label=_LABEL,
            include_alg=True,
            covered_component_ids=tuple(covered),
            body=body,
        )
        return message.headers
