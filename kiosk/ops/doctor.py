"""The self-test: a list of checks, each a finding that says what is and, where it is not well, what to do about it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Finding:
    """What one check found.

    `ok` None: it is not configured, or cannot be known here. `required`: the settings name it, and the kiosk cannot do
    its work without it.
    """

    name: str
    ok: bool | None
    required: bool
    what: str
    remedy: str = ""

    @property
    def failing(self) -> bool:
        """Something that the kiosk needs is certainly not well."""
        return self.required and self.ok is False


Check = Callable[[], Finding]


def well(name: str, what: str, *, required: bool = False, remedy: str = "") -> Finding:
    """It works."""
    return Finding(name, True, required, what, remedy)


def unwell(name: str, what: str, remedy: str, *, required: bool = False) -> Finding:
    """It does not work; `remedy` is what a technician does."""
    return Finding(name, False, required, what, remedy)


def open_question(name: str, what: str, remedy: str, *, required: bool = False) -> Finding:
    """It is not configured, or nobody can know from here."""
    return Finding(name, None, required, what, remedy)


def examine(checks: Mapping[str, Check]) -> list[Finding]:
    """Run every check; one that fails itself is an open question, never the end of the others."""
    findings = []
    for name, check in checks.items():
        try:
            findings.append(check())
        except Exception as error:  # noqa: BLE001 - whatever is wrong with a machine, the other tests go on
            what = f"the test itself failed ({type(error).__name__})"
            findings.append(open_question(name, what, "report this to whoever maintains the kiosk software"))
    return findings


def exit_code(findings: Iterable[Finding]) -> int:
    """1 if something configured and required is not well."""
    return int(any(finding.failing for finding in findings))


def as_json(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """The findings as they stand in `kiosk doctor --json`."""
    return [asdict(finding) for finding in findings]


def table(findings: Iterable[Finding]) -> str:
    """One line a finding, a second one with the remedy for each that is not well, and a verdict."""
    rows = list(findings)
    width = max((len(row.name) for row in rows), default=0)
    lines = []
    for row in rows:
        lines.append(f"{_word(row)}  {row.name:<{width}}  {row.what}")
        if row.remedy and (row.ok is not True):
            lines.append(f"{'':4}  {'':<{width}}  -> {row.remedy}")
    return "\n".join([*lines, "", _verdict(rows)])


def _word(finding: Finding) -> str:
    if finding.ok is None:
        return "--  "
    if finding.ok:
        return "ok  "
    return "FAIL" if finding.required else "note"


def _verdict(rows: list[Finding]) -> str:
    failing = [row.name for row in rows if row.failing]
    notes = sum(row.ok is False and not row.required for row in rows)
    if failing:
        return f"not well: {', '.join(failing)}"
    return f"well; {notes} to look at" if notes else "well"
