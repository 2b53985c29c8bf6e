"""What is done again and again by the monotonic clock: each round has a period, a lane, and never overlaps itself."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from kiosk.core.events import Event
from kiosk.engine.lanes import Lane, Lanes


@dataclass
class Round:
    """One recurring piece of work; `kick` makes it due at once."""

    name: str
    lane: Lane
    period_s: float
    work: Callable[[], Iterable[Event]]
    due_at: float = field(default=float("-inf"))
    running: bool = False

    def kick(self) -> None:
        """Make it due at the next look at the clock."""
        self.due_at = float("-inf")


class RoundTable:
    """All rounds of the kiosk; the engine asks it what is due whenever time passes."""

    def __init__(self, lanes: Lanes, rounds: Iterable[Round] = ()) -> None:
        self._lanes = lanes
        self._rounds = {each.name: each for each in rounds}
        self.beats: list[Callable[[], None]] = []
        """Called in the engine's own thread whenever time passes: an engine that hangs gives no sign of life."""

    def add(self, each: Round) -> None:
        """Take one more round in."""
        self._rounds[each.name] = each

    def kick(self, name: str) -> None:
        """Make a round due now, e.g. the outbox after a confirm; unknown names are no round of this kiosk."""
        if name in self._rounds:
            self._rounds[name].kick()

    def due(self, monotonic: float) -> None:
        """Start what is due and not under way."""
        for beat in self.beats:
            beat()
        for each in self._rounds.values():
            if not each.running and monotonic >= each.due_at:
                each.running = True
                each.due_at = monotonic + each.period_s
                self._lanes.submit(each.lane, self._once(each))

    @staticmethod
    def _once(each: Round) -> Callable[[], Iterable[Event]]:
        def work() -> Iterable[Event]:
            try:
                yield from each.work()
            finally:
                each.running = False

        return work
