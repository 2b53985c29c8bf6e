"""A virtual machine that starts a card: window on virtio-gpu, touch, serial printer and scanner, steered by QMP."""

import json
import os
import socket
import stat
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from image.recipe.firmware import Slot
from image.recipe.tools import Toolbox

_KVM_NUMBER = (10, 232)
AXIS = 0x7FFF
"""The far edge of the touch panel, as QEMU counts."""
LIFTED = -1
"""The tracking id of a finger that is gone: QEMU hands on what it is given, and any other leaves it on the glass."""
ANSWER_S = 60.0
WRITES_ROOM = 8 << 30
"""Of the file that notes the card's writes, all holes at first: it is not to grow under QEMU."""


@dataclass(frozen=True)
class Board:
    """What QEMU plays: its program, its words for the machine, the processor it emulates, the name of serial lines."""

    program: str
    words: tuple[str, ...]
    processor: str
    line: str


BOARDS = {
    # Mesa's compiler stops on QEMU's `max`: "64-bit code requested on a subtarget".
    "amd64": Board("qemu-system-x86_64", ("-vga", "none"), "Nehalem", "ttyS"),
    "arm64": Board("qemu-system-aarch64", ("-machine", "virt"), "cortex-a72", "ttyAMA"),
}
"""By Debian's name of the architecture; the processor of the second is a Pi 4's."""


