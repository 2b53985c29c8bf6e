"""Lights, dims and darkens the glass: by its backlight, by the monitor's own channel (DDC/CI), or by a program."""

import errno
import fcntl
import functools
import operator
import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Literal, Protocol

from drivers.device import BadAddress, LineLost
from drivers.fittings.files import number, put

Glow = Literal["on", "dim", "off"]
DIM_SHARE = 0.2
"""Of the full brightness: enough to see from afar that the kiosk is in service."""
POWER_ON, POWER_DOWN = 0, 4
"""bl_power, by the kernel's FB_BLANK_UNBLANK and FB_BLANK_POWERDOWN."""
_SLAVE = 0x0703  # I2C_SLAVE
_MONITOR, _HOST, _SET = 0x37, 0x51, 0x03
_LUMINANCE, _POWER = 0x10, 0xD6
_GAP_S = 0.05
"""What a monitor needs between two commands (DDC/CI 1.1, 4.4)."""
PROGRAM_S = 10.0
RIGHT = "it looks like sysfs:///sys/class/backlight/NAME, ddc:///dev/i2c-20, run:///etc/kiosk/display or blank:"


class Display(Protocol):
    """Changes what the glass gives; LineLost where it cannot. `check` only sees whether it could."""

    def show(self, glow: Glow) -> None: ...
    def check(self) -> None: ...


class Backlight:
    """A panel whose backlight the kernel knows: `brightness`, `max_brightness` and, mostly, `bl_power` in a folder."""

    def __init__(self, folder: Path, percent: int) -> None:
        self._folder, self._percent = folder, percent

    def show(self, glow: Glow) -> None:
        full = max(1, number(self._folder / "max_brightness") * self._percent // 100)
        levels = {"on": full, "dim": max(1, round(full * DIM_SHARE)), "off": 0}
        put(self._folder / "brightness", levels[glow])
        if (self._folder / "bl_power").exists():
            put(self._folder / "bl_power", POWER_DOWN if glow == "off" else POWER_ON)

    def check(self) -> None:
        number(self._folder / "max_brightness")
        put(self._folder / "brightness", number(self._folder / "brightness"))


class Monitor:
    """A monitor on HDMI, told over the wires by which it says what it is: brightness and power of the MCCS."""

    def __init__(self, node: Path, percent: int, sleep: Callable[[float], None] = time.sleep) -> None:
        self._node, self._percent, self._sleep = node, percent, sleep

    def show(self, glow: Glow) -> None:
        if glow == "off":
            self._tell(_command(_POWER, 4))
            return
        share = DIM_SHARE if glow == "dim" else 1.0
        self._tell(_command(_POWER, 1), _command(_LUMINANCE, max(1, round(self._percent * share))))

    def check(self) -> None:
        self._tell()

    def _tell(self, *commands: bytes) -> None:
        remedy = "check that the monitor speaks DDC/CI (its menu), and the bus by `i2cdetect -l`"
        try:
            handle = os.open(self._node, os.O_RDWR | os.O_CLOEXEC)
        except OSError as error:
            raise LineLost(f"{self._node}: {_words(error)}", remedy) from error
        try:
            self._address(handle)
            for command in commands:
                os.write(handle, command)
                self._sleep(_GAP_S)
        except OSError as error:
            raise LineLost(f"{self._node}: the monitor does not answer", remedy) from error
        finally:
            os.close(handle)

    def _address(self, handle: int) -> None:
        try:
            fcntl.ioctl(handle, _SLAVE, _MONITOR)
        except OSError as error:
            if error.errno != errno.ENOTTY:  # what is no bus at all is a twin
                raise


def _command(feature: int, value: int) -> bytes:
    """Set a feature; the check byte counts the monitor's own address too."""
    body = bytes([_HOST, 0x84, _SET, feature, value >> 8, value & 0xFF])
    return body + bytes([functools.reduce(operator.xor, body, _MONITOR << 1)])


class Program:
    """Anything else: a program of the technician's that is called with `on`, `dim` or `off`, never by a shell."""

    def __init__(self, program: Path) -> None:
        self._program = program

    def show(self, glow: Glow) -> None:
        remedy = f"try it: {self._program} {glow}"
        try:
            done = subprocess.run(  # noqa: S603 - the settings name it, and it gets one of three words
                [self._program, glow], capture_output=True, timeout=PROGRAM_S, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            why = "it takes too long" if isinstance(error, subprocess.TimeoutExpired) else _words(error)
            raise LineLost(f"{self._program}: {why}", remedy) from error
        if done.returncode:
            raise LineLost(f"{self._program}: it ended with {done.returncode}", remedy)

    def check(self) -> None:
        if not os.access(self._program, os.X_OK) or self._program.is_dir():
            raise LineLost(f"{self._program}: it cannot be run", "make it executable")


class Blank:
    """No control at all: the page itself is drawn black, which the screen does for every display."""

    def show(self, glow: Glow) -> None:
        """Nothing is left to do."""

    def check(self) -> None:
        """It always can."""


def _words(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()


def open_display(url: str, percent: int) -> Display:
    """The display of `display.url`; BadAddress says what is wrong with it. Nothing is touched yet."""
    scheme, _, path = url.partition("://")
    if url == "blank:":
        return Blank()
    if not path.startswith("/") or "\0" in path:
        raise BadAddress(f"{url!r:.80} is no display; {RIGHT}")
    match scheme:
        case "sysfs":
            return Backlight(Path(path), percent)
        case "ddc":
            return Monitor(Path(path), percent)
        case "run":
            return Program(Path(path))
    raise BadAddress(f"{url!r:.80} is no display; {RIGHT}")


def why_not(url: str, percent: int) -> str:
    """Why the display cannot be controlled, with the remedy; empty where it can. The glass stays as it is."""
    try:
        open_display(url, percent).check()
    except (BadAddress, LineLost) as error:
        return str(error)
    return ""
