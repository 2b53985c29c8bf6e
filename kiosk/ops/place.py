"""What the enrolment says of this kiosk, read without the libraries of keys and signatures: every start needs it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from kiosk.engine.outbox import OfflinePolicy
from kiosk.ops.standing import Standing, standing_of

FILE = Path("identity") / "identity.json"
"""What an enrolment leaves in the state folder when it has succeeded."""


@dataclass(frozen=True)
class Enrolled:
    """Branch, kiosk, number and emergency numbers as the centre gave them out; None: this kiosk has none."""

    device_id: str
    branch: str
    name_zh: str
    name_en: str
    kiosk: str
    number: int
    emergency: range | None
    offline: OfflinePolicy
    heartbeat_s: float
    poll_s: float
    standing: Standing = "accepted"
    least_version: str = "0"


def read_enrolled(state: Path, config: str | None = None) -> Enrolled | None:
    """Read it from the identity, or from another configuration of the same device; None for one that is damaged.

    A damaged identity is the doctor's to tell: tickets go on with what the settings say.
    """
    try:
        stored = json.loads((state / FILE).read_bytes())
        found = json.loads(config) if config is not None else stored["config"]
        if found["device_id"] != stored["device_id"]:
            return None
        return replace(_enrolled(found), standing=standing_of(stored))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _enrolled(config: Mapping[str, Any]) -> Enrolled:
    branch, kiosk, offline = config["branch"], config["kiosk"], config["offline"]
    numbers = kiosk["emergency_range"]
    policy = OfflinePolicy(float(offline["max_age_h"]), int(offline["max_items"]), float(offline["max_last_contact_h"]))
    return Enrolled(
        str(config["device_id"]),
        str(branch["id"]),
        str(branch["name_zh"]),
        str(branch["name_en"]),
        str(kiosk["name"]),
        int(kiosk["number"]),
        range(int(numbers["first"]), int(numbers["last"]) + 1) if numbers else None,
        policy,
        max(5.0, float(config["heartbeat_s"])),
        max(5.0, float(config["config_poll_s"])),
        least_version=str(config.get("min_client_version", "0")),
    )


def on_this_machine(url: str) -> bool:
    """Whether an address leads to this very machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
