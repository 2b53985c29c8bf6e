"""Opens what a kiosk has sealed: in memory, for this device, request and service alone."""

from base64 import b64decode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from central.vault import Vault
from kiosk.link.models.central import SEALING_ALG, SealedPart, sealing_context


class Unsealable(Exception):
    """It cannot be opened; `code` says why, and nothing of what is inside."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def unseal_new(vault: Vault, sealed: SealedPart, device: str, request: str, service: str) -> bytes:
    """Open what has just come in; only the live keys are accepted, whatever the kiosk says."""
    if sealed.alg != SEALING_ALG:
        raise Unsealable("algorithm-unknown")
    if sealed.kid not in {key.kid for key in vault.live()}:
        raise Unsealable("key-retired" if vault.pair(sealed.kid) else "key-unknown")
    try:
        ciphertext = b64decode(sealed.ciphertext, validate=True)
    except ValueError as error:
        raise Unsealable("not-base64") from error
    return unseal(vault, sealed.kid, ciphertext, device, request, service)


def unseal(vault: Vault, kid: str, ciphertext: bytes, device: str, request: str, service: str) -> bytes:
    """Open what is stored; any key that the vault still holds will do."""
    pair = vault.pair(kid)
    if pair is None:
        raise Unsealable("key-unknown")
    suite = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
    try:
        return suite.decrypt(ciphertext, pair.private, sealing_context(device, request, service))
    except (InvalidTag, ValueError) as error:
        raise Unsealable("not-for-us") from error
