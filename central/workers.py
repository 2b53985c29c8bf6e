"""Several server processes on one socket: forked, started again when one dies, ended together."""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable

log = logging.getLogger("central")

_AGAIN_S = 1.0  # a worker that dies at once must not make the machine spin


class Workers:
    """Forks `count` processes that each run `serve`; it must call what it is given once it answers.

    Made before any thread, connection or event loop exists: a fork copies none of them in a usable state.
    """

    def __init__(self, count: int, serve: Callable[[Callable[[], None], Callable[[Callable[[], None]], None]], None]):
        self._count = count
        self._serve = serve
        self._children: set[int] = set()
        self._stopping = False
        self._said = os.pipe()
        self._life = os.pipe()

    def run(self, ready: Callable[[], None]) -> None:
        """Run until SIGTERM or SIGINT; `ready` is called when all answer."""
        before = {number: signal.signal(number, self._stop) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            for _ in range(self._count):
                self._fork()
            waiting = self._count
            while waiting and self._children:
                waiting -= len(self._heard())
                self._tend(os.WNOHANG)
            if not self._stopping:
                ready()
            while self._children:
                self._tend(0)
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            for end in (*self._said, self._life[1], self._life[0]):
                os.close(end)

    def _heard(self) -> bytes:
        os.set_blocking(self._said[0], False)
        try:
            return os.read(self._said[0], self._count)
        except BlockingIOError:
            time.sleep(0.02)
            return b""

    def _tend(self, options: int) -> None:
        try:
            child, status = os.waitpid(-1, options)
        except ChildProcessError:
            self._children.clear()
            return
        if not child:
            return
        self._children.discard(child)
        if self._stopping:
            return
        log.error("a worker of the central service ended with status %d; starting another", status)
        time.sleep(_AGAIN_S)
        if not self._stopping:
            self._fork()

    def _fork(self) -> None:
        child = os.fork()
        if child:
            self._children.add(child)
            if self._stopping:
                os.kill(child, signal.SIGTERM)
            return
        code = 1
        try:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, signal.SIG_DFL)
            os.close(self._life[1])
            self._serve(lambda: _say(self._said[1]), self._when_orphaned)
            code = 0
        except BaseException as error:  # noqa: BLE001 - nothing of the parent may run on in the child
            log.error("a worker of the central service ended: %s", type(error).__name__)  # noqa: TRY400
        finally:
            os._exit(code)

    def _when_orphaned(self, stop: Callable[[], None]) -> None:
        """Call `stop` when the parent is gone, however it went."""

        def wait() -> None:
            os.read(self._life[0], 1)
            stop()

        threading.Thread(target=wait, name="orphaned", daemon=True).start()

    def _stop(self, _number: int, _frame: object) -> None:
        self._stopping = True
        for child in self._children:
            os.kill(child, signal.SIGTERM)


def _say(pipe: int) -> None:
    os.write(pipe, b"1")
