"""Fetches the certificate authority of a centre that this machine does not trust yet, by the fingerprint on a claim."""

import hmac
import re
import ssl
import warnings
from hashlib import sha256
from typing import Any

import urllib3

from kiosk.domain.errors import Refusal

PATH = "/ca.pem"
LONGEST = 64 * 1024
_PATIENCE = urllib3.Timeout(connect=5, read=10)
_CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----")


def fetch_authority(url: str, wanted: str, proxy: str = "") -> str:
    """The certificate (PEM) of this SHA-256 fingerprint; Refusal where the centre shows another, or ConnectionError.

    Whoever answers is believed in nothing: only what has the fingerprint is taken; it checks all that follows.
    """
    trust: dict[str, Any] = {"cert_reqs": "CERT_NONE", "assert_hostname": False}
    trust |= {"timeout": _PATIENCE, "retries": False}
    pool = urllib3.ProxyManager(proxy, **trust) if proxy else urllib3.PoolManager(**trust)
    try:
        with warnings.catch_warnings(category=urllib3.exceptions.InsecureRequestWarning, action="ignore"):
            answer = pool.request("GET", url.rstrip("/") + PATH, preload_content=False, redirect=False)
        with answer:
            text = answer.read(LONGEST).decode("ascii", "replace") if answer.status == 200 else ""
    except urllib3.exceptions.HTTPError as error:
        raise ConnectionError(f"the centre at {url} does not answer; check address and network") from error
    finally:
        pool.clear()
    for found in _CERTIFICATE.findall(text):
        try:
            der = ssl.PEM_cert_to_DER_cert(found)
        except ValueError:
            continue
        if hmac.compare_digest(sha256(der).hexdigest(), wanted):
            return f"{found}\n"
    raise Refusal(
        f"{url} does not show the certificate that the claim names; nothing was sent. Ask the centre for a new claim"
    )
