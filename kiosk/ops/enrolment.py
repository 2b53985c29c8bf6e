"""Makes a machine a kiosk: its key is made here, the centre takes it in by a claim code, and both are kept."""

import json
import os
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.domain.errors import Refusal
from kiosk.domain.key_mark import key_mark
from kiosk.engine.ports import Away, Rejected
from kiosk.link.central import CONNECT_S, READ_S, WHOLE_S, CentreLink
from kiosk.link.http import Peer, Times, refusal
from kiosk.link.models.central import DeviceConfig, Enrolment, EnrolmentOrder
from kiosk.link.proxy import proxy_for
from kiosk.link.sealing import Sealer
from kiosk.ops import access
from kiosk.ops.files import make_folder, remove, write_whole
from kiosk.ops.standing import Standing, standing_of

FOLDER = "identity"
_IDENTITY = "identity.json"
_PENDING = "pending.pem"
_NEXT = "next.pem"
_VERSION = 1

_SENTENCES: Mapping[str, str] = {
    "claim-unknown": "the centre does not know this claim code; check it, or ask for a new one",
    "claim-used": "this claim code has been used; ask the centre for a new one",
    "claim-expired": "this claim code has expired; ask the centre for a new one",
    "kiosk-number-taken": "the branch has a kiosk of this number; have that one retired, or ask for another code",
    "device-retired": "the centre has refused or retired this kiosk; ask for a new claim code",
    "slow-down": "too many tries; wait a minute and try again",
}


@dataclass(frozen=True)
class NextKey:
    """A key that the centre has taken in and this kiosk does not rely on yet."""

    key_id: str
    key: Ed25519PrivateKey = field(repr=False)


@dataclass(frozen=True)
class Identity:
    """Who this kiosk is to the centre. The private key is in no repr, no log and no answer."""

    central_url: str
    device_id: str
    key_id: str
    config: DeviceConfig
    key: Ed25519PrivateKey = field(repr=False)
    config_etag: str = ""
    ca_file: str | None = None
    next_key: NextKey | None = None
    standing: Standing = "accepted"

    @property
    def key_mark(self) -> str:
        """The mark of the public key, to compare with what the fleet page shows."""
        return key_mark(b64encode(self.key.public_key().public_bytes_raw()).decode())

    def link(self, now: Callable[[], datetime], times: Times | None = None) -> CentreLink:
        """A client of the centre that signs as this device, in its usual times or in these."""
        proxy = proxy_for(self.central_url, os.environ)
        return CentreLink(self.central_url, self.key_id, self.key, now, self.ca_file, times, proxy)

    def sealer(self) -> Sealer:
        """Seals to the keys of the configuration that this identity was loaded with."""
        keys = self.config.sealing_keys
        return Sealer(self.device_id, lambda: keys)


@dataclass(frozen=True)
class EnrolmentFailed:
    """It did not happen. `sentence` is one line for a person; nothing on this machine has changed."""

    code: str
    sentence: str


def enrol(
    central_url: str, code: str, state: Path, hardware: Mapping[str, str], ca_file: str | None = None
) -> Identity | EnrolmentFailed:
    """Enrol under `central_url` with a claim code; an earlier identity is replaced only once the new one is there.

    The key of a try whose answer was lost is used again, so that the same code leads to the same device. Refusal for
    an address that would carry the claim code over the network in the clear.
    """
    _check_address(central_url)
    folder = _folder(state)
    key = _pending_key(folder)
    public = b64encode(key.public_key().public_bytes_raw()).decode()
    order = EnrolmentOrder(claim_code=code.strip()[:64] or "-", public_key=public, hardware=dict(hardware))
    peer = Peer(central_url, Times(CONNECT_S, READ_S, WHOLE_S), ca_file, proxy_for(central_url, os.environ))
    try:
        answer = peer.call(
            "POST",
            "/api/v1/enrolments",
            {"Content-Type": "application/json", "Accept": "application/json"},
            order.model_dump_json().encode(),
        )
    finally:
        peer.close()
    no_answer = EnrolmentFailed("away", f"the centre at {central_url} does not answer; check address and network")
    if isinstance(answer, Away):
        return no_answer
    enrolment = answer.read(Enrolment) if answer.status in (200, 201) else None
    if enrolment is None:
        refused = refusal(answer)
        if isinstance(refused, Rejected):
            default = f"the centre refuses ({refused.code}); ask there"
            return EnrolmentFailed(refused.code, _SENTENCES.get(refused.code, default))
        return no_answer
    identity = Identity(
        central_url.rstrip("/"), enrolment.device_id, enrolment.key_id, enrolment.config, key, "", ca_file,
        standing=enrolment.state,
    )  # fmt: skip
    if enrolment.service_secret:  # before the identity: after a power cut the same code leads here once more
        access.write(state, access.with_secret(access.read(state), enrolment.service_secret))
    _save(folder, identity)
    (folder / _PENDING).unlink(missing_ok=True)
    return identity


