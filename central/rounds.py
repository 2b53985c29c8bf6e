"""Work that comes again and again beside the answers: each kind on a thread of its own, until the service stops."""

import logging
import threading
from collections.abc import Callable

from sqlalchemy.exc import SQLAlchemyError

log = logging.getLogger("central")

_STOP_S = 30.0


class Round:
    """Does `work` every so many seconds; it gets a question that says whether to stop before its next step.

    The first time comes after one whole period, so that a start is never slowed down. A database that does not
    answer is told once a round and asked again at the next.
    """

    def __init__(self, name: str, every_s: float, work: Callable[[Callable[[], bool]], None]) -> None:
        self._name = name
        self._every_s = every_s
        self._work = work
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the step under way."""
        self._stop.set()
        self._thread.join(_STOP_S)

    def _run(self) -> None:
        while not self._stop.wait(self._every_s):
            try:
                self._work(self._stop.is_set)
            except SQLAlchemyError as error:
                log.warning("%s: has to wait (%s)", self._name, type(error).__name__)
