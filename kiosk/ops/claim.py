"""A claim as a technician carries it to a new kiosk: a QR code for its own scanner, or a file on a USB stick."""

import json
import re
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

SCHEME = "kiosk-enrol"
LONGEST = 16 * 1024
_FINGERPRINT = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True)
class ClaimSlip:
    """Where to enrol and with which one-time code.

    `ca` is the certificate (PEM) that signed the centre's, `ca_sha256` its fingerprint, by which it can be fetched.
    """

    central: str
    code: str = field(repr=False)
    branch: str = ""
    ca: str = field(repr=False, default="")
    ca_sha256: str = ""


def read_claim(text: str) -> ClaimSlip | None:
    """Read `kiosk-enrol:?central=URL&code=CODE[&ca-sha256=HEX]`, or the same as a JSON object; None for others."""
    text = text.strip()
    if len(text) > LONGEST:
        return None
    if text.startswith(f"{SCHEME}:"):
        given = {name: values[-1] for name, values in parse_qs(urlsplit(text).query).items()}
    elif text.startswith("{"):
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            return None
        given = {name: value for name, value in found.items() if isinstance(value, str)}
    else:
        return None
    central, code = given.get("central", ""), given.get("code") or given.get("claim_code", "")
    if not central.startswith(("https://", "http://")) or not code:
        return None
    fingerprint = given.get("ca-sha256", "").replace(":", "").lower()
    if fingerprint and not _FINGERPRINT.fullmatch(fingerprint):
        return None
    return ClaimSlip(central, code.strip()[:64], given.get("branch", ""), given.get("ca", ""), fingerprint)
