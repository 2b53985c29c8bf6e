"""What was promised on paper, as a chain of records: each one carries the fingerprint of the one before it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Literal

PromiseKind = Literal["ticket", "receipt", "slip", "printed", "failed", "unknown", "screen", "checkpoint"]
"""A paper about to be printed (the first three), what became of it, or that older records are to be thrown away."""

CHECKPOINT = "checkpoint"
"""A record of this kind names, as subject and digest, the last record of those that go: number and fingerprint."""

START = "0" * 64
"""What the first record of a chain has in place of a fingerprint."""
RECORD_PREFIX = b"police-post journal v1\n"
WITNESS_PREFIX = b"police-post witness v1\n"
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})


@dataclass(frozen=True)
class Promise:
    """One record. `subject` is the id of the ticket, request or print job, `word` its number or reference.

    `at` is RFC 3339 by the kiosk's clock, `digest` that of the paper without this record's own code.
    """

    chain: str
    seq: int
    at: str
    kind: str
    subject: str
    word: str
    digest: str
    previous: str

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the record in its one canonical spelling, hexadecimal."""
        return sha256(canonical(asdict(self))).hexdigest()

    @property
    def signed(self) -> bytes:
        """The bytes that the device signs."""
        return RECORD_PREFIX + self.fingerprint.encode()

    @property
    def code(self) -> str:
        """The short code on the paper, e.g. `7K2M-9QXD`: forty bits of the fingerprint."""
        return short_code(self.fingerprint)


@dataclass(frozen=True)
class Witness:
    """The centre's word that it has seen a chain up to `seq`; `signature` is base64."""

    device: str
    chain: str
    seq: int
    fingerprint: str
    at: str
    signature: str

    @property
    def signed(self) -> bytes:
        """The bytes that the centre signs."""
        said = {key: value for key, value in asdict(self).items() if key != "signature"}
        return WITNESS_PREFIX + canonical(said)


@dataclass(frozen=True)
class Finding:
    """Something that should not be in a chain: the record's number and what is wrong with it."""

    seq: int
    what: str


def canonical(record: Mapping[str, object]) -> bytes:
    """JSON with sorted keys and nothing to choose, so that both sides write the same bytes."""
    return json.dumps(record, ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode()


def short_code(fingerprint: str) -> str:
    """Forty bits as eight letters and digits that are not mistaken for each other (Crockford's base 32)."""
    number = int(fingerprint[:10], 16)
    letters = "".join(_CROCKFORD[number >> shift & 31] for shift in range(35, -1, -5))
    return f"{letters[:4]}-{letters[4:]}"


def plain_code(text: str) -> str:
    """A code as somebody typed it, as it is printed; the empty string for what is none."""
    letters = text.strip().upper().translate(_ALIKE)
    if len(letters) != 8 or any(letter not in _CROCKFORD for letter in letters):
        return ""
    return f"{letters[:4]}-{letters[4:]}"


def broken(records: Sequence[Promise], anchor: Witness | None = None) -> list[Finding]:
    """Every place where a chain does not hold: removed, reordered, foreign or altered records.

    `anchor` is what stands before the first record when older ones were thrown away, as a later record must declare.
    """
    found: list[Finding] = []
    seq, previous = (anchor.seq, anchor.fingerprint) if anchor else (0, START)
    chain = anchor.chain if anchor else ""
    for record in records:
        if record.seq != seq + 1:
            missing = "a record is missing before it" if record.seq > seq + 1 else "it stands twice, or out of order"
            found.append(Finding(record.seq, missing))
        elif record.previous != previous:
            found.append(Finding(record.seq, "it does not follow the one before it: one of the two was changed"))
        if chain and record.chain != chain:
            found.append(Finding(record.seq, "it belongs to another chain"))
        seq, previous, chain = record.seq, record.fingerprint, record.chain
    if anchor is not None and not any(_declares(record, anchor) for record in records):
        found.append(Finding(anchor.seq, "it and all before it are not here, and no checkpoint declares that"))
    return found


def _declares(record: Promise, anchor: Witness) -> bool:
    return (record.kind, record.subject, record.digest) == (CHECKPOINT, str(anchor.seq), anchor.fingerprint)
