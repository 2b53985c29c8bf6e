"""Asks a server of this process whether it still answers, again and again: only an answer counts as a sign of life."""

import logging
import threading
import urllib.error
import urllib.request
from collections.abc import Callable

EVERY_S = 4.0
PATIENCE_S = 5.0

_log = logging.getLogger(__name__)


class Pulse:
    """A thread that fetches `url` and calls `alive` for each answer, whatever it says: ill is not dead.

    A hub that answers 503 has said what is wrong with it, and a restart would not mend its disk.
    """

    def __init__(self, url: str, alive: Callable[[], None], every_s: float = EVERY_S) -> None:
        self._url, self._alive, self._every_s = url, alive, every_s
        self._over = threading.Event()
        self._silent = False
        # A proxy of the environment is for the world outside, not for the way to ourselves.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        self._thread = threading.Thread(target=self._run, name="pulse", daemon=True)

    def start(self) -> None:
        """Begin to ask."""
        self._thread.start()

    def stop(self) -> None:
        """Ask no more."""
        self._over.set()

    def _run(self) -> None:
        while not self._over.is_set():
            if self._answers():
                self._silent = False
                self._alive()
            elif not self._silent and not self._over.is_set():
                self._silent = True
                _log.error("the server does not answer itself; it is started again unless it comes to")
            self._over.wait(self._every_s)

    def _answers(self) -> bool:
        try:
            with self._opener.open(self._url, timeout=PATIENCE_S) as answer:
                answer.read(1)
        except urllib.error.HTTPError as error:
            error.close()
            return True
        except (OSError, ValueError):
            return False
        return True
