"""Which USB devices a kiosk takes: the ones that stood in it when it was set up, each at its own socket."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

KEYBOARD = re.compile(r"03:..:01")
HUB = "09:"
STICK = "08:06:50"
FILE = "usbguard.rules"
"""Where core keeps the rules, in its state folder; usbguard is off while there is no such file."""
_PORT = re.compile(r"\d+-\d+(\.\d+)*")
_ALWAYS = (
    "allow with-interface equals { 09:00:00 }",
    "allow with-interface equals { 09:00:01 09:00:02 }",
    # A stick and nothing besides: an update or a claim comes on it. One that also types is not this.
    f"allow with-interface equals {{ {STICK} }}",
)
_KIND = "[0-9a-f]{2}:[0-9a-f]{2}:[0-9a-f]{2}"
_ID = "[0-9a-f]{4}:[0-9a-f]{4}"
_RULE = re.compile(
    rf'allow id {_ID} with-interface equals \{{ {_KIND}( {_KIND})* \}} via-port "{_PORT.pattern}"',
)
_NAMED = re.compile(rf'^allow id ({_ID}) .* via-port "([^"]+)"$', re.MULTILINE)


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

    @property
    def stores(self) -> bool:
        """Whether it is a memory stick and nothing else, which is always let in and belongs to nobody."""
        return self.interfaces == (STICK,)


def rules(devices: Iterable[Plugged], typing: Collection[str] = ()) -> str:
    """The rules for usbguard; whatever no rule allows is blocked (ImplicitPolicyTarget=block).

    `typing` are the sockets of keypad and keyboard scanner, as the settings name them. Any other keyboard gets a line
    that says why it gets no rule.
    """
    lines = [*_ALWAYS]
    for each in sorted(set(devices)):
        if each.branches or each.stores:
            continue
        if each.types and each.port not in typing:
            lines.append(f"# no rule for {each.id} at {each.port}: it is a keyboard; set a scanner to serial (USB-COM)")
        elif each.interfaces:
            kinds = " ".join(each.interfaces)
            lines.append(f'allow id {each.id} with-interface equals {{ {kinds} }} via-port "{each.port}"')
    return "\n".join(lines) + "\n"


def sound(text: str) -> bool:
    """Whether these are rules as `rules` makes them.

    They were written by a process that faces the public: they may name one device at one socket each, and no more.
    """
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    always, own = tuple(lines[: len(_ALWAYS)]), lines[len(_ALWAYS) :]
    return always == _ALWAYS and all(map(_RULE.fullmatch, own))


def strangers(text: str, devices: Iterable[Plugged]) -> list[Plugged]:
    """What is plugged in and stands in no rule: a device of another make, or at another socket."""
    named = set(_NAMED.findall(text))
    own = [each for each in devices if not each.branches and not each.stores]
    return [each for each in own if (each.id, each.port) not in named]


def socket_of(device: str, inputs: Path = Path("/sys/class/input")) -> str:
    """The socket of an input device such as `hid:///dev/input/by-id/…`; empty where it is on none."""
    name = Path(device.partition("://")[2] or device).resolve().name
    found = _PORT.pattern
    ports = [part for part in (inputs / name).resolve().parts if re.fullmatch(found, part)]
    return ports[-1] if ports else ""


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
