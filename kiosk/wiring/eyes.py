"""What reads codes and photographs sheets: the serial scanner, and one camera that does both."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from kiosk.config import Settings
from kiosk.core.events import DocumentScanned, Event, ScanRefused
from kiosk.domain.scan import Scan
from kiosk.engine.lanes import Post
from kiosk.engine.late import late
from kiosk.engine.ports import DocumentCamera, Preview, Scanner, Tray
from kiosk.wiring import places

if TYPE_CHECKING:
    from drivers.camera.scanner import CameraScanner


@dataclass(frozen=True)
class Eyes:
    """What the engine knows of cameras and scanners; behind several of them may be one and the same camera."""

    scanner: Scanner | None
    camera: DocumentCamera | None
    preview: Preview | None = None
    live: Path | None = None  # where it puts its picture
    tray: Tray | None = None


def open_eyes(settings: Settings, post: Post, live: Path | None, *, shared: bool = False) -> Eyes:
    """The scanner and the document camera of the settings, made by the scanner's own lane when it starts them.

    `live` is the file where the screen finds what the camera sees, None: nowhere; `shared`: another account reads it.
    """

    def told(scan: Scan) -> None:
        post(heard(scan))

    serial = _serial(settings, told) if settings.scanner.url else None
    over = settings.camera.tray
    another = late(lambda: _over_tray(over)) if over not in ("", "same") else None
    if not settings.camera.source:
        return Eyes(serial, None, tray=another)
    seeing = late(lambda: _seeing(settings.camera.source, told))

    def copier() -> DocumentCamera:
        from drivers.camera.document_camera import DocumentCamera as Copier

        return Copier(seeing.grabber.seat())

    def preview(file: Path) -> Preview:
        from drivers.camera.preview import Preview as Live

        return Live(seeing.grabber.seat(), file, 0o640 if shared else 0o600)

    def tray() -> Tray:
        from drivers.camera.tray import TrayCamera

        return TrayCamera(seeing.grabber.seat())

    scanner = _both(serial, cast("Scanner", seeing)) if serial else cast("Scanner", seeing)
    return Eyes(
        scanner,
        late(copier),
        late(lambda: preview(live)) if live else None,
        live,
        late(tray) if over == "same" else another,
    )


def heard(scan: Scan) -> Event:
    """What a scan means to the core: a code, or something that is none."""
    if scan.text is None or scan.fault:
        return ScanRefused(scan.fault or "undecodable", scan.length)
    return DocumentScanned(scan.text, scan.symbology)


def _serial(settings: Settings, told: Callable[[Scan], None]) -> Scanner:
    def make() -> Scanner:
        from drivers.scanner.opening import make_scanner

        chosen = settings.scanner
        return make_scanner(chosen.url, chosen.vendor, places.assets() / "scanners", told, beep=chosen.beep)

    return late(make)


def _seeing(source: str, told: Callable[[Scan], None]) -> "CameraScanner":
    from drivers.camera.scanner import make_camera

    return make_camera(source, told)


def _both(serial: Scanner, seeing: Scanner) -> Scanner:
    from drivers.scanner.several import SeveralScanners

    return SeveralScanners((serial, seeing))


def _over_tray(source: str) -> Tray:
    from drivers.camera.tray import open_tray

    return open_tray(source)
