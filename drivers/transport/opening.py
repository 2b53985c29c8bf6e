"""Opens a line by its address: TCP with keep-alive, serial for ourselves alone, USB line printers without blocking."""

import socket
import struct

import serial

from drivers.device import BadAddress, LineLost
from drivers.transport.line import FdLine
from drivers.transport.line_printer import open_line_printer
from drivers.transport.urls import Address

CONNECT_S = 3.0
"""A printer on the LAN answers within milliseconds; 3 s covers one lost packet."""
WRITE_S = 2.0
"""For pyserial's own writes; ours are non-blocking and have the job's deadline."""
IN_FLIGHT = 8192
"""Bytes that the kernel may hold for us: what it has not taken certainly never reached the printer."""
KEEP_ALIVE = {"TCP_KEEPIDLE": 20, "TCP_KEEPINTVL": 5, "TCP_KEEPCNT": 3, "TCP_USER_TIMEOUT": 15_000}
"""A pulled cable is noticed within 35 s of silence, and within 15 s (in ms here) of unanswered data."""


def open_line(address: Address) -> FdLine:
    """Open a line; LineLost when the device is not there or belongs to somebody else."""
    match address.scheme:
        case "tcp":
            return open_tcp(address)
        case "serial":
            return open_serial(address)
        case "lp":
            return open_line_printer(address.path)
        case "file":
            raise BadAddress("a file is no device that could be kept open; give tcp://, serial:// or lp://")


def open_tcp(address: Address) -> FdLine:
    """Connect to a printer or a serial server on the network."""
    remedy = "check that it is switched on, its cable, its address and that no other program holds it"
    try:
        peer = socket.create_connection((address.host, address.port), timeout=CONNECT_S)
    except OSError as error:
        why = "no answer" if isinstance(error, TimeoutError) else _words(error)
        raise LineLost(f"{address.host}:{address.port}: {why}", remedy) from error
    peer.setblocking(False)
    peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, IN_FLIGHT)
    for name, value in KEEP_ALIVE.items():
        if hasattr(socket, name):
            peer.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)

    def closer(discard: bool) -> None:
        if discard:  # a reset drops what the printer has not yet fetched
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        peer.close()

    return FdLine(peer.fileno(), closer, remedy)


def open_serial(address: Address) -> FdLine:
    """Open a serial line for ourselves alone: a second reader would steal bytes."""
    remedy = "check the cable and the name under /dev/serial/by-id, and that no other program holds it"
    try:
        port = serial.Serial(
            address.path,
            address.baud,
            timeout=0,
            write_timeout=WRITE_S,
            exclusive=True,
            rtscts=address.flow == "rtscts",
            xonxoff=address.flow == "xonxoff",
            dsrdtr=address.flow == "dsrdtr",
        )
    except (OSError, ValueError) as error:
        why = _words(error) if isinstance(error, OSError) else str(error)
        raise LineLost(f"{address.path}: {why}", remedy) from error

    def closer(discard: bool) -> None:
        if discard:
            port.reset_output_buffer()
        port.close()

    return FdLine(port.fileno(), closer, remedy)


def _words(error: OSError) -> str:
    return (error.strerror or str(error) or type(error).__name__).lower()
