"""The ticket printer's twin: speaks ESC/POS on a real TCP socket or pseudo-terminal and draws every paper it cuts."""

import os
import select
import socket
import struct
import termios
import threading
import tty
from pathlib import Path

from drivers.sim.printer_body import Body, Make, SimPaper
from drivers.sim.printer_realtime import RealTime
from drivers.sim.printer_state import STUCK, Condition, condition

WINDOW = 4096
"""Bytes that wait in its network card, besides its own buffer; a printer's is small."""
TICK_S = 0.05
"""How soon a change of condition is noticed by the line's thread."""
__all__ = ["Make", "SimPaper", "SimPrinter"]


class SimPrinter:
    """A printer to connect to. Papers lie under `out` as NNNN.png, .txt and .bin, torn pieces under `out/torn`.

    `font`: a font file with Chinese and Latin. `listen`: HOST:PORT for TCP, port 0 takes a free one; or `pty` for a
    serial line. It serves one connection at a time, as LAN printers do. `start` it once, `stop` it once.
    """

    def __init__(self, out: Path, font: Path, listen: str = "127.0.0.1:0", make: Make | None = None) -> None:
        self.body = Body(out, font, make or Make())
        self.url = ""
        self._listen = listen
        self._server: socket.socket | None = None
        self._slave = -1
        self._lost_in = -1
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="sim-printer-line", daemon=True)

    def start(self) -> "SimPrinter":
        """Open the line and print; OSError if the address cannot be used."""
        if self._listen == "pty":
            self._fd, self._slave = os.openpty()
            tty.setraw(self._slave, termios.TCSANOW)
            os.set_blocking(self._fd, False)
            self.url = f"serial://{os.ttyname(self._slave)}?baud=115200"
        else:
            host, _, port = self._listen.rpartition(":")
            self._server = socket.create_server((host.strip("[]"), int(port)))
            self._server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, WINDOW)
            self._server.settimeout(TICK_S)
            self.url = f"tcp://{host}:{self._server.getsockname()[1]}"
        self.body.start()
        self._thread.start()
        return self

    def stop(self) -> None:
        """Switch it off: the line is gone, and what it holds is lost."""
        self._stopping.set()
        self.body.stop()
        self._thread.join()
        if self._server is not None:
            self._server.close()
        if self._slave >= 0:
            os.close(self._slave)
            os.close(self._fd)

    @property
    def papers(self) -> list[SimPaper]:
        """The papers cut so far."""
        return list(self.body.papers)

    @property
    def present(self) -> Condition:
        """Its condition."""
        return self.body.now

    def condition(self, word: str, after: int | None = None) -> None:
        """Put it into a condition, at once or after some more bytes of a job; ValueError for an unknown word.

        Without a number of bytes the line is lost at the worst moment: the cut has gone out, and is not carried out.
        """
        known = condition(word)
        self.body.lost_at_cut = known == "lost-mid-job" and after is None
        if known == "lost-mid-job":
            self.body.condition("ready")
            self._lost_in = -1 if after is None else max(0, after)
        else:
            self._lost_in = -1
            self.body.condition(known, after)

    def clear(self) -> None:
        """Mend it: paper loaded, cover closed, line plugged in. What it holds is printed now."""
        self.condition("ready")

    def wait_for_paper(self, n: int, timeout: float = 5.0) -> SimPaper:
        """Wait until paper `n` (from 1) is cut; TimeoutError if it is not."""
        return self.body.wait_for_paper(n, timeout)

    def state(self) -> dict[str, object]:
        """What it is and how it is, for the control port."""
        return {
            "device": "printer",
            "url": self.url,
            "condition": self.present,
            "papers": len(self.body.papers),
            "held": self.body.held,
            "connected": self.body.send is not None,
            "unknown_commands": [command.hex(" ") for command in self.body.press.unknown[-20:]],
        }

    def _serve(self) -> None:
        while not self._stopping.is_set():
            if self._server is None:
                self._talk(self._fd)
                continue
            if self.present == "holds-socket":
                self._stopping.wait(TICK_S)
                continue
            try:
                peer, _ = self._server.accept()
            except TimeoutError:
                continue
            if self.present == "lost-mid-job":
                peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            else:
                peer.setblocking(False)
                peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._talk(peer.fileno())
            peer.close()

    def _talk(self, fd: int) -> None:
        """Serve one connection until it ends, breaks, or the printer is switched off."""
        self.body.send = lambda data: _write(fd, data)
        stream = RealTime()
        poller = select.poll()
        poller.register(fd, select.POLLIN)
        while not self._stopping.is_set() and self.present != "lost-mid-job":
            stuck = self.present in STUCK
            if stuck or not poller.poll(TICK_S * 1000):
                self._stopping.wait(TICK_S if stuck else 0)
            elif not self._heard(_read(fd), stream):
                break
        self.body.send = None

    def _heard(self, data: bytes | None, stream: RealTime) -> bool:
        """Take what has come; False when the connection has ended, or breaks at this byte."""
        if not data:
            self._stopping.wait(TICK_S if self._server is None else 0)
            return data is None
        if self.present == "echo" and self.body.send is not None:
            self.body.send(data)
            return True
        for piece, order in stream.split(data):
            if self._breaks(piece, order is not None):
                return False
            self.body.receive(piece, order)
        return True

    def _breaks(self, piece: bytes, ends_with_order: bool) -> bool:
        """Count a job's bytes down to the one at which the line breaks; say whether it was this piece."""
        if self._lost_in < 0 or (ends_with_order and len(piece) <= 10):
            return False
        if len(piece) <= self._lost_in:
            self._lost_in -= len(piece)
            return False
        self.body.receive(piece[: self._lost_in], None)
        self._lost_in = -1
        self.body.condition("lost-mid-job")
        return True


def _read(fd: int) -> bytes | None:
    """What has come; None for nothing yet, empty for the end: reset by the host, or nobody has the terminal open."""
    try:
        return os.read(fd, 4096)
    except BlockingIOError:
        return None
    except OSError:
        return b""


def _write(fd: int, data: bytes) -> None:
    try:
        os.write(fd, data)
    except OSError:
        pass  # a host that takes no answers gets none
