"""Finds the addresses of a host within a deadline: the system's own resolver has none and may take half a minute."""

import ipaddress
import socket
import threading
from time import monotonic

Address = tuple[str, int]


class Lookup:
    """Resolves names on threads of their own, one a name at a time; the last good answer stands in for a late one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._under_way: dict[Address, threading.Event] = {}
        self._known: dict[Address, tuple[str, ...]] = {}
        self._failed: dict[Address, str] = {}

    def addresses(self, host: str, port: int, within_s: float) -> tuple[str, ...]:
        """The addresses of a host, in the system's order; OSError where none is known by then."""
        try:
            return (str(ipaddress.ip_address(host.strip("[]"))),)
        except ValueError:
            pass
        end = monotonic() + within_s
        name = (host, port)
        with self._lock:
            done = self._under_way.get(name)
            if done is None:
                done = self._under_way[name] = threading.Event()
                threading.Thread(target=self._resolve, args=(name, done), name="lookup", daemon=True).start()
        in_time = done.wait(max(0.0, end - monotonic()))
        with self._lock:
            known, failed = self._known.get(name, ()), self._failed.get(name)
        if known:
            return known
        raise OSError(failed or "unknown name" if in_time else "the name server does not answer")

    def _resolve(self, name: Address, done: threading.Event) -> None:
        found: tuple[str, ...] = ()
        failed = ""
        try:
            answers = socket.getaddrinfo(*name, type=socket.SOCK_STREAM)
            found = tuple(dict.fromkeys(str(answer[4][0]) for answer in answers))
        except (OSError, UnicodeError) as error:
            failed = type(error).__name__
        with self._lock:
            if found:
                self._known[name] = found
            self._failed[name] = failed
            del self._under_way[name]
        done.set()
