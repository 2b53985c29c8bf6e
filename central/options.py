"""What can be chosen when a central service is started: where it listens, what it promises, how much it bears."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from central.gateway import Sms
from central.registry.base import Registry
from kiosk.domain.ticket import Ranges
from kiosk.link.models.central import OfflinePolicy

Texts = Mapping[str, Mapping[str, str]]
"""The pages' texts: language code, then dotted key."""

SELF = "self"


@dataclass(frozen=True)
class BranchNames:
    """What a branch is called; a claim for a branch that nobody has named shows its code."""

    zh: str
    en: str


@dataclass(frozen=True)
class Options:
    """All choices of one central service. `keys` is the folder of its secrets, never to lie inside the database.

    `public_url` is where citizens' phones reach the status page; empty gives no status URL (a receipt then has no QR
    code), "self" gives the address it listens on, for a trial on one machine.
    """

    keys: Path
    texts: Texts
    listen: str = "127.0.0.1:0"
    public_url: str = ""
    insecure: bool = False
    cert: Path | None = None
    key: Path | None = None
    ca: Path | None = None
    """The certificate that kiosks are to trust, if it is not the last one in `cert`."""
    workers: int = 1
    test_clock: bool = False
    version: str = "0"
    reference_prefix: str = "XN"
    branches: Mapping[str, BranchNames] = field(default_factory=dict)
    ranges: Ranges = field(default_factory=Ranges)
    offline: OfflinePolicy = field(default_factory=OfflinePolicy)
    min_client_version: str = "0"
    """An older kiosk offers no direct requests until it is updated; what it has promised already is taken."""

    admission: Literal["claim", "officer"] = "claim"
    """A new kiosk is let in by its claim code, or waits as `pending` until an officer has accepted it."""

    heartbeat_s: int = 60
    """Seconds between a kiosk's heartbeats; the fleet page calls one silent after three."""

    config_poll_s: int = 1800
    """Seconds between a kiosk's looks at its configuration."""

    claim_h: int = 24
    """Hours that a claim code lives."""

    session_h: int = 10
    """Hours that a sign-in at the desk holds: a working day."""

    updates: Path | None = None
    """The folder of update bundles with its updates.toml; without one no kiosk is offered an update."""

    registry: Registry | None = None
    """The city's register; without one every request is marked 待核 and the office checks."""

    sms: Sms | None = None
    """The gateway for text messages; without one nobody is told by message."""

    double_open: Literal["mark", "refuse"] = "mark"
    """A second open request of one person for one service: shown to the desk, or not taken in at all.

    A kiosk that was cut off may hand one in that its citizen made in good faith, so the desk decides by default.
    """

    four_eyes: Literal["auto", "always"] = "auto"
    """Refusals need a second officer; `auto` lets the only officer of an office refuse alone, which the book shows."""

    accept_days: int = 5
    """Working days in which the office accepts, refuses or asks for everything at once (行政许可法 art. 32)."""

    status_days: int = 90
    """Days after its last change that a request can still be looked up by its status token."""

    photo_days: int = 7
    """Days after the end of a request that its photographs are kept."""

    content_days: int = 30
    """Days after the end of a request that its content is kept; what was done with it stays, without her name."""

    log_days: int = 14
    """Days that collected logs and settled commands are kept."""

    event_days: int = 400
    """Days that the steps of a branch's tickets are kept: a year, to compare a day with its twin."""

    promise_days: int = 400
    """Days that the records of a kiosk's papers are kept; the last of each chain stays, and the next one follows it."""

    max_body: int = 1_048_576
    """Bytes of the largest request body that is read at all."""

    max_request: int = 4_300_000
    """Bytes of the largest POST /requests: a sealed part with photographs, in base64."""

    status_per_minute: int = 60
    """Looks at status pages from one address; a hall of phones behind one router stays below."""

    guesses_per_minute: int = 20
    """Wrong claim codes, status tokens or PINs from one address."""
