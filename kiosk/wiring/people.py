"""Who else is in a story: a clerk at her console, and the phone in the citizen's hand."""

import re
from collections.abc import Callable

import requests

WAIT_S = 10


class StoryClerk:
    """A clerk who answers the requests of the story's kiosk over the hub's own interface."""

    def __init__(self, url: Callable[[], str], token: str) -> None:
        self._url = url
        self._headers = {"Authorization": f"Bearer {token}"}

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

    def send(self, _to: str, text: str) -> None:
        """A message has come."""
        self._newest = text

    @property
    def code(self) -> str:
        """The code in the newest message, or ""."""
        found = re.search(r"\d{6}", self._newest)
        return found[0] if found else ""
