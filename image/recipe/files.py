"""Reads the lists that say what is on the image: packages, units, targets, the card's partitions."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

IMAGE = Path(__file__).resolve().parents[1]
TREE = IMAGE.parent
_MIB = {"M": 1, "G": 1024}


@dataclass(frozen=True)
class Target:
    """One kind of machine that an image is made for."""

    name: str
    architecture: str
    machine: str
    components: str
    booted: str
    modules: tuple[str, ...]


@dataclass(frozen=True)
class Package:
    """One line of packages.txt."""

    name: str
    targets: tuple[str, ...]
    why: str


@dataclass(frozen=True)
class UnitRule:
    """One line of units.txt; `word` is enable, mask or leave."""

    word: str
    unit: str
    why: str


@dataclass(frozen=True)
class Partition:
    """One partition of the card; sizes in MiB. Logical ones count from 5."""

    number: int
    name: str
    file: str
    size: int


def targets() -> dict[str, Target]:
    """Every target by its name."""
    read = tomllib.loads((IMAGE / "targets.toml").read_text("utf-8"))
    return {name: Target(name, **{**about, "modules": tuple(about.get("modules", ()))}) for name, about in read.items()}


def packages(text: str | None = None) -> list[Package]:
    """All of packages.txt; ValueError for a line without a reason."""
    text = text if text is not None else (IMAGE / "packages.txt").read_text("utf-8")
    return [Package(name, tuple(where.split()), why) for name, where, why in _lines(text)]


def packages_of(target: str) -> list[str]:
    """The names that a target's image is asked to hold, in the order of the file."""
    return [package.name for package in packages() if {"all", target} & set(package.targets)]


def unit_rules() -> list[UnitRule]:
    """All of units.txt."""
    return [UnitRule(*words) for words in _lines((IMAGE / "units.txt").read_text("utf-8"))]


def partitions(text: str | None = None) -> list[Partition]:
    """The partitions of card.cfg with the numbers that Linux gives them; those after the third are logical."""
    text = text if text is not None else (IMAGE / "partitions/card.cfg").read_text("utf-8")
    found: list[Partition] = []
    for name, body in re.findall(r"partition ([\w-]+) \{([^}]*)\}", text):
        file = re.search(r'image = "([^"]+)"', body)
        size = re.search(r"size = (\d+)([MG])\b", body)
        if file is None or size is None:
            raise ValueError(f"card.cfg: partition {name} has no image or no size")
        number = len(found) + (1 if len(found) < 3 else 2)
        found.append(Partition(number, name, file[1], int(size[1]) * _MIB[size[2]]))
    return found


def signature() -> str:
    """The disk signature of the card, eight hexadecimal digits; a PARTUUID is it, a hyphen and the number."""
    found = re.search(r"disk-signature = 0x([0-9a-f]{8})", (IMAGE / "partitions/card.cfg").read_text("utf-8"))
    if found is None:
        raise ValueError("card.cfg: no disk-signature of eight digits")
    return found[1]


def _lines(text: str) -> Iterator[list[str]]:
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            words = [word.strip() for word in line.split("|")]
            if len(words) != 3 or not all(words):
                raise ValueError(f"{line!r} is not `name | word | why`")
            yield words
