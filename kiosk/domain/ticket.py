"""A ticket's label and its life: letter and number, whose number range it is from, which states exist."""

from dataclasses import dataclass
from typing import Literal, get_args

TicketState = Literal["reserved", "waiting", "called", "serving", "held", "done", "no_show", "void", "expired"]
Need = Literal["low-counter", "guide", "hearing"]
"""What a citizen may ask for with her ticket: a low counter, somebody to guide her, writing instead of speech."""
NEEDS: tuple[Need, ...] = get_args(Need)
PrintedBy = Literal["process-id", "barrier", "status", "screen", "none"]


@dataclass(frozen=True)
class Label:
    """What is printed and called, e.g. B012: the category's letter and a number of three digits or more."""

    letter: str
    number: int

    def __str__(self) -> str:
        return f"{self.letter}{self.number:03d}"

    @classmethod
    def parse(cls, text: str) -> "Label":
        """Read `B012`; raise ValueError for anything that is no label."""
        letter, digits = text[:1], text[1:]
        if not ("A" <= letter <= "Z" and 3 <= len(digits) <= 6 and digits.isascii() and digits.isdigit()):
            raise ValueError("a label is a letter and three to six digits, like B012")
        return cls(letter, int(digits))


@dataclass(frozen=True)
class Ranges:
    """Which numbers the hub and each kiosk may give out, the same in every letter and every business day.

    Epoch 1 counts `first`..`last` and goes on at `overflow`; epoch e counts from e x `overflow` up, so that a
    promoted hub never meets a number of the old one. `exhausted` says what happens after `last`. Kiosk k's emergency
    range starts at k x `emergency_step` + `emergency_base` and has `emergency_size` numbers: (k x 100 + 401) to
    (k x 100 + 499).
    """

    first: int = 1
    last: int = 499
    overflow: int = 1000
    emergency_base: int = 401
    emergency_step: int = 100
    emergency_size: int = 99
    exhausted: Literal["continue", "refuse"] = "continue"

    def first_number(self, epoch: int = 1) -> int:
        """The first number the hub gives out in a letter on a business day."""
        return self.first if epoch == 1 else epoch * self.overflow

    def after(self, number: int) -> int | None:
        """The number that follows, never one of an emergency range; None where the range ends here by its policy."""
        if number != self.last:
            return number + 1
        return self.overflow if self.exhausted == "continue" else None

    def of_earlier(self, number: int, epoch: int) -> bool:
        """Say whether a number was given out by the hub of an epoch before this one."""
        if epoch <= 1:
            return False
        return self.first <= number <= self.last or self.overflow <= number < epoch * self.overflow

    def emergency(self, kiosk: int) -> range:
        """The numbers kiosk 1 to 4 may issue while cut off; raise ValueError for another kiosk."""
        if not 1 <= kiosk <= 4:
            raise ValueError("emergency ranges exist for kiosks 1 to 4; set kiosk.number")
        start = kiosk * self.emergency_step + self.emergency_base
        return range(start, start + self.emergency_size)
