"""Identifiers: UUIDv7, codes for people to type, and tokens that nobody can guess."""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from datetime import datetime
from uuid import UUID

# No letters or digits that look like one another on paper or sound alike on the telephone.
_READABLE = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
_CLAIM_LENGTH = 12
_STATUS_BYTES = 16


def uuid7(now: datetime) -> str:
    """A UUID of version 7 (RFC 9562): milliseconds of the given time, then 74 random bits."""
    milliseconds = int(now.timestamp() * 1000) & (2**48 - 1)
    random = secrets.randbits(74)
    high, low = random >> 62, random & (2**62 - 1)
    return str(UUID(int=milliseconds << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low))


def claim_code() -> str:
    """A new claim code like `7KMQ-WX3A-PZ9D`: 59 bits, one in three groups."""
    letters = "".join(secrets.choice(_READABLE) for _ in range(_CLAIM_LENGTH))
    return "-".join(letters[i : i + 4] for i in range(0, _CLAIM_LENGTH, 4))


def plain_claim(code: str) -> str:
    """A claim code as it is compared: without dashes and blanks, in capitals."""
    return "".join(code.upper().replace("-", " ").split())


def secret_token() -> str:
    """A bearer token or session of 256 random bits."""
    return secrets.token_urlsafe(32)


def fingerprint(secret: str) -> str:
    """What is stored of a token or code of high entropy, so that a stolen database opens nothing."""
    return hashlib.sha256(secret.encode()).hexdigest()


def status_token(server_secret: bytes, request: str) -> str:
    """The 22 characters of a request's status page: 128 bits that only this service can derive."""
    digest = hmac.digest(server_secret, b"status " + request.encode(), "sha256")
    return urlsafe_b64encode(digest[:_STATUS_BYTES]).rstrip(b"=").decode()


def content_mark(server_secret: bytes, content: bytes) -> str:
    """A keyed mark of a request's content, by which a retry is known; without the key it can be matched to nothing."""
    return hmac.digest(server_secret, b"content " + content, "sha256").hex()


def person_mark(server_secret: bytes, kind: str, number: str) -> str:
    """A keyed mark of whose a request is: finds all of hers, and tells nothing to who has the database alone."""
    return hmac.digest(server_secret, f"person {kind} {number.upper()}".encode(), "sha256").hex()
