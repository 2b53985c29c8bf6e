"""The secrets of the central service: the private sealing keys and the server secret, files of its owner alone."""

import os
import secrets
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import Lock

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from central.ids import fingerprint
from kiosk.domain.errors import Refusal
from kiosk.link.models.central import SEALING_ALG, SealingKey

LIVE = 2
"""How many sealing keys are accepted at intake: the new one, and the last, for what is still under way."""

_SECRET = "server-secret"  # noqa: S105 - the name of the file
_SUFFIX = ".sealing.pem"


@dataclass(frozen=True)
class SealingPair:
    """One sealing key. The private half never leaves this process and is never shown."""

    kid: str
    private: X25519PrivateKey = field(repr=False)

    def public(self, preferred: bool) -> SealingKey:
        """The half that devices get."""
        raw = self.private.public_key().public_bytes_raw()
        return SealingKey(kid=self.kid, alg=SEALING_ALG, public_key=b64encode(raw).decode(), preferred=preferred)


class Vault:
    """The folder of secrets. Keys sort by name, which begins with the day they were made; old ones are kept to read."""

    def __init__(self, folder: Path, now: datetime) -> None:
        self._folder = folder
        self._guard = Lock()
        self._seen = -1
        self._pairs: dict[str, SealingPair] = {}
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.server_secret = self._server_secret()
            if not self._refresh():
                self.rotate(now)
        except (OSError, ValueError) as error:
            raise Refusal(
                f"the keys of the central service in {folder} cannot be used ({error}); restore them from their backup"
            ) from error

    def __repr__(self) -> str:
        return f"Vault({str(self._folder)!r})"

    @property
    def mark(self) -> str:
        """A word that tells this vault from another, and nothing of its secrets."""
        return fingerprint("vault " + self.server_secret.hex())[:16]

    def live(self) -> tuple[SealingKey, ...]:
        """The public keys to which devices may seal now, the preferred one first."""
        newest = sorted(self._refresh(), reverse=True)[:LIVE]
        return tuple(self._pairs[kid].public(preferred=i == 0) for i, kid in enumerate(newest))

    def pair(self, kid: str) -> SealingPair | None:
        """A key by its id, live or old."""
        return self._refresh().get(kid)

    def rotate(self, now: datetime) -> str:
        """Make a new preferred sealing key and give its id; what was sealed to an older one can still be read."""
        private = X25519PrivateKey.generate()
        kid = f"{now:%Y%m%d%H%M%S}-{secrets.token_hex(3)}"
        pem = private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        _write_once(self._folder / (kid + _SUFFIX), pem)
        self._refresh()
        return kid

    def _server_secret(self) -> bytes:
        file = self._folder / _SECRET
        if not file.exists():
            _write_once(file, secrets.token_bytes(32))
        secret = file.read_bytes()
        if len(secret) != 32:
            raise ValueError(f"{_SECRET} is damaged")
        return secret

    def _refresh(self) -> dict[str, SealingPair]:
        """Read the folder again if it has changed: `kiosk central rotate` is another process."""
        with self._guard:
            changed = self._folder.stat().st_mtime_ns
            if changed != self._seen:
                for file in self._folder.glob("*" + _SUFFIX):
                    kid = file.name.removesuffix(_SUFFIX)
                    if kid not in self._pairs:
                        key = serialization.load_pem_private_key(file.read_bytes(), None)
                        if not isinstance(key, X25519PrivateKey):
                            raise ValueError(f"{file.name} is no X25519 key")
                        self._pairs[kid] = SealingPair(kid, key)
                self._seen = changed
            return self._pairs


def _write_once(file: Path, content: bytes) -> None:
    """Write a file that is whole or not there; one that another process has just made is kept."""
    draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        try:
            os.link(draft, file)
        except FileExistsError:
            pass
    finally:
        draft.unlink()
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
