"""Signs the chain of promises with the device's key, has it counter-signed, and finds what was done to it."""

import logging
from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from kiosk.core.events import Event
from kiosk.domain.promises import Finding, Promise, Witness, broken
from kiosk.engine.journal.promises import Promises
from kiosk.engine.ports import Rejected
from kiosk.link.fleet import FleetLink
from kiosk.link.models.care import CounterSigned, PromiseBatch, SignedPromise
from kiosk.ops.enrolment import Identity, load_identity

BATCH = 100

_log = logging.getLogger(__name__)


class Notary:
    """The rounds of the chain: sign what is new, hand it in, keep the centre's word."""

    def __init__(self, state: Path, promises: Promises, link: FleetLink) -> None:
        self._state = state
        self._promises = promises
        self._link = link

    def work(self) -> Iterable[Event]:
        """Sign and hand in what is new; what the centre refuses stays as it is, for a person to look at."""
        self._sign()
        if not self._begun():
            return ()
        while unseen := self._promises.unseen(BATCH):
            records = tuple(
                SignedPromise(**asdict(promise), key_id=key_id, signature=signature)
                for promise, key_id, signature in unseen
            )
            seen = self._link.journal(PromiseBatch(records=records))
            if isinstance(seen, Rejected):
                _log.error("the centre refuses the journal of promises (%s); run `kiosk audit verify`", seen.code)
            if not isinstance(seen, CounterSigned):
                break
            said = seen.model_dump(exclude={"public_key"})
            self._promises.witnessed(Witness(**said), seen.public_key)
            if seen.seq < unseen[-1][0].seq:
                break
        return ()

    def _begun(self) -> bool:
        """Whether the centre knows where this chain begins; one that was cut before there was a centre is declared."""
        found = self._promises.beginning()
        if found is None:
            return True
        promise, key_id, signature = found
        declared = SignedPromise(**asdict(promise), key_id=key_id, signature=signature)
        said = self._link.journal(PromiseBatch(declared=declared))
        if isinstance(said, Rejected):
            _log.error("the centre refuses where the journal of promises begins (%s)", said.code)
        if not isinstance(said, CounterSigned):
            return False
        self._promises.witnessed(Witness(**said.model_dump(exclude={"public_key"})), said.public_key)
        return True

    def _sign(self) -> None:
        if not self._promises.unsigned(1):
            return
        identity = load_identity(self._state)
        while identity is not None and (unsigned := self._promises.unsigned(BATCH)):
            made = {each.seq: b64encode(identity.key.sign(each.signed)).decode() for each in unsigned}
            self._promises.sign(made, identity.key_id)


@dataclass(frozen=True)
class Audit:
    """What an audit of a chain found; `ok` if it holds as far as it is there."""

    records: int
    signed: int
    witnessed: int
    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


def audit(promises: Promises, identity: Identity | None) -> Audit:
    """Check order, fingerprints, signatures and the centre's words; only signatures of the present key can be checked.

    Where older records were thrown away, the centre's word on the last of them and a checkpoint stand for them; where
    the centre has never seen anything of the chain, the checkpoint alone.
    Records that an older key signed are covered by the chain up to one that the present key or the centre signed.
    """
    records, signatures, witnesses = promises.all(), promises.signatures(), promises.witnesses()
    first = records[0].seq if records else 1
    anchor = next((witness for witness, _ in witnesses if witness.seq == first - 1), None)
    if records and first > 1 and not witnesses:
        # Nobody but this kiosk can say what stood before: its own checkpoint has to.
        anchor = Witness("", records[0].chain, first - 1, records[0].previous, "", "")
    findings = broken(records, anchor)
    by_seq = {record.seq: record for record in records}
    last_signed = max(signatures, default=0)
    for record in records:
        held = signatures.get(record.seq)
        if held is None and record.seq < last_signed:
            findings.append(Finding(record.seq, "its signature was taken away"))
        elif not _signed_here(record, held, identity):
            findings.append(Finding(record.seq, "its signature does not hold: it was changed"))
    for witness, public_key in witnesses:
        known = by_seq.get(witness.seq)
        if not _holds(_public(public_key), witness.signature, witness.signed):
            findings.append(Finding(witness.seq, "the centre's own signature does not hold"))
        elif witness is anchor:
            continue
        elif known is None:
            findings.append(Finding(witness.seq, "the centre has seen this record, and it is not here"))
        elif known.fingerprint != witness.fingerprint:
            findings.append(Finding(witness.seq, "the centre has seen another record under this number"))
    seen = max((witness.seq for witness, _ in witnesses), default=0)
    ordered = tuple(sorted(findings, key=lambda finding: finding.seq))
    return Audit(len(records), len(signatures), seen, ordered)


def _signed_here(record: Promise, held: tuple[str, str] | None, identity: Identity | None) -> bool:
    """Whether a record's signature holds, as far as it can be checked here."""
    if held is None or identity is None or held[0] != identity.key_id:
        return True
    return _holds(identity.key.public_key(), held[1], record.signed)


def _holds(key: Ed25519PublicKey | None, signature: str, signed: bytes) -> bool:
    try:
        if key is not None:
            key.verify(b64decode(signature), signed)
    except (InvalidSignature, ValueError):
        return False
    return key is not None


def _public(raw: str) -> Ed25519PublicKey | None:
    try:
        return Ed25519PublicKey.from_public_bytes(b64decode(raw))
    except ValueError:
        return None
