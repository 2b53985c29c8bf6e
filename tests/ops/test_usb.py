"""Which USB devices are let in: those of the set-up, at their sockets, and never a keyboard."""

from pathlib import Path

import pytest

from kiosk.__main__ import main
from kiosk.ops.usb import Plugged, plugged, rules

SCANNER = Plugged("1-1.2", "1a86:7523", ("02:02:01", "0a:00:00"))
PRINTER = Plugged("1-1.3", "0416:5011", ("07:01:02",))
KEYBOARD = Plugged("1-1.4", "046d:c31c", ("03:01:01", "03:00:00"))
HUB = Plugged("1-1", "0424:9514", ("09:00:01",))


def test_each_device_is_let_in_at_its_own_socket() -> None:
    written = rules([PRINTER, SCANNER, HUB, PRINTER])
    own = [line for line in written.splitlines() if " id " in line]
    assert own == [
        'allow id 1a86:7523 with-interface equals { 02:02:01 0a:00:00 } via-port "1-1.2"',
        'allow id 0416:5011 with-interface equals { 07:01:02 } via-port "1-1.3"',
    ]


def test_a_keyboard_gets_no_rule_and_the_reason_is_written() -> None:
    written = rules([KEYBOARD])
    assert not [line for line in written.splitlines() if line.startswith("allow") and "03:" in line]
    assert "# no rule for 046d:c31c at 1-1.4: it is a keyboard" in written


@pytest.mark.parametrize("protocol", ["03:00:01", "03:01:01"])
def test_a_device_that_is_a_keyboard_besides_is_one(protocol: str) -> None:
    assert Plugged("1-2", "0000:0001", ("08:06:50", protocol)).types


def plug(folder: Path, device: Plugged) -> None:
    (folder / device.port).mkdir()
    vendor, product = device.id.split(":")
    (folder / device.port / "idVendor").write_text(vendor + "\n")
    (folder / device.port / "idProduct").write_text(product + "\n")
    for number, interface in enumerate(device.interfaces):
        part = folder / f"{device.port}:1.{number}"
        part.mkdir()
        for name, value in zip(("Class", "SubClass", "Protocol"), interface.split(":"), strict=True):
            (part / f"bInterface{name}").write_text(value + "\n")


def test_what_is_plugged_in_is_read_as_the_kernel_tells_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for device in (SCANNER, KEYBOARD, HUB):
        plug(tmp_path, device)
    (tmp_path / "usb1").mkdir()
    (tmp_path / "1-9").mkdir()  # vanishes while it is read
    assert set(plugged(tmp_path)) == {SCANNER, KEYBOARD, HUB}
    assert main(["config", "usb", "--facts", str(tmp_path)]) == 0
    assert capsys.readouterr().out == rules([SCANNER, KEYBOARD, HUB])
