"""What a register is to this service: one question, answered or not. A city writes one class like those beside it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

FactWords = Mapping[str, str | int | bool]
"""Facts as docs/facts.md lists them, in plain JSON: `licence_expires_on`, `vehicle_status`, ..."""


class RegistryAway(Exception):
    """The register does not answer now. Requests go on and are marked 待核, to be checked by the office."""


@dataclass(frozen=True)
class Licence:
    """A driving licence: its number, classes like `C1D`, and what is known of it."""

    number: str = field(repr=False)
    facts: FactWords = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Vehicle:
    """A vehicle: its plate as printed, and what is known of it."""

    plate: str = field(repr=False)
    facts: FactWords = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Holder:
    """A person as the register knows her. `facts` are about herself, like `birth_date` or `account_exists`."""

    name: str = field(repr=False)
    facts: FactWords = field(default_factory=dict, repr=False)
    licence: Licence | None = None
    vehicles: tuple[Vehicle, ...] = ()


class Registry(Protocol):
    """The one class that a city writes."""

    def find(self, kind: str, number: str) -> Holder | None:
        """Who has this document (`resident_id`, `licence_core_number`, ... as kiosk identify calls them); None: nobody.

        Called from many threads at once. Raises RegistryAway, soon, where there is no answer to be had.
        """
        ...
