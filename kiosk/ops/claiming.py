"""Enrols by a slip that a technician brought: shown to the kiosk's own scanner, or on a stick that was plugged in."""

import logging
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from kiosk.core.events import Event
from kiosk.domain.errors import Refusal
from kiosk.engine.rounds import Round
from kiosk.ops.claim import LONGEST, ClaimSlip, read_claim

NAME = "kiosk-claim.json"
"""The file that is looked for on a stick."""
MOUNTS = (Path("/media"), Path("/run/media"))
LOOK_S = 10.0
_CA = "centre-ca.pem"

_log = logging.getLogger(__name__)


def authority_file(slip: ClaimSlip, state: Path) -> str | None:
    """Where the authority lies that this claim brought or named, None where it did neither.

    Refusal for a centre that shows another certificate than the one named; ConnectionError where nobody answers.
    """
    from kiosk.ops.enrolment import FOLDER  # noqa: PLC0415 - too dear for every start
    from kiosk.ops.files import make_folder, write_whole  # noqa: PLC0415

    ca = slip.ca
    if slip.ca_sha256 and not ca:
        from kiosk.link.authority import fetch_authority  # noqa: PLC0415
        from kiosk.link.proxy import proxy_for  # noqa: PLC0415

        ca = fetch_authority(slip.central, slip.ca_sha256, proxy_for(slip.central, os.environ))
    if not ca:
        return None
    file = make_folder(state / FOLDER) / _CA
    write_whole(file, ca.encode())
    return str(file)


def enrol_by_slip(slip: ClaimSlip, state: Path, hardware: Mapping[str, str]) -> str:
    """Enrol; the empty string where it worked, else one line for a technician. Nothing has changed then."""
    from kiosk.ops.enrolment import EnrolmentFailed, enrol  # noqa: PLC0415 - too dear for every start

    try:
        outcome = enrol(slip.central, slip.code, state, hardware, authority_file(slip, state))
    except (Refusal, ConnectionError) as refusal:
        return str(refusal)
    return outcome.sentence if isinstance(outcome, EnrolmentFailed) else ""


def slip_on_stick(mounts: Iterable[Path] = MOUNTS) -> ClaimSlip | None:
    """The claim on a stick that is plugged in; None where there is none."""
    for mount in mounts:
        for file in sorted((*mount.glob(f"*/{NAME}"), *mount.glob(f"*/*/{NAME}"))):
            try:
                slip = read_claim(file.read_bytes()[:LONGEST].decode("utf-8"))
            except (OSError, ValueError):
                continue
            if slip is not None:
                return slip
    return None


class Claiming:
    """Waits, on a kiosk that is not enrolled, for a claim; each is tried once, and again when it was shown again."""

    def __init__(
        self, state: Path, hardware: Mapping[str, str], enrolled: Callable[[], None], mounts: Iterable[Path] = MOUNTS
    ) -> None:
        self._state = state
        self._hardware = hardware
        self._enrolled = enrolled
        self._mounts = tuple(mounts)
        self._shown: list[ClaimSlip] = []
        self._tried: ClaimSlip | None = None
        self.round = Round("claim", "fleet", LOOK_S, self.work)

    def shown(self, slip: ClaimSlip) -> None:
        """A slip was held to the scanner; from any thread."""
        self._shown.append(slip)
        self.round.kick()

    def work(self) -> Iterable[Event]:
        """Try what was shown, else what is on a stick."""
        stick = slip_on_stick(self._mounts)
        slip = self._shown.pop() if self._shown else (stick if stick != self._tried else None)
        self._shown.clear()
        if slip is not None:
            self._tried = slip
            failed = enrol_by_slip(slip, self._state, self._hardware)
            if failed:
                _log.error("not enrolled: %s", failed)
            else:
                _log.info("enrolled by a claim that was brought here")
                self._enrolled()
        return ()
