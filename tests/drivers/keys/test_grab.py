"""An input device is ours alone: what the kernel is asked for, what its refusals mean, and what its header says."""

import array
import errno
import fcntl
import os
import select
import shutil
import struct
import subprocess
import time
from pathlib import Path

import pytest

from drivers.device import LineLost
from drivers.fittings.presence import PROXIMITY, WAKE_UP
from drivers.keypad.names import KEYS
from drivers.keys import events, line, listener
from drivers.keys.line import open_input
from drivers.keys.listener import SWITCHES
from drivers.sim.input import SimInput

UINPUT = Path("/dev/uinput")


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def answered(monkeypatch: pytest.MonkeyPatch, number: int | None) -> list[tuple[int, int]]:
    """Stand in for the kernel where it is asked to grab: what was asked, answered yes or with this errno."""
    asked: list[tuple[int, int]] = []

    def ioctl(_fd: int, request: int, argument: int) -> int:
        asked.append((request, argument))
        if number is not None:
            raise OSError(number, os.strerror(number))
        return 0

    monkeypatch.setattr("drivers.keys.line.fcntl.ioctl", ioctl)
    return asked


def test_it_is_grabbed_as_soon_as_it_is_open(monkeypatch: pytest.MonkeyPatch) -> None:
    sim = SimInput()
    asked = answered(monkeypatch, None)
    open_input(Path(sim.url.removeprefix("hid://"))).close()
    sim.close()
    assert asked == [(0x40044590, 1)]


@pytest.mark.parametrize(
    ("number", "said"),
    [(errno.EBUSY, "another program has grabbed it"), (errno.ENODEV, "no such device"), (errno.EACCES, "permission")],
)
def test_what_cannot_be_grabbed_is_not_read_at_all(monkeypatch: pytest.MonkeyPatch, number: int, said: str) -> None:
    sim = SimInput()
    answered(monkeypatch, number)
    before = descriptors()
    with pytest.raises(LineLost, match=said):
        open_input(Path(sim.url.removeprefix("hid://")))
    assert descriptors() == before
    sim.close()


@pytest.mark.skipif(shutil.which("gcc") is None, reason="the kernel's header is read by a compiler, and there is none")
def test_the_kernels_own_header_agrees_on_every_number(tmp_path: Path) -> None:
    names = [f"KEY_{name}" for name in KEYS]
    wanted = ["EVIOCGRAB", "EVIOCGSW(8)", "EVIOCGKEY(96)", "SW_FRONT_PROXIMITY", "KEY_WAKEUP",
              "EV_SYN", "EV_KEY", "EV_SW", "SYN_DROPPED", "SW_HEADPHONE_INSERT",
              "sizeof(struct input_event)", *names]  # fmt: skip
    rows = "".join(f'printf("%lu\\n", (unsigned long)({each}));' for each in wanted)
    source = tmp_path / "numbers.c"
    source.write_text(f"#include <stdio.h>\n#include <linux/input.h>\nint main(void) {{ {rows} return 0; }}\n")
    made = subprocess.run(["gcc", source, "-o", tmp_path / "numbers"], capture_output=True, check=False)
    if made.returncode:
        pytest.skip("the kernel's headers are not installed")
    numbers = [int(word) for word in subprocess.check_output([tmp_path / "numbers"], text=True).split()]
    assert numbers == [line._GRAB, SWITCHES[0], listener.KEYS[0], PROXIMITY, WAKE_UP,
                       events.EV_SYN, events.EV_KEY, events.EV_SW, events.SYN_DROPPED,
                       events.SW_HEADPHONE_INSERT, events.RECORD.size, *KEYS.values()]  # fmt: skip


@pytest.mark.skipif(not os.access(UINPUT, os.W_OK), reason="no /dev/uinput: only the stand-in at the ioctl is tried")
def test_nobody_else_reads_what_a_real_device_types() -> None:
    form, create, destroy, key_bit, event_bit, name_of = "80sHHHHi", 0x5501, 0x5502, 0x40045565, 0x40045564, 0x8040552C
    virtual = os.open(UINPUT, os.O_WRONLY)
    try:
        fcntl.ioctl(virtual, event_bit, events.EV_KEY)
        fcntl.ioctl(virtual, key_bit, KEYS["F1"])
        os.write(virtual, struct.pack(form, b"kiosk test keypad", 3, 1, 1, 1, 0) + bytes(4 * 64 * 4))
        fcntl.ioctl(virtual, create)
        name = array.array("B", bytes(64))
        fcntl.ioctl(virtual, name_of, name)
        [node] = (Path("/sys/devices/virtual/input") / name.tobytes().strip(b"\0").decode()).glob("event*")
        device = Path("/dev/input") / node.name
        deadline = time.monotonic() + 30
        while not os.access(device, os.R_OK):
            assert time.monotonic() < deadline
            time.sleep(0.02)
        other = os.open(device, os.O_RDONLY | os.O_NONBLOCK)
        ours = open_input(device)
        os.write(
            virtual, b"".join(events.pack(events.Input(kind, code, 1)) for kind, code in ((1, KEYS["F1"]), (0, 0)))
        )
        assert select.select([ours.fileno()], [], [], 30)[0]
        assert events.Records().feed(ours.receive()) == [events.Input(events.EV_KEY, KEYS["F1"], events.DOWN)]
        assert not select.select([other], [], [], 0.2)[0]
        with pytest.raises(LineLost, match="another program has grabbed it"):
            open_input(device)
        ours.close()
        os.close(other)
        fcntl.ioctl(virtual, destroy)
    finally:
        os.close(virtual)
