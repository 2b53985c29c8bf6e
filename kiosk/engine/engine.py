"""The loop: an event from the inbox goes through `step`, its effects are carried out, a changed View is shown."""

import logging
import queue
from collections.abc import Callable
from typing import Protocol

from kiosk.core.effects import Effect, SetTrigger
from kiosk.core.events import Event, KeypadPressed, TimePassed, Touched
from kiosk.core.state import Closed, State, Welcome
from kiosk.core.step import step
from kiosk.domain.errors import Broken
from kiosk.engine.clock import Clock
from kiosk.view.models import View
from kiosk.view.steering import steer

TICK_S = 1.0
"""How often time enters as an event: countdowns are shown in whole seconds."""

LINGER_S = 5.0
"""How long after the last touch somebody is still taken to be there: she reads, or the next one steps up."""

_log = logging.getLogger(__name__)


class Hands(Protocol):
    """What carries effects out."""

    def carry_out(self, effect: Effect) -> None: ...

    def failed(self, effect: Effect) -> Event | None:
        """What the core has to hear when an order could not even be begun."""
        ...


class Rounds(Protocol):
    """What is due by the clock: health, lobby, outbox."""

    def due(self, monotonic: float) -> None: ...


class Engine:
    """The only holder of the State. `post` is thread-safe; everything else runs in the thread that calls `run`."""

    def __init__(
        self,
        state: State,
        hands: Hands,
        rounds: Rounds,
        clock: Clock,
        present: Callable[[State], View],
        show: Callable[[View], None],
    ) -> None:
        self._state = state
        self._hands = hands
        self._rounds = rounds
        self._clock = clock
        self._present = present
        self._show = show
        self._inbox: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        self._resting = False
        self._view = present(state)
        show(self._view)

    @property
    def view(self) -> View:
        """The View that is shown now."""
        return self._view

    @property
    def state(self) -> State:
        """The State as it is now, for stories and tests."""
        return self._state

    def post(self, event: Event) -> None:
        """Put a fact into the inbox; from any thread."""
        self._inbox.put(event)

    def stop(self) -> None:
        """Let `run` return after what is in the inbox."""
        self._inbox.put(None)

    def rest(self) -> None:
        """Let `run` return as soon as nobody is at the kiosk; from any thread."""
        self._resting = True

    def run(self) -> None:
        """Serve until stopped; time passes once a second even when nothing happens."""
        while not (self._resting and self._alone):
            try:
                event = self._inbox.get(timeout=TICK_S)
            except queue.Empty:
                self.tick()
                continue
            if event is None:
                return
            self.handle(event)

    @property
    def occupied(self) -> bool:
        """Whether somebody is at the kiosk, or was a moment ago; from any thread."""
        state = self._state
        if isinstance(state.page, Closed):
            return False
        return not isinstance(state.page, Welcome) or self._clock.monotonic() - state.touched < LINGER_S

    @property
    def _alone(self) -> bool:
        """Nobody's journey is under way, and nothing has been said that was not heard."""
        return isinstance(self._state.page, Welcome) and self._state.pending is None and self._inbox.empty()

    def pump(self) -> bool:
        """Handle what waits in the inbox without blocking; say whether there was anything."""
        handled = False
        while not self._inbox.empty():
            event = self._inbox.get()
            if event is not None:
                self.handle(event)
            handled = True
        return handled

    def tick(self) -> None:
        """Let time pass."""
        self._advance()
        self._publish()

    def handle(self, event: Event) -> None:
        """Take one event: time first, then the event, then what it orders."""
        self._advance()
        if isinstance(event, KeypadPressed):
            self._publish()
            event = steer(self._view, event)
        if isinstance(event, Touched) and not self._offered(event.action):
            return
        self._step(event)
        self._publish()

    def _advance(self) -> None:
        self._step(TimePassed(self._clock.now(), self._clock.monotonic()))
        self._rounds.due(self._state.monotonic)

    def _step(self, event: Event) -> None:
        self._state, effects = step(self._state, event)
        # A page that asks for a scan must not be seen while the scanner is still off: who is quick would scan in vain.
        for aim in effects:
            if isinstance(aim, SetTrigger):
                self._carry_out(aim)
        if effects:
            self._publish()
        for effect in effects:
            if not isinstance(effect, SetTrigger):
                self._carry_out(effect)
        if effects:
            self._rounds.due(self._state.monotonic)

    def _carry_out(self, effect: Effect) -> None:
        try:
            self._hands.carry_out(effect)
        except Exception as error:  # noqa: BLE001 - whatever breaks, the citizen's page must not hang and core must live
            _log.error("%s cannot be done: %s", type(effect).__name__, error if isinstance(error, Broken) else
                       f"{type(error).__name__}; report this with the log")  # fmt: skip
            answer = self._hands.failed(effect)
            if answer is not None:
                self.post(answer)

    def _offered(self, action: str) -> bool:
        """The View is the single truth of what may be done: a press on anything else is a press on nothing."""
        self._publish()
        found = self._view.action(action)
        return found is not None and found.enabled

    def _publish(self) -> None:
        view = self._present(self._state)
        if view != self._view:
            self._view = view
            self._show(view)
