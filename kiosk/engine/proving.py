"""Carries out what proves a citizen: a code by way of the centre, a clerk's word by way of the hub."""

import json
from collections.abc import Iterable, Mapping

from kiosk.core import effects as order
from kiosk.core import events as fact
from kiosk.core.events import Event, ProofProblem
from kiosk.domain.request import Proof
from kiosk.engine.lanes import Lanes
from kiosk.engine.ports import Away, BranchLink, CentralLink, Done, Rejected, Sealer

PROBLEMS: Mapping[str, ProofProblem] = {
    "code-wrong": "wrong", "code-spent": "spent", "code-expired": "expired", "confirmation-refused": "refused",
    "code-early": "early", "slow-down": "often", "not-found": "expired",
}  # fmt: skip
"""What a refusal of hub or centre means to her; any other is nobody there."""
AGAIN: frozenset[ProofProblem] = frozenset({"wrong", "early"})
"""After these the code may be typed once more."""
ENDED: Mapping[str, ProofProblem] = {"refused": "refused", "spent": "spent", "expired": "expired"}
"""States of a confirmation in which no clerk will come."""

ProofOrder = order.SendCode | order.AskClerk | order.WatchClerk | order.DropClerk | order.CheckProof


class ProofHands:
    """Asks for proofs and has them compared; an answer that does not come is said to be none."""

    def __init__(
        self, kiosk: str, branch: BranchLink, central: CentralLink | None, sealer: Sealer | None, lanes: Lanes
    ) -> None:
        self._kiosk = kiosk
        self._branch = branch
        self._central = central
        self._sealer = sealer
        self._lanes = lanes

    def carry_out(self, effect: ProofOrder) -> None:
        """Do one order on the lane of the peer that it needs."""
        match effect:
            case order.SendCode():
                self._lanes.submit("central", lambda: self._send(effect))
            case order.CheckProof(proof=Proof(kind="code")):
                self._lanes.submit("central", lambda: self._check_code(effect))
            case order.CheckProof():
                self._lanes.submit("branch", lambda: self._check_clerk(effect))
            case order.AskClerk():
                self._lanes.submit("branch", lambda: self._ask(effect))
            case order.WatchClerk(confirmation=name):
                self._lanes.submit("branch", lambda: self._watch(name))
            case order.DropClerk(confirmation=name):
                self._lanes.submit("branch", lambda: self._drop(name))

    def _send(self, effect: order.SendCode) -> Iterable[Event]:
        proof = Proof("code", effect.code)
        if self._central is None or self._sealer is None:
            yield fact.ProofRefused(proof, "away")
            return
        clear = json.dumps({"mobile": effect.mobile}).encode()
        sealed = self._sealer.seal(effect.code, effect.service, clear)
        yield _told(proof, self._central.send_code(effect.code, effect.service, sealed), fact.ProofAsked(proof))

    def _ask(self, effect: order.AskClerk) -> Iterable[Event]:
        proof = Proof("staff", effect.confirmation)
        answer = self._branch.ask_clerk(effect.confirmation, self._kiosk, effect.service, effect.tail)
        yield _told(proof, answer, fact.ProofAsked(proof))

    def _watch(self, name: str) -> Iterable[Event]:
        match self._branch.clerk(name):
            case "taken":
                yield fact.ClerkTook(name)
            case str() as state if state in ENDED:
                yield fact.ProofRefused(Proof("staff", name), ENDED[state])

    def _drop(self, name: str) -> Iterable[Event]:
        self._branch.drop_clerk(name)  # unheard, the hub forgets it by itself
        return ()

    def _check_code(self, effect: order.CheckProof) -> Iterable[Event]:
        central = self._central
        answer = central.check_code(effect.proof.id, effect.typed) if central else Away(ambiguous=False)
        yield _told(effect.proof, answer, fact.Proven(effect.proof))

    def _check_clerk(self, effect: order.CheckProof) -> Iterable[Event]:
        answer = self._branch.check_clerk(effect.proof.id, self._kiosk, effect.typed)
        yield _told(effect.proof, answer, fact.Proven(effect.proof))


def _told(proof: Proof, answer: Done | Away | Rejected, fine: Event) -> Event:
    match answer:
        case Done():
            return fine
        case Rejected(code=code):
            problem = PROBLEMS.get(code, "away")
            return fact.ProofRefused(proof, problem, again=problem in AGAIN)
    return fact.ProofRefused(proof, "away")
