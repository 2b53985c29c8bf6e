"""A register behind a city's own interface, as an example of one: a JSON question, a JSON answer, a bearer token."""

import json
import urllib.error
import urllib.request
from threading import Lock
from time import monotonic

from central.registry.base import Holder, Licence, RegistryAway, Vehicle

_REST_S = 10.0  # after no answer nobody waits for the next ones either


class HttpRegistry:
    """`POST URL {"kind","number"}`: 200 with a person as in registry.json (files.py), 404 for nobody."""

    def __init__(self, url: str, token: str = "", timeout_s: float = 2.0) -> None:
        self._url = url
        self._token = token
        self._timeout_s = timeout_s
        self._guard = Lock()
        self._resting_until = 0.0

    def find(self, kind: str, number: str) -> Holder | None:
        """Satisfies Registry."""
        with self._guard:
            if monotonic() < self._resting_until:
                raise RegistryAway
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        body = json.dumps({"kind": kind, "number": number}).encode()
        asked = urllib.request.Request(self._url, body, headers, method="POST")  # noqa: S310 - the setting's own address
        try:
            with urllib.request.urlopen(asked, timeout=self._timeout_s) as answer:  # noqa: S310 - likewise
                return _holder(json.loads(answer.read(1_000_000)))
        except urllib.error.HTTPError as error:
            error.close()
            if error.code == 404:
                return None
            raise self._away() from None
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            raise self._away() from None

    def _away(self) -> RegistryAway:
        with self._guard:
            self._resting_until = monotonic() + _REST_S
        return RegistryAway()


def _holder(told: dict[str, object]) -> Holder:
    licence, vehicles = told.get("licence"), told.get("vehicles") or []
    return Holder(
        str(told.get("name", "")),
        _facts(told),
        Licence(str(licence["number"]), _facts(licence)) if isinstance(licence, dict) else None,
        tuple(Vehicle(str(one["plate"]), _facts(one)) for one in vehicles) if isinstance(vehicles, list) else (),
    )


def _facts(told: dict[str, object]) -> dict[str, str | int | bool]:
    facts = told.get("facts") or {}
    if not isinstance(facts, dict):
        raise TypeError("facts are an object")
    return {str(name): value for name, value in facts.items() if isinstance(value, str | int | bool)}
