"""What the first boot leaves in the state folder: how far it is, its language, and the calibrated dots an inch."""

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from kiosk.ops.files import make_folder, write_whole

FILE = "first-boot.json"
LEAST_DPI, MOST_DPI = 50.0, 400.0


@dataclass(frozen=True)
class Progress:
    """`step` is empty where no first boot is under way; `language` empty and `dpi` 0 mean: as the settings say."""

    step: str = ""
    language: str = ""
    dpi: float = 0.0


def read(state: Path) -> Progress:
    """What is stored; a missing or damaged file is no progress, and the settings hold."""
    try:
        found = json.loads((state / FILE).read_bytes())
        dpi = float(found.get("dpi", 0.0))
        return Progress(
            str(found.get("step", "")), str(found.get("language", "")), dpi if LEAST_DPI <= dpi <= MOST_DPI else 0.0
        )
    except (OSError, ValueError, TypeError, AttributeError):
        return Progress()


def keep(state: Path, **changes: str | float) -> Progress:
    """Store with some of it changed, whole or not at all."""
    found = replace(read(state), **changes)  # type: ignore[arg-type]
    write_whole(make_folder(state) / FILE, json.dumps(asdict(found)).encode())
    return found
