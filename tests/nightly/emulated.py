"""What a machine under emulation gets beside its card's own words: lines to read, a shell to kill from, patience."""

import base64
import socket
import time
from pathlib import Path

CONSOLE = "console={line}0 systemd.journald.forward_to_console=1 systemd.default_device_timeout_sec=900"
SHELL_S = 60.0
_SHELL = """\
[Unit]
DefaultDependencies=no
[Service]
ExecStart=/usr/bin/bash --norc
Environment=PS1= TERM=dumb
StandardInput=tty
StandardOutput=tty
StandardError=tty
TTYPath=/dev/{line}1
Restart=always
"""
_PATIENT = "[Service]\nWatchdogSec={watchdog}\nTimeoutStartSec=900\n"


def words(watchdog_s: int = 180, line: str = "ttyS") -> str:
    """The kernel's words. Units get a longer watchdog: a frame takes seconds where each instruction is emulated.

    `line` is what the machine calls its serial lines.
    """
    patient = _PATIENT.format(watchdog=watchdog_s)
    given = {"systemd.extra-unit.test-shell.service": _SHELL.format(line=line)}
    given |= {f"systemd.unit-dropin.kiosk-{name}.service~patient": patient for name in ("core", "screen")}
    made = [
        f"systemd.set_credential_binary={name}:{base64.b64encode(text.encode()).decode()}"
        for name, text in given.items()
    ]
    return " ".join([CONSOLE.format(line=line), "systemd.wants=test-shell.service", *made])


class Shell:
    """A root shell on the machine's second serial line; no image has one, the kernel's words above bring it."""

    def __init__(self, path: Path) -> None:
        self._line = socket.socket(socket.AF_UNIX)
        self._line.connect(str(path))
        self._line.settimeout(1.0)
        self._count = 0

    def run(self, command: str, patience_s: float = SHELL_S) -> str:
        """What the command printed; TimeoutError where the shell does not answer."""
        self._count += 1
        head, tail = f"begin-{self._count}", f"end-{self._count}"
        self._line.sendall(f"echo {head[:3]}''{head[3:]}; {command}; echo {tail[:2]}''{tail[2:]}\n".encode())
        heard, end = b"", time.monotonic() + patience_s
        while f"{tail}\r\n".encode() not in heard:
            if time.monotonic() > end:
                raise TimeoutError(f"the machine's shell did not answer {command!r}: {heard[-200:]!r}")
            try:
                heard += self._line.recv(65536)
            except TimeoutError:
                continue
        text = heard.decode("utf-8", "replace").replace("\r", "")
        return text.partition(f"{head}\n")[2].rpartition(f"{tail}\n")[0]
