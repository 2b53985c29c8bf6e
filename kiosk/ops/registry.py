"""Every event that a kiosk keeps of itself, once: its name, its meaning, its remedy. The manual is made of it."""

from dataclasses import dataclass
from typing import Literal

Weight = Literal["note", "fault", "mended"]
Value = Literal["word", "number"]

WEIGHTS: dict[Weight, str] = {
    "note": "for the record",
    "fault": "something is to be done",
    "mended": "it is well again",
}


@dataclass(frozen=True)
class Kind:
    """One kind of event. A field is one word or a whole number, never a text: nothing personal fits."""

    id: str
    weight: Weight
    means: str
    remedy: str = ""
    fields: tuple[tuple[str, Value], ...] = ()


REGISTRY: tuple[Kind, ...] = (
    Kind("core.started", "note", "Core serves. `version` is the program's.", "", (("version", "word"),)),
    Kind("core.ended", "note", "Core was told to end, and did.", "", ()),
    Kind(
        "core.cut-short", "fault", "The start before this one did not end: power, a fall, or the watchdog.",
        "once: nothing. Often: supply and plug, then `journalctl -u kiosk-core`",
    ),
    Kind(
        "core.renewed", "note", "The kiosk within core was made anew with what the centre gave out.",
    ),
    Kind("screen.came", "mended", "A screen has drawn its first page."),
    Kind(
        "screen.went", "fault", "The screen fell, or was ended; it is started again within seconds.",
        "often: panel, cable and GPU; `journalctl -u kiosk-screen`",
    ),
    Kind(
        "device.faulty", "fault", "A device is not ready; `health` says how.",
        "`kiosk doctor` names the remedy; docs/technician/devices.md has every condition",
        (("device", "word"), ("health", "word")),
    ),
    Kind("device.ready", "mended", "A device is ready.", "", (("device", "word"), ("health", "word"))),
    Kind(
        "outbox.waits", "fault", "Requests wait for the centre: `count` of them, the oldest for `hours`.",
        "the line to the centre; `kiosk outbox`", (("count", "number"), ("hours", "number")),
    ),
    Kind(
        "requests.hindered", "fault",
        "No direct request may be offered; tickets go on. `why`: `pending` (the centre has yet to let this kiosk in),"
        " `retired` (it was refused or retired), `too-old` (the centre wants a newer version).",
        "`kiosk doctor`: its checks `admission` and `version` say what to do", (("why", "word"),),
    ),
    Kind("requests.clear", "mended", "Nothing hinders direct requests any more."),
    Kind("outbox.empty", "mended", "Nothing waits for the centre any more."),
)  # fmt: skip

BY_ID = {kind.id: kind for kind in REGISTRY}


def manual() -> str:
    """The operator's manual of the log, as Markdown."""
    rows = [
        f"| `{kind.id}` | {WEIGHTS[kind.weight]} | {kind.means} | {kind.remedy or '–'} | "
        f"{', '.join(f'`{name}`' for name, _ in kind.fields) or '–'} |"
        for kind in REGISTRY
    ]
    return "\n".join(
        [_HEAD, "| event | weight | what it means | what to do | fields |", "|---|---|---|---|---|", *rows, ""]
    )


_HEAD = """# What the kiosk keeps of itself

Made by `kiosk config events` from `kiosk/ops/registry.py`; a test compares them.

The ring lies in `events/` of core's state folder: JSON lines in two files, `now.jsonl` and `before.jsonl`, 2 MB
together at most; the oldest go first. Each line has `at` (the time of day as the machine knew it), `up` (seconds since
the machine started) and `boot` (which start it was), for clocks without a battery lie; then `event` and its fields.
`after` hangs each line on the one before it (the first 16 hex digits of its SHA-256): a line that was changed or taken
out shows. `kiosk technician events --out FILE` writes the ring down and says whether it hangs together.
A field is a word or a whole number, never a text: nothing of a citizen fits in. A full or read-only card costs lines,
never service.
"""
