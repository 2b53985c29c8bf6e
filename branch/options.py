"""What a hub is told about its branch when it starts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from branch.appointments import Windows
from branch.choose import Policy
from branch.hours import Opening
from branch.profiles import Profiles
from branch.voice import Voice
from kiosk.domain.ticket import Ranges


@dataclass(frozen=True)
class BranchOptions:
    """One branch. `words` are the pages' texts by language and key.

    `opening` says when tickets are given; without hours in it, always. `public_url` is where citizens' phones
    reach the status page; empty gives no status address. `secure` marks cookies for TLS only. `fonts` is a folder
    whose .woff2 and .ttf files the pages may use. `keep_days`: then only a day's figures are left.
    """

    id: str = "421202-001"
    name_zh: str = "中心花坛邮政支局"
    name_en: str = "Central Parterre Post Office"
    counters: int = 8
    opening: Opening = field(default_factory=Opening)
    ranges: Ranges = field(default_factory=Ranges)
    policy: Policy = field(default_factory=Policy)
    profiles: Profiles = field(default_factory=Profiles)
    missed_s: int = 3600
    keep_days: int = 90
    public_url: str = ""
    test_clock: bool = False
    secure: bool = False
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    fonts: Path | None = None
    windows: Windows = field(default_factory=Windows)
    voice: Voice = field(default_factory=Voice)

    @property
    def numbers(self) -> range:
        """The numbers of the counters."""
        return range(1, self.counters + 1)
