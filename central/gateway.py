"""The gateway for text messages: a city's own as HTTP, and a simulator that writes to a file."""

import fcntl
import json
import os
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Protocol


class Sms(Protocol):
    """Sends one text message; raises OSError where the gateway does not take it.

    `once` is the message's own id: the same id again is the same message, which the citizen should get one time.
    """

    def send(self, to: str, text: str, once: str = "") -> None: ...


class HttpSms:
    """`POST URL {"to","text","id"}` with a bearer token; any 2xx means that the gateway has it, 409 that it had it."""

    def __init__(self, url: str, token: str = "", timeout_s: float = 3.0) -> None:
        self._url = url
        self._token = token
        self._timeout_s = timeout_s

    def send(self, to: str, text: str, once: str = "") -> None:
        """Satisfies Sms."""
        headers = {"Content-Type": "application/json"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        if once:
            headers["Idempotency-Key"] = once
        body = json.dumps({"to": to, "text": text, "id": once}, ensure_ascii=False).encode()
        asked = urllib.request.Request(self._url, body, headers, method="POST")  # noqa: S310 - the setting's own address
        try:
            with urllib.request.urlopen(asked, timeout=self._timeout_s) as answer:  # noqa: S310 - likewise
                answer.read(1000)
        except urllib.error.HTTPError as error:
            if error.code != 409:
                raise


class SimulatedSms:
    """Writes each message as a JSON line into a file of its owner alone; for trials, where no telephone rings.

    The file is its memory too: a message whose id stands there is not written again, whoever was started anew.
    """

    def __init__(self, file: Path, now: Callable[[], datetime]) -> None:
        self._file = file
        self._now = now
        self._guard = Lock()

    def send(self, to: str, text: str, once: str = "") -> None:
        """Satisfies Sms."""
        told = {"at": self._now().isoformat(), "to": to, "text": text, "id": once}
        handle = os.open(self._file, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        with self._guard, os.fdopen(handle, "a+", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            if once and any(once in line for line in file):
                return
            file.write(json.dumps(told, ensure_ascii=False) + "\n")