def load_identity(state: Path) -> Identity | None:
    """The identity of this kiosk, or None if it was never enrolled; Refusal for one that is damaged."""
    file = state / FOLDER / _IDENTITY
    try:
        identity = _read(json.loads(file.read_bytes()))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise Refusal(
            f"the identity of this kiosk in {file} is damaged; enrol it again with `kiosk enrol` and a new claim code"
        ) from error
    file.chmod(0o600)
    return identity


def keep_config(state: Path, identity: Identity, config: DeviceConfig, etag: str) -> Identity:
    """Store a newer configuration of the same device and give the identity that has it."""
    if config.device_id != identity.device_id:
        raise Refusal("the centre sent another device's configuration; it is not kept")
    return _kept(state, replace(identity, config=config, config_etag=etag))


def keep_standing(state: Path, identity: Identity, standing: Standing) -> Identity:
    """The centre has said how this kiosk stands with it."""
    return _kept(state, replace(identity, standing=standing))


def next_key_draft(state: Path) -> Ed25519PrivateKey:
    """The key that will follow: the one of an earlier try, else a fresh one, on disk before anybody hears of it."""
    return _pending_key(_folder(state), _NEXT)


def keep_next_key(state: Path, identity: Identity, key: NextKey) -> Identity:
    """The centre knows the next key by a name: both keys are good from here on."""
    kept = _kept(state, replace(identity, next_key=key))
    remove(state / FOLDER / _NEXT)
    return kept


def switch_key(state: Path, identity: Identity, key: NextKey) -> Identity:
    """The centre has ended the old key."""
    return _kept(state, replace(identity, key_id=key.key_id, key=key.key, next_key=None))


def _kept(state: Path, identity: Identity) -> Identity:
    _save(_folder(state), identity)
    return identity


def _read(stored: dict[str, Any]) -> Identity:
    if stored["version"] != _VERSION:
        raise ValueError("of another version")
    key = _private(stored["private_key"])
    names = {name: stored[name] for name in ("central_url", "device_id", "key_id")}
    if not all(isinstance(name, str) for name in names.values()):
        raise TypeError("a name is no text")
    config = DeviceConfig.model_validate(stored["config"])
    later = stored.get("next")
    following = NextKey(str(later["key_id"]), _private(later["private_key"])) if later else None
    return Identity(**names, config=config, key=key, config_etag=stored["config_etag"], ca_file=stored["ca_file"],
                    next_key=following, standing=standing_of(stored))  # fmt: skip


def _private(pem: object) -> Ed25519PrivateKey:
    key = serialization.load_pem_private_key(str(pem).encode(), None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError("no Ed25519 key")
    return key


def _check_address(url: str) -> None:
    parts = urlsplit(url)
    try:
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port = "", None
    if parts.scheme not in ("http", "https") or not host or port == 0:
        raise Refusal(f"{url!r} is no address of a central service; it looks like https://centre.example")
    if parts.scheme == "http" and not _is_loopback(host):
        raise Refusal(f"{url} would carry the claim code unprotected; use https:// beyond this machine")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _folder(state: Path) -> Path:
    return make_folder(state / FOLDER)


def _pending_key(folder: Path, name: str = _PENDING) -> Ed25519PrivateKey:
    file = folder / name
    try:
        kept = serialization.load_pem_private_key(file.read_bytes(), None)
        if isinstance(kept, Ed25519PrivateKey):
            return kept
    except (OSError, ValueError):
        pass  # none there, or cut short by a power failure: a new one is as good
    key = Ed25519PrivateKey.generate()
    write_whole(file, _pem(key))
    return key


def _save(folder: Path, identity: Identity) -> None:
    stored: dict[str, object] = {
        "version": _VERSION,
        "central_url": identity.central_url,
        "device_id": identity.device_id,
        "key_id": identity.key_id,
        "private_key": _pem(identity.key).decode(),
        "config": identity.config.model_dump(mode="json"),
        "config_etag": identity.config_etag,
        "ca_file": identity.ca_file,
        "standing": identity.standing,
    }
    if identity.next_key is not None:
        stored["next"] = {
            "key_id": identity.next_key.key_id,
            "private_key": _pem(identity.next_key.key).decode(),
        }
    write_whole(folder / _IDENTITY, json.dumps(stored, ensure_ascii=False, indent=1).encode())


def _pem(key: Ed25519PrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
