"""Follows the hub's event feed, so that the welcome page changes when the hall does; asks now and then without it."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from kiosk.engine.ports import Away, Lobby
from kiosk.link.branch import HubLink

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Pace:
    """In seconds. The hub pings every 15 s, so a feed that is silent for 35 s is dead."""

    silence: float = 35.0
    poll: float = 15.0
    again: float = 2.0
    settle: float = 1.0
    """Events come in bursts; the lobby is asked once this long after the first of them."""


class LobbyFeed:
    """A thread that tells `told` of the lobby whenever it changes, and Away when the hub is lost; edges only."""

    def __init__(self, link: HubLink, told: Callable[[Lobby | Away], None], pace: Pace | None = None) -> None:
        self._link = link
        self._told = told
        self._pace = pace or Pace()
        self._stop = threading.Event()
        self._stirred = threading.Event()
        self._last: Lobby | Away | None = None
        self._place = ""
        self._there: bool | None = None
        self._threads = [
            threading.Thread(target=self._follow, name="hub-feed", daemon=True),
            threading.Thread(target=self._ask, name="hub-lobby", daemon=True),
        ]

    def start(self) -> None:
        """Begin; the first word on the lobby comes at once."""
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """End both threads and wait for them."""
        self._stop.set()
        self._stirred.set()
        self._link.peer.cut_streams()
        for thread in self._threads:
            if thread.is_alive():
                thread.join()

    def _ask(self) -> None:
        """Ask for the lobby when something stirred, and every now and then in case the feed has died unnoticed."""
        while not self._stop.is_set():
            self._stirred.clear()
            lobby = self._link.lobby()
            if lobby != self._last:
                self._last = lobby
                self._told(lobby)
            if self._stirred.wait(self._pace.poll):
                self._stop.wait(self._pace.settle)

    def _follow(self) -> None:
        while not self._stop.is_set():
            try:
                self._listen()
                lost = "ended"
            except OSError as error:
                lost = str(error) or type(error).__name__
            if self._there is not False and not self._stop.is_set():
                log.warning("the hub's feed is lost (%s); the lobby is asked every %.0f s", lost, self._pace.poll)
            self._there = False
            self._stop.wait(self._pace.again)

    def _listen(self) -> None:
        headers = {"Accept": "text/event-stream", "Cache-Control": "no-store", **self._link.headers()}
        if self._place:
            headers["Last-Event-ID"] = self._place
        with self._link.peer.stream("/api/v1/events", headers, self._pace.silence) as stream:
            if stream.status != 200 or not stream.content_type.startswith("text/event-stream"):
                raise ConnectionRefusedError(f"status {stream.status}")
            if self._there is False:
                log.info("the hub's feed is back")
            self._there = True
            self._stirred.set()
            for line in stream.lines():
                name, _, value = line.partition(":")
                if name == "id":
                    self._place = value.strip()
                elif name == "event":
                    self._stirred.set()
                if self._stop.is_set():
                    return
