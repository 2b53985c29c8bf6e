"""Which USB devices a kiosk takes: the ones that stood in it when it was set up, each at its own socket."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

KEYBOARD = re.compile(r"03:..:01")
HUB = "09:"
_PORT = re.compile(r"\d+-\d+(\.\d+)*")


@dataclass(frozen=True, order=True)
class Plugged:
    """A device: its socket as the kernel names it (1-1.2), vendor:product, interfaces as class:subclass:protocol."""

    port: str
    id: str
    interfaces: tuple[str, ...]

    @property
    def types(self) -> bool:
        """Whether it is a keyboard, or says so: what plugs in as one can type anything."""
        return any(KEYBOARD.fullmatch(interface) for interface in self.interfaces)

    @property
    def branches(self) -> bool:
        """Whether it is a hub and nothing else."""
        return bool(self.interfaces) and all(interface.startswith(HUB) for interface in self.interfaces)


def rules(devices: Iterable[Plugged]) -> str:
    """The rules for usbguard; whatever no rule allows is blocked (ImplicitPolicyTarget=block).

    A keyboard gets a line that says why it gets no rule: a scanner in keyboard mode has to be set to serial.
    """
    lines = [
        "allow with-interface equals { 09:00:00 }",
        "allow with-interface equals { 09:00:01 09:00:02 }",
        # A stick and nothing besides: an update or a claim comes on it. One that also types is not this.
        "allow with-interface equals { 08:06:50 }",
    ]
    for each in sorted(set(devices)):
        if each.branches:
            continue
        if each.types:
            lines.append(f"# no rule for {each.id} at {each.port}: it is a keyboard; set a scanner to serial (USB-COM)")
        elif each.interfaces:
            kinds = " ".join(each.interfaces)
            lines.append(f'allow id {each.id} with-interface equals {{ {kinds} }} via-port "{each.port}"')
    return "\n".join(lines) + "\n"


def plugged(folder: Path = Path("/sys/bus/usb/devices")) -> list[Plugged]:
    """What is plugged in, as the kernel tells; what vanishes while it is read is left out."""
    found = []
    for device in sorted(folder.glob("*")):
        if not _PORT.fullmatch(device.name):
            continue
        try:
            name = f"{_word(device / 'idVendor')}:{_word(device / 'idProduct')}"
            interfaces = tuple(
                ":".join(_word(each / f"bInterface{part}") for part in ("Class", "SubClass", "Protocol"))
                for each in sorted(folder.glob(f"{device.name}:*"))
            )
        except OSError:
            continue
        found.append(Plugged(device.name, name, interfaces))
    return found


def _word(file: Path) -> str:
    return file.read_text("ascii").strip().lower()
