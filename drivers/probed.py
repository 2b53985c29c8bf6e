"""What one device really answered when it was asked at install: kept in the state folder, for whoever mends it."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

Fact = str | int | float | bool | None | list[list[float]]


@dataclass(frozen=True)
class Probed:
    """`place` is the setting under which it was found, `at` the time as text; `words` one line for a technician.

    `facts`: the same by name, None for a question that was met by silence.
    """

    place: str
    at: str
    words: str
    facts: Mapping[str, Fact] = field(default_factory=dict)


def store(folder: Path, name: str, probed: Probed) -> None:
    """Keep what the device `name` answered, whole or not at all."""
    file = folder / f"{name}.json"
    fresh = file.with_suffix(".new")
    fresh.write_text(json.dumps(asdict(probed), ensure_ascii=False, indent=2) + "\n", "utf-8")
    fresh.replace(file)


def stored(folder: Path, name: str, place: str) -> Probed | None:
    """What was kept of it; None if nothing was, if it cannot be read, or if it was of another place."""
    try:
        data = json.loads((folder / f"{name}.json").read_text("utf-8"))
        whole = all(isinstance(data[key], str) for key in ("place", "at", "words")) and data["place"] == place
        return Probed(data["place"], data["at"], data["words"], dict(data["facts"])) if whole else None
    except (OSError, ValueError, TypeError, KeyError):
        return None
