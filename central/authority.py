"""The certificate that kiosks are to trust, as a file anybody may fetch: a claim carries its fingerprint."""

import ssl
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlencode

from kiosk.domain.errors import Refusal

_BEGIN, _END = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"


def authority(ca: Path | None, cert: Path | None) -> str:
    """The authority's certificate (PEM): the one named, else the last of the service's own chain; "" without TLS."""
    file = ca or cert
    if file is None:
        return ""
    try:
        text = file.read_text("ascii")
        last = text[text.rindex(_BEGIN) : text.rindex(_END) + len(_END)] + "\n"
        ssl.PEM_cert_to_DER_cert(last)
    except (OSError, ValueError) as error:
        raise Refusal(f"{file} holds no certificate (PEM); give the authority's file with --ca") from error
    return last


def fingerprint(pem: str) -> str:
    """SHA-256 of a certificate, hexadecimal."""
    return sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest()


def claim_slip(url: str, code: str, branch: str, pem: str) -> str:
    """What a technician shows to a new kiosk's scanner as a QR code."""
    said = {"central": url, "code": code, "branch": branch} | ({"ca-sha256": fingerprint(pem)} if pem else {})
    return f"kiosk-enrol:?{urlencode(said)}"
