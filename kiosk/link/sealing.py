"""Seals a request's personal fields to the central service: from then on this machine cannot read them."""

from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from kiosk.domain.errors import Broken
from kiosk.engine.ports import Sealed
from kiosk.link.models.central import SEALING_ALG, SealingKey, sealing_context


class Sealer:
    """Seals to the preferred one of the centre's live keys. `keys` is asked each time: the centre changes them."""

    def __init__(self, device: str, keys: Callable[[], Sequence[SealingKey]]) -> None:
        self._device = device
        self._keys = keys

    def seal(self, request: str, service: str, fields: bytes) -> Sealed:
        """Encrypt `fields` by RFC 9180 (base mode), bound to device, request and service; Broken without a usable key.

        `request` is the client_request_id, a UUID in any spelling.
        """
        key = self._chosen()
        suite = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
        public = X25519PublicKey.from_public_bytes(b64decode(key.public_key, validate=True))
        ciphertext = suite.encrypt(fields, public, sealing_context(self._device, request, service))
        return Sealed(kid=key.kid, alg=key.alg, ciphertext=b64encode(ciphertext).decode())

    def _chosen(self) -> SealingKey:
        usable = [key for key in self._keys() if key.alg == SEALING_ALG]
        if not usable:
            raise Broken("the centre's configuration has no sealing key that this version knows; update the kiosk")
        return next((key for key in usable if key.preferred), usable[0])
