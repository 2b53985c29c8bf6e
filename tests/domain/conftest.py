"""The catalogue as it is shipped, read once."""

from pathlib import Path

import pytest

from kiosk.domain.catalogue import Catalogue
from kiosk.domain.catalogue_file import read_catalogue

FOLDER = Path(__file__).parents[2] / "assets" / "catalogue"


@pytest.fixture(scope="session")
def catalogue_files() -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.toml")}


@pytest.fixture(scope="session")
def catalogue(catalogue_files: dict[str, str]) -> Catalogue:
    return read_catalogue(catalogue_files)
