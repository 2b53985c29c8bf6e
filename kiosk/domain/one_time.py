"""One-time codes of the service menu: RFC 6238 with its defaults, as kiosk and centre both count them."""

import hmac
from base64 import b32decode, b32encode

PERIOD_S, DIGITS = 30, 6


def code(secret: str, period: int) -> str:
    """The code of a period of 30 s (RFC 6238 on HMAC-SHA-1, as every authenticator has it); `secret` is base32."""
    # RFC 4226, 5.3: four bytes from where the last nibble points, the sign bit away, the last digits of it.
    mac = hmac.new(b32decode(secret), period.to_bytes(8, "big"), "sha1").digest()
    at = mac[-1] & 15
    return str((int.from_bytes(mac[at : at + 4], "big") & 0x7FFFFFFF) % 10**DIGITS).zfill(DIGITS)


def secret_of(server_secret: bytes, device: str) -> str:
    """The secret of one device: the centre stores none, it counts each from its own."""
    return b32encode(hmac.digest(server_secret, b"service menu " + device.encode(), "sha256")[:20]).decode()
