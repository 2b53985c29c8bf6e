"""The steps of an update: from an offer to a commit or back to the old slot, as state, event and effects alone."""

from dataclasses import dataclass, replace
from typing import Literal, assert_never

Phase = Literal["idle", "offered", "verified", "installing", "armed", "trial"]
Source = Literal["centre", "stick"]
Ending = Literal["committed", "rolled-back", "refused"]

TRIALS = 2
"""A trial that ended without a word is repeated once: it may have been a power cut."""
INSTALLS = 3
"""An installation that failed or was cut short is begun anew so often in all."""
REMEMBERED = 8


@dataclass(frozen=True)
class Offer:
    """A bundle: its release, SHA-256 (hex), bytes, and where it comes from; `place` is an address or a file."""

    version: str
    sha256: str
    size: int
    source: Source
    place: str = ""


@dataclass(frozen=True)
class Result:
    """How the last update ended, and why in words for the fleet page."""

    version: str
    ending: Ending
    reason: str = ""


@dataclass(frozen=True)
class Update:
    """Where an update stands. `slot` is the one it was installed into, `healthy` what worked before it was tried.

    `refused` are bundles (SHA-256) that are not tried again by themselves. `boot` names the start that was last seen.
    """

    phase: Phase = "idle"
    offer: Offer | None = None
    slot: str = ""
    healthy: tuple[str, ...] = ()
    installs: int = 0
    trials: int = 0
    refused: tuple[str, ...] = ()
    last: Result | None = None
    boot: str = ""


@dataclass(frozen=True)
class Offered:
    """The centre, or a stick, has this bundle."""

    offer: Offer


@dataclass(frozen=True)
class Withdrawn:
    """The centre offers nothing (any more)."""


@dataclass(frozen=True)
class Fetched:
    """The bundle lies here whole, with this SHA-256."""

    sha256: str


@dataclass(frozen=True)
class Checked:
    """RAUC has looked at it: empty `problem` if this kiosk may take it."""

    problem: str = ""


@dataclass(frozen=True)
class Looked:
    """How it is around the kiosk now: whether a maintenance window is open, somebody is here, what is healthy."""

    window: bool
    occupied: bool
    healthy: tuple[str, ...]


@dataclass(frozen=True)
class Installed:
    """It is on the other slot, whole, and that slot is to be tried."""

    slot: str


@dataclass(frozen=True)
class InstallFailed:
    """It could not be installed."""

    problem: str


@dataclass(frozen=True)
class Started:
    """The machine has started: which start, in which slot, whether as a trial."""

    boot: str
    slot: str
    trial: bool


@dataclass(frozen=True)
class Healthy:
    """The gate of the trial was passed."""


@dataclass(frozen=True)
class Unhealthy:
    """The gate was not passed."""

    reason: str


@dataclass(frozen=True)
class Committed:
    """Every start takes the new slot from now on."""


Event = (
    Offered
    | Withdrawn
    | Fetched
    | Checked
    | Looked
    | Installed
    | InstallFailed
    | Started
    | Healthy
    | Unhealthy
    | Committed
)


@dataclass(frozen=True)
class Fetch:
    """Fetch the bundle, going on where it was cut short."""

    offer: Offer


@dataclass(frozen=True)
class Check:
    """Have RAUC look at it."""

    offer: Offer


@dataclass(frozen=True)
class Install:
    """Have RAUC write it to the other slot."""

    offer: Offer


@dataclass(frozen=True)
class TryIt:
    """Start the machine with the other slot, once."""


@dataclass(frozen=True)
class Gate:
    """Find out whether the kiosk works on this slot as it did before; `healthy` is what did."""

    healthy: tuple[str, ...]


@dataclass(frozen=True)
class Commit:
    """Have every start take the slot that runs."""


@dataclass(frozen=True)
class GoBack:
    """Call the slot that runs bad and start the machine: the old one comes."""


@dataclass(frozen=True)
class Disarm:
    """The other slot is not to be tried."""


@dataclass(frozen=True)
class Discard:
    """Throw the bundle away."""


Effect = Fetch | Check | Install | TryIt | Gate | Commit | GoBack | Disarm | Discard


def step(state: Update, event: Event) -> tuple[Update, tuple[Effect, ...]]:
    """What comes of an event. The new state has to be durable before its effects are begun."""
    found: tuple[Update, tuple[Effect, ...]]
    match event:
        case Offered(offer):
            found = _offered(state, offer)
        case Withdrawn():
            found = _withdrawn(state)
        case Fetched(sha256):
            found = _fetched(state, sha256)
        case Checked(problem):
            found = _checked(state, problem)
        case Looked():
            found = _looked(state, event)
        case Installed() | InstallFailed():
            found = _installed(state, event)
        case Started():
            found = _started(state, event)
        case Healthy() | Unhealthy() | Committed():
            found = _tried(state, event)
        case _:
            assert_never(event)
    return found


