"""Packaging: the packages, the assets under share/kiosk and the console script `kiosk`."""

import re
from itertools import groupby
from pathlib import Path

from setuptools import find_packages, setup

TREE = Path(__file__).resolve().parent
PARTS = ("css", "html", "ico", "js", "json", "kv", "mako", "png", "po", "svg", "toml", "txt", "wav", "woff2")


def version() -> str:
    """The version as kiosk/__init__.py says it, read without importing anything."""
    found = re.search(r'^__version__ = "([^"]+)"', (TREE / "kiosk/__init__.py").read_text("utf-8"), re.MULTILINE)
    if found is None:
        raise SystemExit("kiosk/__init__.py names no __version__")
    return found[1]


def direct(file: str) -> list[str]:
    """The requirements that our own code names, as requirements.in lists them."""
    lines = (TREE / file).read_text("utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def shared(folder: str) -> list[tuple[str, list[str]]]:
    """Every file below a folder, by the folder under share/kiosk it is installed into."""
    files = sorted(path.relative_to(TREE) for path in (TREE / folder).rglob("*") if path.is_file())
    return [
        (f"share/kiosk/{parent.as_posix()}", [file.as_posix() for file in group])
        for parent, group in groupby(files, key=lambda file: file.parent)
    ]


setup(
    name="kiosk",
    version=version(),
    description="A self-service kiosk for vehicle and driver administration in postal branches",
    python_requires=">=3.11",
    packages=find_packages(include=["kiosk*", "drivers*", "screens*", "branch*", "central*"]),
    package_data={"": [f"**/*.{kind}" for kind in PARTS]},
    data_files=shared("assets"),
    install_requires=direct("requirements.in"),
    entry_points={"console_scripts": ["kiosk = kiosk.__main__:main"]},
)
