"""The one factory of scanners: settings in, a scanner with its maker's command set out."""

from collections.abc import Callable
from pathlib import Path

from drivers.device import BadAddress, LineLost
from drivers.scanner.address import place
from drivers.scanner.commands import load
from drivers.scanner.scanner import SerialScanner
from kiosk.domain.errors import Refusal
from kiosk.domain.health import Health
from kiosk.domain.scan import Scan


def make_scanner(
    url: str,
    vendor: str,
    command_sets: Path,
    on_scan: Callable[[Scan], None],
    on_health: Callable[[Health], None] | None = None,
    *,
    beep: bool = False,
) -> SerialScanner:
    """Make a scanner, not yet started. `command_sets` is assets/scanners; Refusal names a wrong address or vendor.

    `beep`: it beeps by command when a code was taken.
    """
    commands = load(command_sets, vendor)
    try:
        return SerialScanner(url, on_scan, on_health, commands=commands, beep=beep)
    except BadAddress as error:
        raise Refusal(f"scanner.url: {error}") from error


def why_not(url: str) -> str:
    """Try to open a scanner's line for a moment: why it fails, with the remedy, or nothing when it opened."""
    try:
        place(url).open().close()
    except (BadAddress, LineLost) as error:
        return str(error)
    return ""