def forgiven(state: Update) -> Update:
    """Somebody asked for it by hand: what was refused may be tried once more."""
    return replace(state, refused=())


def _offered(state: Update, offer: Offer) -> tuple[Update, tuple[Effect, ...]]:
    if state.phase not in ("idle", "offered", "verified") or offer.sha256 in state.refused:
        return state, ()
    if state.offer is not None and state.offer.sha256 == offer.sha256:
        known = replace(state, offer=offer)
        return known, (Fetch(offer),) if state.phase == "offered" else ()
    stale: tuple[Effect, ...] = (Discard(),) if state.offer is not None else ()
    fresh = replace(state, phase="offered", offer=offer, slot="", installs=0, trials=0)
    return fresh, (*stale, Fetch(offer))


def _withdrawn(state: Update) -> tuple[Update, tuple[Effect, ...]]:
    if state.phase in ("offered", "verified") and state.offer is not None and state.offer.source == "centre":
        return replace(state, phase="idle", offer=None), (Discard(),)
    return state, ()


def _checked(state: Update, problem: str) -> tuple[Update, tuple[Effect, ...]]:
    if state.phase != "offered":
        return state, ()
    if problem:
        return _ended(state, "refused", problem), (Discard(),)
    return replace(state, phase="verified", installs=0, trials=0), ()


def _installed(state: Update, event: Installed | InstallFailed) -> tuple[Update, tuple[Effect, ...]]:
    if state.phase != "installing":
        return state, ()
    if isinstance(event, Installed):
        return replace(state, phase="armed", slot=event.slot, trials=0), ()
    return _not_installed(state, event.problem)


def _tried(state: Update, event: Healthy | Unhealthy | Committed) -> tuple[Update, tuple[Effect, ...]]:
    if state.phase != "trial":
        return state, ()
    if isinstance(event, Healthy):
        return state, (Commit(),)
    if isinstance(event, Unhealthy):
        return _ended(state, "rolled-back", event.reason), (Discard(), GoBack())
    return _ended(state, "committed", ""), (Discard(),)


def _fetched(state: Update, sha256: str) -> tuple[Update, tuple[Effect, ...]]:
    if state.phase != "offered" or state.offer is None:
        return state, ()
    if sha256 != state.offer.sha256:
        return _ended(state, "refused", "what was fetched is not what was offered"), (Discard(),)
    return state, (Check(state.offer),)


def _looked(state: Update, event: Looked) -> tuple[Update, tuple[Effect, ...]]:
    # Who brings a stick is there and waits for it; a citizen in front of the kiosk is not disturbed for it either.
    asked_for = event.window or (state.offer is not None and state.offer.source == "stick")
    if not asked_for or event.occupied or state.offer is None:
        return state, ()
    if state.phase == "verified":
        begun = replace(state, phase="installing", installs=state.installs + 1)
        return begun, (Install(state.offer),)
    if state.phase == "armed" and state.trials >= TRIALS:
        return _ended(state, "rolled-back", "the machine did not start anew when it was asked to"), (
            Disarm(),
            Discard(),
        )
    if state.phase == "armed":
        return replace(state, trials=state.trials + 1, healthy=event.healthy), (TryIt(),)
    return state, ()


def _not_installed(state: Update, problem: str) -> tuple[Update, tuple[Effect, ...]]:
    if state.installs < INSTALLS:
        return replace(state, phase="verified"), ()
    return _ended(state, "refused", problem), (Disarm(), Discard())


def _started(state: Update, event: Started) -> tuple[Update, tuple[Effect, ...]]:
    if event.boot == state.boot:
        # The updater itself was started anew. What it was at goes on, but an installation died with it.
        if state.phase == "installing":
            return _not_installed(state, "it was cut short again and again")
        return state, (Gate(state.healthy),) if state.phase == "trial" and event.trial else ()
    seen = replace(state, boot=event.boot)
    if event.trial:
        return replace(seen, phase="trial"), (Gate(state.healthy),)
    if state.phase == "installing":
        return _not_installed(seen, "it was cut short again and again")
    if state.phase in ("armed", "trial") and event.slot == state.slot:
        return _ended(seen, "committed", ""), (Discard(),)
    if state.phase == "trial" or (state.phase == "armed" and state.trials):
        if state.trials < TRIALS:
            return replace(seen, phase="armed"), ()
        ended = "the new slot did not come up" if state.phase == "armed" else "it fell over while it was tried"
        return _ended(seen, "rolled-back", ended), (Disarm(), Discard())
    return seen, ()


def _ended(state: Update, ending: Ending, reason: str) -> Update:
    offer = state.offer
    refused = state.refused
    if ending != "committed" and offer is not None:
        refused = (*(each for each in refused if each != offer.sha256), offer.sha256)[-REMEMBERED:]
    result = Result(offer.version if offer is not None else "", ending, reason)
    return replace(state, phase="idle", offer=None, slot="", installs=0, trials=0, refused=refused, last=result)
