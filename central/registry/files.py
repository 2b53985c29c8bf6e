"""A register in files, for a city without an interface: people.csv, licences.csv and vehicles.csv, or registry.json."""

import csv
import json
import logging
from collections.abc import Mapping
from pathlib import Path
from threading import Lock
from typing import Any

from central.registry.base import Holder, Licence, RegistryAway, Vehicle
from kiosk.domain.errors import Refusal

log = logging.getLogger("central")

_FILES = ("people.csv", "licences.csv", "vehicles.csv", "registry.json")
_FLAGS = {"true": True, "false": False, "是": True, "否": False}


class FileRegistry:
    """Reads a folder, again whenever a file in it has changed; a broken new file leaves the old reading in force.

    The first columns of the CSV files are `number,name`, `holder,number` and `holder,plate`; every further column is a
    fact of docs/facts.md. `registry.json` is a list of `{"number","name","facts","licence":{"number","facts"},
    "vehicles":[{"plate","facts"}]}`. All are UTF-8, with or without a byte order mark as spreadsheets write it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._guard = Lock()
        self._seen: tuple[float, ...] = ()
        self._holders: Mapping[str, Holder] = {}
        try:
            self._refresh()
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise Refusal(f"the register in {folder} cannot be read ({error}); correct its files") from error

    def find(self, kind: str, number: str) -> Holder | None:  # noqa: ARG002 - the port's own name
        """Satisfies Registry; the number alone decides."""
        with self._guard:
            try:
                self._refresh()
            except (OSError, ValueError, KeyError, TypeError) as error:
                log.warning("the register's new files cannot be read (%s); the old ones hold", type(error).__name__)
            if not self._holders:
                raise RegistryAway
            return self._holders.get(number.upper())

    def _refresh(self) -> None:
        files = [self._folder / name for name in _FILES]
        changed = tuple(file.stat().st_mtime_ns if file.exists() else 0.0 for file in files)
        if changed == self._seen:
            return
        self._seen = changed
        if not any(changed):
            raise ValueError(f"there is none of {', '.join(_FILES)}")
        found = _from_json(files[3]) if files[3].exists() else {}
        self._holders = {**found, **_from_csv(*files[:3])}


def _from_json(file: Path) -> dict[str, Holder]:
    holders = {}
    for row in json.loads(file.read_text("utf-8-sig")):
        licence = row.get("licence")
        holders[str(row["number"]).upper()] = Holder(
            str(row.get("name", "")),
            dict(row.get("facts", {})),
            Licence(str(licence["number"]), dict(licence.get("facts", {}))) if licence else None,
            tuple(Vehicle(str(v["plate"]), dict(v.get("facts", {}))) for v in row.get("vehicles", ())),
        )
    return holders


def _from_csv(people: Path, licences: Path, vehicles: Path) -> dict[str, Holder]:
    papers = {row.pop("holder"): Licence(str(row.pop("number")), row) for row in _rows(licences)}
    cars: dict[str, list[Vehicle]] = {}
    for row in _rows(vehicles):
        cars.setdefault(row.pop("holder"), []).append(Vehicle(str(row.pop("plate")), row))
    holders = {}
    for row in _rows(people):
        number, name = row.pop("number"), row.pop("name", "")
        holders[number.upper()] = Holder(str(name), row, papers.get(number), tuple(cars.get(number, ())))
    return holders


def _rows(file: Path) -> list[dict[str, Any]]:
    if not file.exists():
        return []
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return [
            {key.strip(): _FLAGS.get(value.strip().lower(), value.strip()) for key, value in row.items() if value}
            for row in csv.DictReader(opened, restkey="?", strict=True)
        ]
