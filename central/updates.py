"""Releases of the whole system and who is offered which: a folder of bundles and its `updates.toml`."""

import hashlib
import logging
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Annotated

from pydantic import ConfigDict, Field, StringConstraints, ValidationError

from kiosk.domain.errors import Refusal
from kiosk.link.models.common import PLAIN, Wire
from kiosk.link.models.updates import PIECE, Release, UpdateOffer

FILE = "updates.toml"
ALL = "all"
"""The ring of every kiosk."""

Name = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9-]+$")]
Bundle = Annotated[str, StringConstraints(min_length=7, max_length=99, pattern=r"^[A-Za-z0-9][A-Za-z0-9.+_-]*\.raucb$")]

_log = logging.getLogger(__name__)


class _Strict(Wire):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Rollout(_Strict):
    """One release: its bundle for each kind of machine, the ring that has it, and whether it is held."""

    version: Release
    ring: Name = ALL
    paused: bool = False
    remark: Annotated[str, StringConstraints(max_length=200, pattern=PLAIN)] = ""
    bundles: dict[Name, Bundle] = Field(min_length=1)


class Plan(_Strict):
    """All of updates.toml: rings by name (places of the tree, branches, device ids), and releases."""

    rings: dict[Name, tuple[Name, ...]] = Field(default_factory=dict)
    release: tuple[Rollout, ...] = ()


@dataclass(frozen=True)
class Caller:
    """Which kiosk asks: its id, its branch with the places above it, what it runs and what it is made of."""

    device: str
    places: Sequence[str]
    release: str
    compatible: str


class Updates:
    """The releases of one folder; None gives none."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._guard = Lock()
        self._seen: tuple[int, int] | None = None
        self._plan = Plan()
        self._hashes: dict[tuple[str, int, int], str] = {}

    def offer(self, caller: Caller) -> UpdateOffer | None:
        """The newest release that this kiosk is to take; None where it runs it, or none is meant for it."""
        found = self._newest(caller)
        if found is None or order(found.version) <= order(caller.release):
            return None
        file = self._file(found, caller.compatible)
        return UpdateOffer(version=found.version, sha256=self._hash(file), size=file.stat().st_size) if file else None

    def piece(self, caller: Caller, version: str, at: int) -> bytes | None:
        """Some bytes of a release that this kiosk is offered, from a place on; None where it is not."""
        found = self._newest(caller)
        file = self._file(found, caller.compatible) if found is not None and found.version == version else None
        if file is None or at >= file.stat().st_size:
            return None
        with file.open("rb") as stream:
            stream.seek(at)
            return stream.read(PIECE)

    def _newest(self, caller: Caller) -> Rollout | None:
        plan = self._read()
        mine = {ALL} | {name for name, who in plan.rings.items() if {caller.device, *caller.places} & set(who)}
        meant = [
            one for one in plan.release if not one.paused and one.ring in mine and caller.compatible in one.bundles
        ]
        return max(meant, key=lambda one: order(one.version), default=None)

    def _file(self, found: Rollout, compatible: str) -> Path | None:
        if self._folder is None:
            return None
        file = self._folder / found.bundles[compatible]
        if not file.is_file():
            _log.error("the bundle %s of release %s is not there", file.name, found.version)
            return None
        return file

    def _hash(self, file: Path) -> str:
        about = file.stat()
        key = (file.name, about.st_size, about.st_mtime_ns)
        with self._guard:
            if key not in self._hashes:
                with file.open("rb") as stream:
                    self._hashes[key] = hashlib.file_digest(stream, "sha256").hexdigest()
            return self._hashes[key]

    def _read(self) -> Plan:
        if self._folder is None:
            return self._plan
        try:
            about = (self._folder / FILE).stat()
            if (about.st_size, about.st_mtime_ns) != self._seen:
                self._plan = read_plan(self._folder)
                self._seen = (about.st_size, about.st_mtime_ns)
        except (OSError, Refusal) as error:
            # A half-edited plan offers what it offered before; a missing one nothing new.
            _log.error("%s", error)
        return self._plan


def read_plan(folder: Path) -> Plan:
    """The plan of a folder; Refusal names the first mistake."""
    file = folder / FILE
    try:
        plan = Plan.model_validate(tomllib.loads(file.read_text("utf-8")))
    except OSError as error:
        raise Refusal(f"{file} cannot be read ({(error.strerror or str(error)).lower()})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Refusal(f"{file}: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        raise Refusal(f"{file}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error
    unknown = sorted({one.ring for one in plan.release} - {ALL, *plan.rings})
    if unknown:
        raise Refusal(f"{file}: no ring {', '.join(unknown)}; rings are {', '.join([ALL, *plan.rings])}")
    return plan


def order(version: str) -> list[tuple[int, str]]:
    """By which releases follow one another: numbers as numbers, anything else before them."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"[.+-]", version)]