class Machine:
    """QEMU with a card in it; `run` is a folder below the toolbox for sockets, the console's log pictures."""

    def __init__(
        self,
        box: Toolbox,
        run: Path,
        size: tuple[int, int] = (1080, 1920),
        kvm: bool = False,
        clock: str = "utc",
        architecture: str = "amd64",
    ) -> None:
        self._box = box
        self._run = run
        self._size = size
        self._kvm = kvm
        self._clock = clock
        self._board = BOARDS[architecture]
        self._qmp: socket.socket | None = None
        self._lines: Any = None
        self._process: subprocess.Popen[bytes] | None = None
        self.console = run / "console.log"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.off()

    def on(
        self,
        card: Path,
        slot: Slot,
        words: str = "",
        printer: str = "null",
        scanner: str = "null",
        writes: Path | None = None,
        stick: Path | None = None,
    ) -> None:
        """Switch on; `printer` and `scanner` are QEMU's words for what their serial lines lead to.

        With `writes` every write and flush of the card is noted in that file (QEMU's blklogwrites). `stick` is a
        memory stick that can be plugged in later.
        """
        self._run.mkdir(parents=True, exist_ok=True)
        control = self._run / "qmp"
        control.unlink(missing_ok=True)
        if self._kvm:
            self._lend_kvm()
        wide, high = self._size
        line = [self._board.program, *self._board.words, "-nodefaults", "-no-reboot", "-rtc", f"base={self._clock}"]
        line += ["-m", "2048", "-smp", "2"]
        line += ["-accel", "kvm", "-cpu", "host"] if self._kvm else ["-accel", "tcg", "-cpu", self._board.processor]
        line += ["-kernel", str(slot.kernel), "-initrd", str(slot.initrd), "-append", f"{slot.words} {words}".strip()]
        line += _disk(card, writes)
        line += ["-device", f"virtio-gpu-pci,xres={wide},yres={high}", "-display", "none"]
        line += ["-device", "virtio-multitouch-pci", "-device", "virtio-rng-pci", "-device", "qemu-xhci"]
        line += ["-chardev", f"{printer},id=printer", "-device", "usb-serial,chardev=printer,port=1,always-plugged=on"]
        line += ["-chardev", f"{scanner},id=scanner", "-device", "usb-serial,chardev=scanner,port=2,always-plugged=on"]
        if stick is not None:
            line += ["-blockdev", f"node-name=stick,driver=file,filename={stick}"]
        line += ["-serial", f"file:{self.console}", "-serial", f"unix:{self._run / 'shell'},server=on,wait=off"]
        line += ["-qmp", f"unix:{control},server=on,wait=off"]
        with (self._run / "qemu.log").open("wb") as log:
            self._process = subprocess.Popen(self._box.command(*line), stdout=log, stderr=log)
        self._connect(control)

    def plug(self) -> None:
        """Plug the stick in, beside printer and scanner."""
        self.tell("device_add", driver="usb-storage", drive="stick", id="plugged", port="3")

    def unplug(self) -> None:
        """Pull the stick; returns once QEMU has let go of it."""
        self.tell("device_del", id="plugged")

    @property
    def running(self) -> bool:
        """Whether it is on: a machine that is to start anew goes off, for the firmware to choose."""
        return self._process is not None and self._process.poll() is None

    def off(self) -> None:
        """Pull the plug."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        if self._qmp is not None:
            self._qmp.close()
            self._qmp = None

    def tell(self, command: str, **arguments: object) -> Any:
        """One QMP command and its answer; RuntimeError where QEMU refuses it."""
        if self._qmp is None:
            raise RuntimeError("the machine is off")
        self._qmp.sendall(json.dumps({"execute": command, "arguments": arguments}).encode() + b"\n")
        while True:
            answer = json.loads(self._lines.readline() or b'{"error": {"desc": "QEMU has ended"}}')
            if "error" in answer:
                raise RuntimeError(f"QEMU, {command}: {answer['error']['desc']}")
            if "return" in answer:
                return answer["return"]

    def picture(self, name: str) -> Path:
        """What the screen shows, as a PNG in the run folder."""
        file = self._run / name
        self.tell("screendump", filename=self._box.inside(file), format="png")
        return file

    def touch(self, x: float, y: float, finger: int = 0, hold_s: float = 0.12) -> None:
        """Lay a finger down at a place (parts of the width and height from the top left), and lift it."""
        self._events(
            _spot("begin", finger, "x", 0), _spot("data", finger, "x", x), _spot("data", finger, "y", y), _press(True)
        )
        time.sleep(hold_s)
        self._events(_spot("end", finger, "x", 0, tracking=LIFTED), _press(False))

    def said(self) -> str:
        """What has come over the serial console."""
        return self.console.read_text("utf-8", "replace") if self.console.exists() else ""

    def _events(self, *events: dict[str, object]) -> None:
        self.tell("input-send-event", events=list(events))

    def _connect(self, control: Path) -> None:
        until = time.monotonic() + ANSWER_S
        while True:
            try:
                line = socket.socket(socket.AF_UNIX)
                line.connect(str(control))
                break
            except OSError:
                line.close()
                if (self._process is not None and self._process.poll() is not None) or time.monotonic() > until:
                    log = (self._run / "qemu.log").read_text("utf-8", "replace").strip()
                    raise RuntimeError(f"QEMU did not start: {log[-300:]}") from None
                time.sleep(0.1)
        self._qmp = line
        line.settimeout(ANSWER_S)
        self._lines = line.makefile("rb")
        self._lines.readline()
        self.tell("qmp_capabilities")

    def _lend_kvm(self) -> None:
        node = self._box.root / "dev/kvm"
        if not node.exists():
            os.mknod(node, 0o660 | stat.S_IFCHR, os.makedev(*_KVM_NUMBER))


def _disk(card: Path, writes: Path | None) -> list[str]:
    if writes is None:
        return ["-drive", f"file={card},format=raw,if=virtio,cache=writeback"]
    writes.unlink(missing_ok=True)
    with writes.open("wb") as out:
        out.truncate(WRITES_ROOM)
    noted = "driver=blklogwrites,file=card,log=writes,log-super-update-interval=1"
    return [
        "-blockdev", f"node-name=card,driver=file,filename={card}",
        "-blockdev", f"node-name=writes,driver=file,filename={writes}",
        "-blockdev", f"node-name=disk,{noted}",
        "-device", "virtio-blk-pci,drive=disk",
    ]  # fmt: skip


def _spot(kind: str, finger: int, axis: str, part: float, tracking: int | None = None) -> dict[str, object]:
    name = finger if tracking is None else tracking
    data = {"type": kind, "slot": finger, "tracking-id": name, "axis": axis, "value": round(part * AXIS)}
    return {"type": "mtt", "data": data}


def _press(down: bool) -> dict[str, object]:
    return {"type": "btn", "data": {"down": down, "button": "touch"}}
