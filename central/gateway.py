"""The gateway for text messages: a city's own as HTTP, and a simulator that writes to a file."""

import json
import os
import urllib.request
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Protocol


class Sms(Protocol):
    """Sends one text message; raises OSError where the gateway does not take it."""

    def send(self, to: str, text: str) -> None: ...


class HttpSms:
    """`POST URL {"to","text"}` with a bearer token; any 2xx means that the gateway has it."""

    def __init__(self, url: str, token: str = "", timeout_s: float = 3.0) -> None:
        self._url = url
        self._token = token
        self._timeout_s = timeout_s

    def send(self, to: str, text: str) -> None:
        """Satisfies Sms."""
        headers = {"Content-Type": "application/json"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        body = json.dumps({"to": to, "text": text}, ensure_ascii=False).encode()
        asked = urllib.request.Request(self._url, body, headers, method="POST")  # noqa: S310 - the setting's own address
        with urllib.request.urlopen(asked, timeout=self._timeout_s) as answer:  # noqa: S310 - likewise
            answer.read(1000)


class SimulatedSms:
    """Writes each message as a JSON line into a file of its owner alone; for trials, where no telephone rings."""

    def __init__(self, file: Path, now: Callable[[], datetime]) -> None:
        self._file = file
        self._now = now

    def send(self, to: str, text: str) -> None:
        """Satisfies Sms."""
        line = json.dumps({"at": self._now().isoformat(), "to": to, "text": text}, ensure_ascii=False) + "\n"
        handle = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "a", encoding="utf-8") as file:
            file.write(line)
