"""TLS in the process itself: a certificate that holds is served, one that does not is refused in one line."""

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.x509.oid import NameOID

from kiosk.domain.errors import Refusal
from tests.central.world import close_world, open_world


def certificate(folder: Path) -> tuple[Path, Path]:
    key = generate_private_key(SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    cert, private = folder / "cert.pem", folder / "key.pem"
    cert.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    private.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
    return cert, private


def test_a_certificate_makes_it_https_for_kiosks_and_browsers(tmp_path: Path) -> None:
    cert, key = certificate(tmp_path)
    world = open_world(tmp_path, cert=cert, key=key)
    world.http.close()
    world.http = httpx.Client(verify=ssl.create_default_context(cafile=str(cert)), timeout=20)
    try:
        assert world.url.startswith("https://127.0.0.1:")
        device = world.device()
        assert device.submit(device.order()).status_code == 201
        answer = world.http.get(f"{world.url}/desk")
        assert "max-age" in answer.headers["strict-transport-security"]
        with pytest.raises(httpx.ConnectError), httpx.Client() as stranger:
            stranger.get(f"{world.url}/healthz")
    finally:
        close_world(world)


@pytest.mark.parametrize("wrong", ["no key", "no file", "not a key"])
def test_a_certificate_that_cannot_be_used_is_refused_in_one_line(tmp_path: Path, wrong: str) -> None:
    cert, key = certificate(tmp_path)
    if wrong == "no file":
        cert.unlink()
    if wrong == "not a key":
        key.write_text("nothing")
    with pytest.raises(Refusal) as refusal:
        open_world(tmp_path, cert=cert, key=None if wrong == "no key" else key)
    assert "\n" not in str(refusal.value)


def test_beyond_this_machine_a_certificate_is_enough(tmp_path: Path) -> None:
    cert, key = certificate(tmp_path)
    close_world(open_world(tmp_path, cert=cert, key=key, listen="0.0.0.0:0"))
