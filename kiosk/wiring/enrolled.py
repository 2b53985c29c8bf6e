"""What is in force at a start: the settings, with what the centre says of this kiosk, and the centre's catalogue."""

import logging
from dataclasses import replace
from pathlib import Path

from kiosk.config import Settings
from kiosk.domain.catalogue import Catalogue
from kiosk.ops.place import Enrolled, read_enrolled
from kiosk.ops.versions import KINDS, Versions
from kiosk.wiring import places

_log = logging.getLogger(__name__)


def open_versions(state: Path) -> Versions:
    """The versions as this start has them: what waits is tried, what did not work twice is given up."""
    versions = Versions(state)
    if versions["catalogue"].in_force is None:
        # The built-in one may have changed with the program: what the centre has is compared with it anew.
        versions.change("catalogue", lambda shelf: replace(shelf, seen=""))
    for kind in KINDS:
        before = versions[kind]
        after = versions.change(kind, lambda shelf: shelf.begun())
        if before.on_trial and not after.on_trial:
            _log.error("the kiosk did not come back healthy under the new %s; the one before is in force again", kind)
    return versions


def enrolled_place(state: Path, versions: Versions) -> Enrolled | None:
    """What the enrolment, or a newer configuration on trial, says of this kiosk; None if it is not enrolled."""
    shelf = versions["config"]
    if shelf.on_trial and shelf.staged is not None:
        tried = read_enrolled(state, shelf.staged.content)
        if tried is not None:
            return tried
        versions.change("config", lambda found: found.fell_over())
    return read_enrolled(state)


def place_seen(state: Path) -> Enrolled | None:
    """The same as another process sees it: nothing is changed, whatever is on trial."""
    shelf = Versions(state)["config"]
    tried = read_enrolled(state, shelf.staged.content) if shelf.on_trial and shelf.staged is not None else None
    return tried or read_enrolled(state)


def enrolled_settings(settings: Settings, enrolled: Enrolled | None) -> Settings:
    """The settings of this kiosk: who it is and where it stands is the centre's word once it is enrolled.

    A branch whose name the centre does not know keeps the name of the settings.
    """
    if enrolled is None:
        return settings
    if settings.kiosk.number not in (1, enrolled.number):
        _log.warning("kiosk.number is %s in the settings; the centre says %s", settings.kiosk.number, enrolled.number)
    branch = replace(settings.branch, id=enrolled.branch)
    if enrolled.name_zh != enrolled.branch:
        branch = replace(branch, name_zh=enrolled.name_zh, name_en=enrolled.name_en)
    return replace(settings, branch=branch, kiosk=replace(settings.kiosk, name=enrolled.kiosk, number=enrolled.number))


def catalogue_in_force(versions: Versions) -> Catalogue:
    """The centre's catalogue where it differs from the one of this installation, else that one."""
    found = versions["catalogue"].in_force
    if found is None or not found.content:
        return places.catalogue()
    from kiosk.link.fleet import read_catalogue

    try:
        return read_catalogue(found.content)
    except ValueError as error:
        _log.error("%s; the built-in one is used", error)
        versions.change("catalogue", lambda shelf: shelf.fell_over())
        return places.catalogue()
