"""The `kiosk` command: finds the subcommand's module, runs it, and turns whatever goes wrong into one line."""

import argparse
import difflib
import importlib
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from kiosk.domain.errors import Refusal

COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("kiosk.wiring.demo", "everything on this machine: centre, hub, simulated devices and the kiosk window"),
    "run": ("kiosk.wiring.run", "core and screen together, for a desk"),
    "core": ("kiosk.wiring.core", "engine, devices, journal and links, without a screen"),
    "screen": ("kiosk.wiring.screen", "the window: draws what core says, reports touches"),
    "branch": ("kiosk.wiring.branch", "the branch hub; also `branch grant` and `branch promote`"),
    "central": ("kiosk.wiring.central", "the reference central service; also `central claim` and `central grant`"),
    "rescue": ("kiosk.wiring.rescue", "asked by systemd when core keeps falling: restart the machine, or not"),
    "clock": ("kiosk.wiring.timekeeping", "set the machine's clock forward at a start, keep the time that is known"),
    "sorry": ("kiosk.wiring.sorry", "the page with a code that stands when core or screen cannot be kept up"),
    "enrol": ("kiosk.wiring.enrol", "make the device key and enrol this kiosk at the centre"),
    "submit": ("kiosk.wiring.submit", "send one request through sealing, outbox and client"),
    "outbox": ("kiosk.wiring.outbox", "what waits for the centre: count, oldest age, states"),
    "wipe": ("kiosk.wiring.wipe", "empty the state folder of a kiosk that is given away; not while anything waits"),
    "audit": ("kiosk.wiring.audit", "whether the journal of what was promised on paper is whole"),
    "identify": ("kiosk.wiring.identify", "say what a string is: document, number, plate, ticket, receipt"),
    "eligible": ("kiosk.wiring.eligible", "say what a person may do on a day, with all reasons"),
    "scan": ("kiosk.wiring.scan", "decode still images as the camera path would"),
    "print": ("kiosk.wiring.print", "print one paper on a printer or into a file"),
    "doctor": ("kiosk.wiring.doctor", "every self-test, with its remedy"),
    "technician": ("kiosk.wiring.technician", "branch PIN, one-time codes and first boot of this kiosk"),
    "backup": ("kiosk.wiring.backup", "copy hub or centre while it serves, keys apart; bring a copy back"),
    "play": ("kiosk.wiring.play", "play a story through the real engine, without a window"),
    "sim": ("kiosk.wiring.sim", "start a simulated device, or steer a running one"),
    "update": ("kiosk.wiring.update", "which slot starts, and the steps of an update as systemd and RAUC call them"),
    "image": ("kiosk.wiring.image", "prepare cards with claim and network, one or a county's, and print labels"),
    "config": ("kiosk.wiring.config", "check a settings file or a catalogue"),
    "voice": ("kiosk.wiring.voice", "make, check and try the clips of the spoken calls"),
    "gallery": ("kiosk.wiring.gallery", "draw every view as a picture"),
}

EVERYWHERE = """options of every command:
  --state DIR    folder of everything that lasts (else $KIOSK_STATE, else the account's state folder)
  --config FILE  the settings file (else the defaults)
  --test-clock   take the time from $KIOSK_CLOCK, offset:+3600s or file:PATH
  --version      say which version this is"""


class Parser(argparse.ArgumentParser):
    """A parser that refuses in one line, which is all that a person wants to read."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("allow_abbrev", False)
        super().__init__(**options)

    def error(self, message: str) -> NoReturn:
        """Refuse: what is wrong, and where help is."""
        raise Refusal(f"{message}; `{self.prog} --help` shows how")


class Broadly:
    """The options that every command takes, wherever they stand on the line."""

    def __init__(self) -> None:
        self.state = os.environ.get("KIOSK_STATE", "")
        self.config = ""
        self.test_clock = False

    def take(self, words: Sequence[str]) -> list[str]:
        """Take these options out of the line and return the other words; after `--` nothing is an option."""
        rest: list[str] = []
        queue = list(words)
        while queue:
            head = queue.pop(0)
            name, equals, value = head.partition("=")
            if head == "--":
                return [*rest, head, *queue]
            if head == "--test-clock":
                self.test_clock = True
            elif name in ("--state", "--config"):
                if not equals:
                    value = queue.pop(0) if queue else ""
                if not value:
                    raise Refusal(f"{name} needs a path after it")
                setattr(self, name[2:], value)
            else:
                rest.append(head)
        return rest


def main(words: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit code: 0 done, 1 failed, 2 refused, 130 interrupted."""
    _speak_utf8()
    try:
        return _run(sys.argv[1:] if words is None else words)
    except Refusal as refusal:
        print(f"kiosk: {_printable(str(refusal))}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read us has gone; what is still buffered must not fail a second time at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:
        if os.environ.get("KIOSK_DEBUG") == "1":
            raise
        name = type(error).__name__
        print(f"kiosk: this should not happen ({name}); run with KIOSK_DEBUG=1 for details", file=sys.stderr)
        return 1


def _run(words: Sequence[str]) -> int:
    broadly = Broadly()
    rest = broadly.take(words)
    if not rest:
        raise Refusal("which command? `kiosk --help` lists them")
    name = rest.pop(0)
    if name in ("-h", "--help"):
        print(_overview())
        return 0
    if name == "--version":
        from kiosk import __version__

        print(f"kiosk {__version__}")
        return 0
    if name not in COMMANDS:
        near = difflib.get_close_matches(name, COMMANDS, n=1)
        hint = f"did you mean `{near[0]}`?" if near else "`kiosk --help` lists them"
        raise Refusal(f"{name!r} is no command; {hint}")
    module_name, help_text = COMMANDS[name]
    module = importlib.import_module(module_name)
    parser = Parser(
        prog=f"kiosk {name}",
        description=help_text[0].upper() + help_text[1:] + ".",
        epilog=EVERYWHERE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    module.arguments(parser)
    args = parser.parse_args(rest)
    args.state = _state_folder(broadly.state)
    args.state_given = bool(broadly.state)
    args.config = Path(broadly.config).expanduser() if broadly.config else None
    args.test_clock = broadly.test_clock
    code = module.run(args)
    sys.stdout.flush()
    return int(code)


def _state_folder(named: str) -> Path:
    if named:
        return Path(named).expanduser().resolve()
    from platformdirs import user_state_path

    return user_state_path("kiosk", appauthor=False).resolve()


def _printable(text: str) -> str:
    """Escape what could steer a terminal: messages quote what was typed or read."""
    return "".join(char if char.isprintable() or char == "\n" else repr(char)[1:-1] for char in text)


def _overview() -> str:
    width = max(map(len, COMMANDS)) + 2
    rows = [f"  {name:<{width}}{text}" for name, (_, text) in COMMANDS.items()]
    return "\n".join(["usage: kiosk COMMAND ...", "", "commands:", *rows, "", EVERYWHERE])


def _speak_utf8() -> None:
    """Speak UTF-8 whatever the locale says, and let no odd byte of a terminal stop an answer."""
    for stream, errors in ((sys.stdin, "replace"), (sys.stdout, "backslashreplace"), (sys.stderr, "backslashreplace")):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors=errors)


if __name__ == "__main__":
    sys.exit(main())
