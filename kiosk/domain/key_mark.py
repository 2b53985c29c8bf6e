"""A device key's short mark, for two people on the telephone: the kiosk shows it, and so does the fleet page."""

import hashlib

_DIGITS, _GROUP = 12, 4


def key_mark(public_key: str) -> str:
    """The first 48 bits of the SHA-256 of a public key as it is written (base64), like `3f9a 12c4 77b0`."""
    digits = hashlib.sha256(public_key.encode()).hexdigest()[:_DIGITS]
    return " ".join(digits[at : at + _GROUP] for at in range(0, _DIGITS, _GROUP))
