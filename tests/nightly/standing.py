"""A campaign in a process of its own that stands still between the parts which have it go on."""

import json
import socket
import subprocess
import threading
import time
from collections.abc import Sequence
from pathlib import Path

MARKS, LOG = "marks.jsonl", "campaign.log"
LONELY_S = 6 * 3600.0
"""A campaign that nobody has go on for so long ends by itself."""
BEGIN_S = 30.0
LOOK_S = 1.0

Mark = dict[str, float]


class Leave:
    """The campaign's side: it has leave to go on while a part is connected. OSError: it is under way already."""

    def __init__(self, folder: Path) -> None:
        self._server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._server.bind(_address(folder))
        self._server.listen(1)
        self._given = threading.Event()
        threading.Thread(target=self._accept, daemon=True).start()

    def wait(self) -> bool:
        """Wait until there is leave; False when nobody has come for hours."""
        return self._given.wait(LONELY_S)

    def _accept(self) -> None:
        while True:
            part, _ = self._server.accept()
            with part:
                self._given.set()
                part.recv(1)  # a part says nothing; it goes away, by itself or killed
                self._given.clear()


def go_on(folder: Path, campaign: Sequence[str], until: int, seconds: float) -> list[Mark]:
    """Have the campaign go on, from its start if it is not under way, up to so many journeys or seconds; all marks."""
    folder.mkdir(parents=True, exist_ok=True)
    end, told = time.monotonic() + seconds, 0
    with _joined(folder, campaign) as part:
        part.settimeout(LOOK_S)
        while True:
            ended = _gone(part)
            found = marks(folder)
            for mark in found[told:]:
                print(*(f"{name} {value:.1f}" for name, value in mark.items()), flush=True)
            told = len(found)
            if ended or time.monotonic() > end or (found and found[-1]["journeys"] >= until):
                return found


def marks(folder: Path) -> list[Mark]:
    """What the campaign has measured so far."""
    file = folder / MARKS
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()] if file.exists() else []


def _joined(folder: Path, campaign: Sequence[str]) -> socket.socket:
    part = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        part.connect(_address(folder))
    except ConnectionRefusedError:
        (folder / MARKS).unlink(missing_ok=True)
        with (folder / LOG).open("wb") as log:
            child = subprocess.Popen(
                campaign, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )  # it outlives this part
        end = time.monotonic() + BEGIN_S
        while part.connect_ex(_address(folder)):
            if child.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"the campaign does not start; its log is {folder / LOG}") from None
            time.sleep(0.1)
    return part


def _gone(part: socket.socket) -> bool:
    try:
        return part.recv(1) == b""
    except TimeoutError:
        return False


def _address(folder: Path) -> str:
    """A name without a file: it is gone with the process, and no folder is too deep for it."""
    return f"\0kiosk-campaign-{folder.resolve()}"[:100]
