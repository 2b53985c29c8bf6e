"""Bundles on this machine: fetched piece by piece, looked at by RAUC, thrown away when their time is over."""

import hashlib
import json
import logging
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from kiosk.domain.update import Offer
from kiosk.ops.files import make_folder
from kiosk.ops.update.shelf import FOLDER

SPARE = 64 << 20
"""Bytes that stay free on the data partition, for tickets and requests."""
_BLOCK = 1 << 20
_LOOK_S = 120.0
_INSTALL_S = 45 * 60.0

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Contents:
    """What a bundle's signed manifest says."""

    version: str
    compatible: str


class Bundles:
    """The one bundle that is under way, in the state folder."""

    def __init__(self, state: Path) -> None:
        self._folder = state / FOLDER

    def file(self, offer: Offer) -> Path:
        """Where the bundle of an offer lies: what is left of another one is not taken for it."""
        return self._folder / f"{offer.sha256[:16]}.raucb"

    def fetch(self, offer: Offer, piece: Callable[[str, int], bytes | None]) -> str | None:
        """Go on fetching; the SHA-256 of the whole, or None where the line broke or there is no room (go on later).

        `piece` gives the bytes of a release from a place on, some of them; None where it cannot now.
        """
        make_folder(self._folder)
        file = self.file(offer)
        have = file.stat().st_size if file.exists() else 0
        if have > offer.size:
            self.discard()
            have = 0
        if shutil.disk_usage(self._folder).free < offer.size - have + SPARE:
            _log.error("no room for the update to %s: %d MB are needed", offer.version, offer.size >> 20)
            return None
        with file.open("ab") as out:
            while have < offer.size:
                part = piece(offer.version, have)
                if not part:
                    return None
                part = part[: offer.size - have]
                out.write(part)
                have += len(part)
            out.flush()
            os.fsync(out.fileno())
        return digest(file)

    def copy(self, offer: Offer) -> str | None:
        """Take it from a stick."""
        source = Path(offer.place)

        def piece(_version: str, at: int) -> bytes | None:
            try:
                with source.open("rb") as stream:
                    stream.seek(at)
                    return stream.read(_BLOCK)
            except OSError:
                return None

        return self.fetch(offer, piece)

    def discard(self) -> None:
        """Throw away whatever is here."""
        for file in self._folder.glob("*.raucb"):
            file.unlink(missing_ok=True)


class Rauc:
    """RAUC's command, which speaks to its service."""

    def __init__(self, program: str = "rauc", config: Path | None = None) -> None:
        self._words = [program, *(["-c", str(config)] if config else [])]
        self._config = config or Path("/etc/rauc/system.conf")

    def contents(self, bundle: Path) -> Contents | str:
        """What the manifest says, or in one line why this kiosk does not believe it."""
        said = self._run(_LOOK_S, "info", "--output-format=json", str(bundle))
        if isinstance(said, str):
            return said
        try:
            told = json.loads(said.stdout)
            return Contents(str(told["version"]), str(told["compatible"]))
        except (ValueError, KeyError, TypeError):
            return "RAUC cannot read its manifest"

    def problem(self, bundle: Path, release: str) -> str:
        """Why this machine does not take a bundle; empty where it does. One older than `release` is not taken."""
        found = self.contents(bundle)
        if isinstance(found, str):
            return found
        if found.compatible != self.compatible():
            return f"it is made for {found.compatible}, this machine is {self.compatible()}"
        if older(found.version, release):
            return f"it is {found.version}, older than {release} which runs"
        return ""

    def compatible(self) -> str:
        """What bundles are made for this machine."""
        try:
            found = re.search(r"^compatible=(\S+)$", self._config.read_text("utf-8"), re.MULTILINE)
        except OSError:
            return ""
        return found[1] if found else ""

    def install(self, bundle: Path) -> str:
        """Install into the other slot; why not, or empty."""
        said = self._run(_INSTALL_S, "install", str(bundle))
        return said if isinstance(said, str) else ""

    def mark(self, word: str, which: str) -> str:
        """`mark-good booted`, `mark-bad other`; why not, or empty."""
        said = self._run(_LOOK_S, "status", word, which)
        if isinstance(said, str) and "D-Bus" in said:
            # RAUC's command waits 25 s for its service, which asks our backend five times: too short on a slow, busy
            # board, and a good slot would be given up for it. The service itself is asked, with more patience.
            return self._mark_by_bus(word.removeprefix("mark-"), which)
        return said if isinstance(said, str) else ""

    def _mark_by_bus(self, word: str, which: str) -> str:
        words = ["busctl", "--system", f"--timeout={_LOOK_S:.0f}", "call", "de.pengutronix.rauc", "/",
                 "de.pengutronix.rauc.Installer", "Mark", "ss", word, which]  # fmt: skip
        try:
            done = subprocess.run(  # noqa: S603 - fixed words
                words, capture_output=True, text=True, timeout=_LOOK_S + 10, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            return f"rauc over the bus: {type(error).__name__}"
        return "" if done.returncode == 0 else f"rauc over the bus: {' '.join(done.stderr.split())[:160]}"

    def _run(self, patience_s: float, *words: str) -> subprocess.CompletedProcess[str] | str:
        try:
            done = subprocess.run(  # noqa: S603 - fixed words and our own path
                [*self._words, *words], capture_output=True, text=True, timeout=patience_s, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            return f"rauc {words[0]}: {type(error).__name__}"
        if done.returncode == 0:
            return done
        said = (done.stderr.strip() or done.stdout.strip()).splitlines()
        return f"rauc {words[0]}: {' '.join(said[-1].split())[:160]}" if said else f"rauc {words[0]} failed"


def older(version: str, than: str) -> bool:
    """Whether a release (numbers with points) comes before another; what is no number is compared as text."""
    return _order(version) < _order(than)


def digest(file: Path) -> str:
    """SHA-256 of a file."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def on_stick(mounts: Iterable[Path]) -> list[Path]:
    """The bundles on the sticks that are plugged in."""
    return [file for mount in mounts for file in sorted((*mount.glob("*/*.raucb"), *mount.glob("*/*/*.raucb")))]


def _order(version: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (0, part) for part in re.split(r"[.+-]", version)]
