"""Ends a device thread's wait from another thread, through a pipe that poll can watch."""

import os
import select


class Wake:
    """A doorbell: `set` from anywhere, `wait` or poll its descriptor on the owner's thread."""

    def __init__(self) -> None:
        self._out, self._in = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._closed = False

    def fileno(self) -> int:
        """The descriptor that becomes readable."""
        return self._out

    def set(self) -> None:
        """End the present or the next wait; harmless after close."""
        if self._closed:
            return
        try:
            os.write(self._in, b"w")
        except BlockingIOError:
            pass  # it is full of rings that nobody has heard yet

    def wait(self, seconds: float) -> None:
        """Wait for a ring, at most so long."""
        select.select([self._out], [], [], max(0.0, seconds))
        self.clear()

    def clear(self) -> None:
        """Forget the rings so far."""
        try:
            while os.read(self._out, 64):
                pass
        except BlockingIOError:
            pass

    def close(self) -> None:
        """Give both ends back; the owner's thread must have ended."""
        if not self._closed:
            self._closed = True
            os.close(self._out)
            os.close(self._in)
