"""Checks of the two servers: whether they answer, know this kiosk, and are reached without anybody listening in."""

from collections.abc import Callable
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import requests

from kiosk.ops.doctor import Finding, open_question, unwell, well

WITHIN_S = 3.0
"""A server in the same hall answers in milliseconds, the centre in well under a second."""


def hub(url: str, token: str, *, configured: bool) -> Finding:
    """Whether the branch hub answers and takes this kiosk's token."""
    name = "hub"
    health = ask(url, "/healthz")
    if isinstance(health, str):
        if not configured:
            remedy = "set hub.url, or start a hub here with `kiosk branch`"
            return open_question(name, f"not configured, and none answers at {url}", remedy)
        remedy = "check that the hub kiosk is on, the network cable, and hub.url; tickets go on with emergency numbers"
        return unwell(name, f"{url}: {health}", remedy, required=True)
    if health.get("service") != "branch":
        return unwell(name, f"{url} is no branch hub", "set hub.url to the hub's address", required=configured)
    about = f"{url} answers, {_about(health)}"
    if not token:
        remedy = "get one on the hub with `kiosk branch grant kiosk --name NAME` and set hub.token"
        return unwell(name, f"{about}; this kiosk has no token for it", remedy, required=configured)
    known = ask(url, "/api/v1/state", {"Authorization": f"Bearer {token}"})
    if isinstance(known, str):
        remedy = "get a new token on the hub with `kiosk branch grant kiosk --name NAME` and set hub.token"
        return unwell(name, f"{about}, but does not take this kiosk's token ({known})", remedy, required=configured)
    return well(name, about, required=configured)


def central(url: str) -> Finding:
    """Whether the central service answers."""
    name = "central"
    if not url:
        return open_question(name, "not configured: only tickets are offered", "set central.url, then `kiosk enrol`")
    health = ask(url, "/healthz")
    if isinstance(health, str):
        remedy = "check the uplink and central.url; requests wait sealed in the outbox, tickets go on"
        return unwell(name, f"{url}: {health}", remedy, required=True)
    return well(name, f"{url} answers, {_about(health)}", required=True)


def enrolment(central_url: str, identity: Callable[[], tuple[str, str] | None]) -> Finding:
    """Whether this kiosk has its identity. `identity` gives device id and centre, None without one, or raises."""
    name = "enrolment"
    try:
        known = identity()
    except Exception as error:  # noqa: BLE001 - a damaged identity is a finding, and its message says what to do
        return unwell(name, str(error), "enrol again with `kiosk enrol` and a new claim code", required=True)
    if known is None:
        remedy = "get a claim code at the centre and run `kiosk enrol --central URL --code CODE`"
        if not central_url:
            return open_question(name, "not enrolled, and no central service is configured", remedy)
        return unwell(name, "not enrolled: no request can be sealed or sent", remedy, required=True)
    device, centre = known
    if central_url and centre.rstrip("/") != central_url.rstrip("/"):
        remedy = "set central.url to that address, or enrol again"
        return unwell(name, f"enrolled as {device} at {centre}, but central.url is another", remedy, required=True)
    return well(name, f"enrolled as {device} at {centre}", required=True)


def transport(urls: dict[str, str], *, insecure: bool) -> Finding:
    """Whether anything goes over the network unprotected. `urls` by the name of their setting."""
    name = "transport"
    open_lines = [setting for setting, url in urls.items() if url and is_open(url)]
    if insecure:
        open_lines.append("branch.insecure")
    if open_lines:
        what = f"plain HTTP beyond this machine: {', '.join(open_lines)}"
        return unwell(name, what, "use https:// and take away --insecure; plain HTTP is for trials only")
    return well(name, "nothing leaves this machine unprotected")


def is_open(url: str) -> bool:
    """Say whether a plain HTTP address leads off this machine."""
    parts = urlsplit(url)
    if parts.scheme != "http":
        return False
    try:
        return not ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return parts.hostname != "localhost"


def ask(url: str, path: str, headers: dict[str, str] | None = None) -> dict[str, Any] | str:
    """GET a JSON object, or why there is none, in a few words."""
    with requests.Session() as session:
        session.trust_env = False  # a proxy of the account must not stand between machines of one hall
        try:
            answer = session.get(url.rstrip("/") + path, headers=headers, timeout=WITHIN_S, allow_redirects=False)
            told = answer.json() if answer.ok else None
        except requests.exceptions.SSLError:
            return "its certificate is not trusted"
        except requests.Timeout:
            return "no answer in time"
        except requests.ConnectionError:
            return "no connection"
        except (requests.RequestException, ValueError):
            return "no sensible answer"
    if not answer.ok:
        return f"answers {answer.status_code}"
    return told if isinstance(told, dict) else "no sensible answer"


def _about(health: dict[str, Any]) -> str:
    version = f"version {health['version']}, " if isinstance(health.get("version"), str) else ""
    return f"{version}{health.get('clock', 'clock unknown')}"
