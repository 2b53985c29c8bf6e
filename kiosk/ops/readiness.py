"""The readiness report: which kiosk this is and what every self-test found, as a paper, as a PDF, as plain data."""

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from kiosk import __version__
from kiosk.domain.paper import Ends, Gap, Head, Line, Paper, Rule, Text
from kiosk.ops.doctor import Finding
from kiosk.ops.files import remove, write_whole

MOUNTS = (Path("/media"), Path("/run/media"))
"""Where a stick that was plugged in is found, one or two folders below."""
NAME = "kiosk-readiness.pdf"
KEPT = "readiness.json"
"""The last report, in the state folder, until the centre has it."""
_WORDS = {True: "ok", False: "NOT WELL", None: "open"}


@dataclass(frozen=True)
class Readiness:
    """One record for all three forms. It holds nothing of any citizen."""

    branch: str
    branch_name: str
    kiosk: str
    at: datetime
    findings: tuple[Finding, ...]
    version: str = __version__

    @property
    def ready(self) -> bool:
        """No part that the settings name, and that the kiosk needs, is unwell."""
        return not any(finding.failing for finding in self.findings)

    def as_json(self) -> dict[str, Any]:
        """As plain data."""
        return {**asdict(self), "at": self.at.isoformat(), "ready": self.ready}

    def facts(self) -> dict[str, str]:
        """What the fleet page counts by: ready or not, and a word a test."""
        told = {finding.name: _WORDS[finding.ok] for finding in self.findings}
        return {"report": "readiness", "ready": "yes" if self.ready else "no", **told}

    def lines(self) -> tuple[str, ...]:
        """As lines of text, what is not well with its remedy."""
        head = (
            f"Readiness report: {'READY' if self.ready else 'NOT READY'}",
            f"{self.branch} {self.branch_name}",
            f"{self.kiosk}, version {self.version}, {self.at:%Y-%m-%d %H:%M}",
            "",
        )
        return (*head, *(line for finding in self.findings for line in _told(finding)))

    def paper(self) -> Paper:
        """As a slip for the printer: names and verdicts, remedies where something is not well."""
        rows: list[Line] = [Head(self.branch_name), Text("READY" if self.ready else "NOT READY", "lead", bold=True)]
        rows += [Ends(f"{self.branch} {self.kiosk}", f"{self.at:%Y-%m-%d %H:%M}", "small"), Rule()]
        for finding in self.findings:
            rows.append(Ends(finding.name, _WORDS[finding.ok], "small"))
            if finding.ok is False and finding.remedy:
                rows.append(Text(finding.remedy, "small"))
        return Paper("test", (*rows, Gap(4.0)))


def keep(state: Path, made: Readiness) -> None:
    """Keep it until the centre has it: a kiosk may be set up before it has a line, or is enrolled."""
    told = {"at": made.at.isoformat(), "version": made.version, "facts": made.facts(), "lines": made.lines()}
    write_whole(state / KEPT, json.dumps(told, ensure_ascii=False).encode())


def kept(state: Path) -> dict[str, Any] | None:
    """The report that waits for the centre; None where none does, or where it cannot be read."""
    try:
        found = json.loads((state / KEPT).read_bytes())
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def delivered(state: Path) -> None:
    """The centre has it."""
    remove(state / KEPT)


def stick(mounts: Iterable[Path] = MOUNTS) -> Path | None:
    """The first stick that can be written, or None."""
    found = (each for mount in mounts for pattern in ("*", "*/*") for each in sorted(mount.glob(pattern)))
    return next((each for each in found if each.is_dir() and os.path.ismount(each) and os.access(each, os.W_OK)), None)


def _told(finding: Finding) -> Iterable[str]:
    yield f"[{_WORDS[finding.ok]}] {finding.name}: {finding.what}"
    if finding.ok is not True and finding.remedy:
        yield f"        {finding.remedy}"
