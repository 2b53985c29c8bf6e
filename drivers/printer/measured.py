"""What one printer really answered when it was asked at install: kept in the state folder, and used for the ladder."""

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from drivers.printer.profile import CONFIRMATIONS, Profile

FILE = "printer.json"
QUESTIONS = {65: "firmware", 66: "maker", 67: "model", 68: "serial", 69: "font"}
"""GS I n: texts about the printer, as far as it has them."""


@dataclass(frozen=True)
class Measured:
    """True: it answered. None: it was silent, which is no answer and may be another one tomorrow.

    `status`: which of the four questions of DLE EOT were answered. `texts`: what it says of itself, by QUESTIONS'
    words. `port`: the bits of LPGETSTATUS on a USB line printer.
    """

    url: str
    profile: str
    at: str
    status: tuple[int, ...] = ()
    barrier: bool | None = None
    process_id: bool | None = None
    auto_status: bool | None = None
    port: int | None = None
    texts: tuple[tuple[str, str], ...] = ()

    @property
    def silent(self) -> bool:
        """Nothing at all was answered."""
        return not (self.status or self.barrier or self.process_id or self.auto_status or self.texts)

    @property
    def confirm(self) -> tuple[str, ...]:
        """The rungs of the ladder that it has, best first."""
        has = {"process-id": self.process_id, "barrier": self.barrier, "status": len(self.status) == 4}
        return tuple(word for word in CONFIRMATIONS if has[word])

    def words(self) -> str:
        """One line for a technician."""
        has = [f"DLE EOT {','.join(map(str, self.status))}"] if self.status else []
        has += [name for name, there in (("ASB", self.auto_status), ("GS r", self.barrier)) if there]
        has += ["GS ( H"] if self.process_id else []
        has += [] if self.port is None else [f"LPGETSTATUS {self.port:#04x}"]
        silent = [name for name, there in (("ASB", self.auto_status), ("GS r", self.barrier)) if not there]
        silent += [] if self.process_id else ["GS ( H"]
        about = ", ".join(text for name, text in self.texts if name in ("maker", "model", "firmware"))
        best = self.confirm[0] if self.confirm else "nothing"
        return (
            f"answers {', '.join(has) or 'nothing'}"
            + (f"; silent on {', '.join(silent)}" if silent else "")
            + f"; confirms by {best}"
            + (f"; {about}" if about else "")
        )


def fitted(profile: Profile, measured: Measured | None, url: str) -> Profile:
    """The profile with what this very printer answered in place of what its model claims."""
    if measured is None or measured.silent or (measured.url, measured.profile) != (url, profile.name):
        return profile
    confirm = tuple(word for word in CONFIRMATIONS if word in measured.confirm)
    return replace(profile, confirm=confirm, auto_status=bool(measured.auto_status))


def store(folder: Path, measured: Measured) -> None:
    """Keep it, whole or not at all."""
    file = folder / FILE
    fresh = file.with_suffix(".new")
    fresh.write_text(json.dumps(asdict(measured), ensure_ascii=False, indent=2) + "\n", "utf-8")
    fresh.replace(file)


def stored(folder: Path) -> Measured | None:
    """What was kept; None if nothing was, or if it cannot be read: then the profile's claims hold."""
    try:
        data = json.loads((folder / FILE).read_text("utf-8"))
        status = tuple(int(n) for n in data.pop("status", ()))
        texts = tuple((str(name), str(text)) for name, text in data.pop("texts", ()))
        return Measured(**data, status=status, texts=texts)
    except (OSError, ValueError, TypeError, AttributeError):
        return None
