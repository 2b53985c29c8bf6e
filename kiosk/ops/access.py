"""Who may open the service menu: a branch PIN or a one-time code, and a delay that grows with every failure."""

import hashlib
import hmac
import json
import secrets
from base64 import b32decode, b32encode
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from kiosk.domain.errors import Refusal
from kiosk.domain.one_time import PERIOD_S, code
from kiosk.ops.files import make_folder, write_whole

FILE = "access.json"
FREE = 3
"""So many failures in a row cost nothing: fingers slip."""
FIRST_S, MOST_S = 30, 3600
"""The delay after the first failure that costs, doubled with each one, and its bound."""
SHORTEST, LONGEST = 6, 12
DRIFT = 1
"""A code is good one period before and after, for clocks that differ."""


@dataclass(frozen=True)
class Access:
    """What is kept: the PIN as a salted hash, the secret of the one-time codes, failures, the last code's period."""

    pin: str = ""
    salt: str = ""
    secret: str = ""
    failures: int = 0
    last: str = ""
    used: int = -1

    @property
    def known(self) -> bool:
        """There is something by which a technician can be told from others."""
        return bool(self.pin or self.secret)


@dataclass(frozen=True)
class Verdict:
    """Whether it opens; else how long nobody is listened to."""

    admitted: bool
    wait_s: int = 0
    known: bool = True


def delay_s(failures: int) -> int:
    """The delay after so many failures in a row."""
    return 0 if failures < FREE else int(min(MOST_S, FIRST_S * 2 ** min(failures - FREE, 20)))


def left_s(access: Access, now: datetime) -> int:
    """The whole seconds until the next try is looked at; a clock that was set back makes it no longer than it was."""
    delay = delay_s(access.failures)
    if not delay or not access.last:
        return 0
    gone = (now - datetime.fromisoformat(access.last)).total_seconds()
    return max(0, delay - int(max(0.0, gone)))


def judge(access: Access, typed: str, now: datetime) -> tuple[Access, Verdict]:
    """Judge one try. What comes back is to be stored before anybody hears the verdict."""
    if not access.known:
        return access, Verdict(False, known=False)
    wait = left_s(access, now)
    if wait:
        return access, Verdict(False, wait)
    period = _period(access, typed, now)
    if _is_pin(access, typed) or period is not None:
        used = access.used if period is None else period
        return replace(access, failures=0, last="", used=used), Verdict(True)
    failed = replace(access, failures=access.failures + 1, last=now.astimezone(UTC).isoformat())
    return failed, Verdict(False, left_s(failed, now))


def with_pin(access: Access, pin: str) -> Access:
    """The same with another PIN; Refusal for one that is none."""
    if not (pin.isascii() and pin.isdigit() and SHORTEST <= len(pin) <= LONGEST) or len(set(pin)) == 1:
        raise Refusal(f"a PIN has {SHORTEST} to {LONGEST} digits, not all the same; choose another")
    salt = secrets.token_hex(16)
    return replace(access, pin=_hash(pin, salt), salt=salt, failures=0, last="")


def with_secret(access: Access, secret: str) -> Access:
    """The same with another secret of one-time codes (base32); Refusal for one that is none."""
    try:
        long_enough = len(b32decode(secret)) >= 16
    except ValueError:
        long_enough = False
    if not long_enough:
        raise Refusal("the secret is no base32 of at least 128 bits; let `kiosk technician secret` make one")
    return access if access.secret == secret else replace(access, secret=secret, used=-1)


def new_secret() -> str:
    """A fresh secret of 160 bits, as the RFC recommends."""
    return b32encode(secrets.token_bytes(20)).decode()


def read(state: Path) -> Access:
    """What is stored; nothing known where there is no file. A damaged file keeps everybody out until a PIN is set."""
    try:
        found = json.loads((state / FILE).read_bytes())
        return Access(**{name: type(value)(found.get(name, value)) for name, value in asdict(Access()).items()})
    except (OSError, ValueError, TypeError, AttributeError):
        return Access()


def write(state: Path, access: Access) -> None:
    """Keep it, whole, for its owner's eyes only."""
    write_whole(make_folder(state) / FILE, json.dumps(asdict(access)).encode())


def admit(state: Path, typed: str, now: datetime) -> Verdict:
    """Judge one try and have the failure on disk before the answer is known to anybody."""
    access = read(state)
    after, verdict = judge(access, typed, now)
    if after != access:
        write(state, after)
    return verdict


def _hash(pin: str, salt: str) -> str:
    return hashlib.scrypt(pin.encode(), salt=bytes.fromhex(salt), n=2**14, r=8, p=1, dklen=32).hex()


def _is_pin(access: Access, typed: str) -> bool:
    return bool(access.pin) and hmac.compare_digest(_hash(typed, access.salt), access.pin)


def _period(access: Access, typed: str, now: datetime) -> int | None:
    """The period whose code it is; each code opens once."""
    if not access.secret:
        return None
    here = int(now.timestamp()) // PERIOD_S
    good = [
        each
        for each in range(here - DRIFT, here + DRIFT + 1)
        if each > access.used and hmac.compare_digest(code(access.secret, each), typed)
    ]
    return good[0] if good else None
