"""The kiosk of the core's tests with the catalogue that is shipped."""

from dataclasses import replace
from functools import cache
from pathlib import Path

from kiosk.core.state import State
from kiosk.domain.catalogue import Catalogue
from kiosk.domain.catalogue_file import read_catalogue
from kiosk.domain.pinyin import Table, read_table
from tests.core.citizen import kiosk

ASSETS = Path(__file__).resolve().parents[2] / "assets"


@cache
def catalogue() -> Catalogue:
    files = sorted(file for folder in ("catalogue", "information") for file in (ASSETS / folder).glob("*.toml"))
    return read_catalogue({file.name: file.read_text("utf-8") for file in files})


@cache
def table() -> Table:
    return read_table((ASSETS / "pinyin" / "table.txt").read_text("utf-8"))


def real_kiosk() -> State:
    """A kiosk with everything in order, nobody at it, and the services that are shipped."""
    return replace(kiosk(), catalogue=catalogue(), pinyin=table())
