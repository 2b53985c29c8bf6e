"""Which USB devices are let in: those of the set-up, at their sockets, and never a keyboard."""

from pathlib import Path

import pytest

from kiosk.__main__ import main
from kiosk.ops import place, progress
from kiosk.ops.usb import FILE, Plugged, plugged, rules, socket_of, sound, strangers

SCANNER = Plugged("1-1.2", "1a86:7523", ("02:02:01", "0a:00:00"))
PRINTER = Plugged("1-1.3", "0416:5011", ("07:01:02",))
KEYBOARD = Plugged("1-1.4", "046d:c31c", ("03:01:01", "03:00:00"))
HUB = Plugged("1-1", "0424:9514", ("09:00:01",))
STICK = Plugged("1-1.5", "0781:5567", ("08:06:50",))
"""On which the report of the set-up is carried away, and which stands in no rule."""


def test_each_device_is_let_in_at_its_own_socket() -> None:
    written = rules([PRINTER, SCANNER, HUB, PRINTER, STICK])
    own = [line for line in written.splitlines() if " id " in line]
    assert own == [
        'allow id 1a86:7523 with-interface equals { 02:02:01 0a:00:00 } via-port "1-1.2"',
        'allow id 0416:5011 with-interface equals { 07:01:02 } via-port "1-1.3"',
    ]


def test_a_keyboard_gets_no_rule_and_the_reason_is_written() -> None:
    written = rules([KEYBOARD])
    assert not [line for line in written.splitlines() if line.startswith("allow") and "03:" in line]
    assert "# no rule for 046d:c31c at 1-1.4: it is a keyboard" in written


def test_the_keypad_of_the_settings_may_type_at_its_own_socket(tmp_path: Path) -> None:
    event = tmp_path / "pci0000:00/usb1/1-1/1-1.4/1-1.4:1.0/input/input7/event7"
    event.mkdir(parents=True)
    (tmp_path / "input").mkdir()
    (tmp_path / "input/event7").symlink_to(event)
    socket = socket_of("hid:///dev/input/event7", tmp_path / "input")
    assert socket == KEYBOARD.port
    assert 'allow id 046d:c31c with-interface equals { 03:01:01 03:00:00 } via-port "1-1.4"' in rules(
        [KEYBOARD], [socket]
    )
    assert socket_of("hid:///dev/input/event9", tmp_path / "input") == ""


def test_what_stands_in_no_rule_is_a_stranger() -> None:
    written = rules([PRINTER, SCANNER])
    moved = Plugged("1-1.1", *(PRINTER.id, PRINTER.interfaces))
    assert strangers(written, [PRINTER, SCANNER, HUB, STICK]) == []
    assert strangers(written, [moved, KEYBOARD]) == [moved, KEYBOARD]


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


HOSTILE = [
    "allow",
    "allow id 046d:c31c with-interface equals { 03:01:01 }",
    'allow id *:* with-interface equals { 07:01:02 } via-port "1-1.4"',
    'allow id 0416:5011 with-interface equals { 07:01:02 } via-port "1-1.3" if true',
]


@pytest.mark.parametrize("line", HOSTILE)
def test_only_rules_as_the_wizard_writes_them_reach_usbguard(tmp_path: Path, line: str) -> None:
    kept, handed = tmp_path / FILE, tmp_path / "rules"
    words = ["config", "usb", "--take", str(kept), "--out", str(handed)]
    kept.write_text(rules([SCANNER, PRINTER, KEYBOARD]))
    assert main(words) == 0
    assert handed.read_text() == kept.read_text()
    assert handed.stat().st_mode & 0o777 == 0o600
    kept.write_text(rules([SCANNER]) + line + "\n")
    assert not sound(kept.read_text())
    assert main(words) == 2
    assert line not in handed.read_text().splitlines()
    kept.unlink()
    assert main(words) == 0
    assert not handed.exists()


def test_the_technician_closes_the_sockets_and_opens_them_again(tmp_path: Path) -> None:
    words = ["technician", "--state", str(tmp_path), "usb"]
    assert main(words) == 0
    assert sound((tmp_path / FILE).read_text())
    assert main([*words, "--open"]) == 0
    assert not (tmp_path / FILE).exists()


def test_the_first_boot_begins_by_itself_only_where_nobody_has_begun(tmp_path: Path) -> None:
    words = ["technician", "first-boot", "--unless-begun", "--state", str(tmp_path)]
    assert main(words) == 0
    assert progress.read(tmp_path).step == "language"
    for step in ("scanner", ""):
        progress.keep(tmp_path, step=step)
        assert main(words) == 0
        assert progress.read(tmp_path).step == step
    (tmp_path / progress.FILE).unlink()
    (tmp_path / place.FILE).parent.mkdir(exist_ok=True)
    (tmp_path / place.FILE).write_text("{}")
    assert main(words) == 0
    assert progress.read(tmp_path).step == ""
