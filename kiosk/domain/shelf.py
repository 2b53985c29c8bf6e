"""Which version of something from the centre is in force, which waits, which is being tried and which did not work."""

from dataclasses import dataclass, replace

TRIES = 2
"""A version under which two starts did not come back healthy is not tried again: one may have been a power cut."""
REMEMBERED = 8


@dataclass(frozen=True)
class Version:
    """One version: its tag (ETag) and its content as it came, JSON."""

    tag: str
    content: str


@dataclass(frozen=True)
class Shelf:
    """`staged` waits for a start; with `tries` it is in force on trial, until the kiosk has been healthy under it.

    `seen` is the tag of the newest that came, whatever became of it: the centre is asked for what differs from that.
    """

    current: Version | None = None
    staged: Version | None = None
    tries: int = 0
    refused: tuple[str, ...] = ()
    seen: str = ""

    @property
    def in_force(self) -> Version | None:
        """What the kiosk runs on now."""
        return self.staged if self.tries else self.current

    @property
    def waits(self) -> bool:
        """Whether a version waits for the next start."""
        return self.staged is not None and self.tries == 0

    @property
    def on_trial(self) -> bool:
        """Whether what is in force must still prove itself."""
        return self.staged is not None and self.tries > 0

    def arrived(self, version: Version) -> "Shelf":
        """The centre has given this version out; one that did not work here is not tried again."""
        noted = replace(self, seen=version.tag)
        if version.tag in self.refused or version == self.staged:
            return noted
        if self.current is not None and version.tag == self.current.tag:
            return replace(noted, staged=None, tries=0)
        return replace(noted, staged=version, tries=0)

    def in_place(self, version: Version) -> "Shelf":
        """What the centre gives out is what the kiosk runs on already: nothing has to be tried."""
        return replace(self, current=version, staged=None, tries=0, seen=version.tag)

    def begun(self) -> "Shelf":
        """A start: what waits is tried, what was tried too often without success is given up."""
        if self.staged is None:
            return self
        return self.fell_over() if self.tries >= TRIES else replace(self, tries=self.tries + 1)

    def healthy(self) -> "Shelf":
        """The kiosk works under what it tried."""
        return replace(self, current=self.staged, staged=None, tries=0) if self.on_trial else self

    def fell_over(self) -> "Shelf":
        """It does not work under it: back to what was in force before."""
        if self.staged is None:
            return self
        refused = (*(tag for tag in self.refused if tag != self.staged.tag), self.staged.tag)[-REMEMBERED:]
        return replace(self, staged=None, tries=0, refused=refused)

    def forgiven(self) -> "Shelf":
        """Somebody asked for it by hand: what did not work may be tried once more."""
        return replace(self, refused=(), seen=self.current.tag if self.current else "")
