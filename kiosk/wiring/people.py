"""Who else is in a story: a clerk at her console, and the phone in the citizen's hand."""

import re
from collections.abc import Callable

import requests

WAIT_S = 10
SERVES = {"calls": "call-next", "starts": "start", "finishes": "finish", "misses": "no-show"}
"""What a clerk does at her counter, and the hub's verbs for it."""


class StoryClerk:
    """A clerk who answers the requests of the story's kiosk over the hub's own interface."""

    def __init__(self, url: Callable[[], str], token: str) -> None:
        self._url = url
        self._headers = {"Authorization": f"Bearer {token}"}

    def serve(self, verb: str) -> None:
        """Work at counter 1: call the next number, finish it, or note that nobody came."""
        counter = f"{self._url()}/api/v1/counters/1"
        if verb == "calls":
            requests.post(f"{counter}/open", json={}, headers=self._headers, timeout=WAIT_S)
            requests.post(f"{counter}/call-next", json={}, headers=self._headers, timeout=WAIT_S)
            return
        state = requests.get(f"{self._url()}/api/v1/state", headers=self._headers, timeout=WAIT_S).json()
        held = next(each["ticket"] for each in state["counters"] if each["number"] == 1)
        if held is not None:
            path = f"{self._url()}/api/v1/tickets/{held['id']}"
            requests.post(f"{path}/{SERVES[verb]}", json={}, headers=self._headers, timeout=WAIT_S)

    def answer(self, verb: str) -> str:
        """Take or refuse what waits for her; gives the code that `confirms` is to type, or ""."""
        waiting = requests.get(f"{self._url()}/api/v1/confirmations", headers=self._headers, timeout=WAIT_S).json()
        if not waiting:
            return ""
        path = f"{self._url()}/api/v1/confirmations/{waiting[-1]['id']}"
        done = "refuse" if verb == "refuses" else "take"
        told = requests.post(f"{path}/{done}", headers=self._headers, timeout=WAIT_S).json()
        return str(told.get("code") or "") if verb == "confirms" else ""


class Phone:
    """Every telephone of the story; satisfies the centre's gateway."""

    def __init__(self) -> None:
        self._newest = ""

    def send(self, to: str, text: str, once: str = "") -> None:  # noqa: ARG002 - satisfies Sms
        """A message has come."""
        self._newest = text

    @property
    def code(self) -> str:
        """The code in the newest message, or ""."""
        found = re.search(r"\d{6}", self._newest)
        return found[0] if found else ""
